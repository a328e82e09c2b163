from django.db import migrations, models

ASSIGNED_ALREADY = "This form is assigned to this unit already; open that assignment and change it."


class Migration(migrations.Migration):
    dependencies = [
        ("entry", "0006_remove_total_of"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="formassignment", name="form_assigned_once_per_unit_and_unit_spoken_of"
        ),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.UniqueConstraint(
                fields=["form", "unit", "speaks_of", "first_month"],
                condition=models.Q(("speaks_of__isnull", False)),
                name="form_begins_once_per_unit_and_unit_spoken_of",
                violation_error_message=ASSIGNED_ALREADY,
            ),
        ),
    ]
