import django.db.models.deletion
from django.db import migrations, models

ASSIGNED_ALREADY = "This form is assigned to this unit already; open that assignment and change it."


class Migration(migrations.Migration):
    dependencies = [
        ("entry", "0003_reminders_of_approval"),
        ("hospitals", "0001_initial"),
        ("indicators", "0004_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="formassignment",
            name="not_kept",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="They are not asked for, and the total does not wait for them: a ward without class III.",
                verbose_name="parts that are not kept",
            ),
        ),
        migrations.AddField(
            model_name="formassignment",
            name="speaks_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The unit whose numbers they are; empty: of the unit that fills it in.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="told_by_assignments",
                to="hospitals.unit",
                verbose_name="speaks of",
            ),
        ),
        migrations.AlterField(
            model_name="formassignment",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="form_assignments",
                to="hospitals.unit",
                verbose_name="filled in by",
            ),
        ),
        migrations.RemoveConstraint(model_name="formassignment", name="form_assigned_once_per_unit"),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.UniqueConstraint(
                fields=["form", "unit"],
                condition=models.Q(("speaks_of__isnull", True)),
                name="form_assigned_once_per_unit",
                violation_error_message=ASSIGNED_ALREADY,
            ),
        ),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.UniqueConstraint(
                fields=["form", "unit", "speaks_of"],
                condition=models.Q(("speaks_of__isnull", False)),
                name="form_assigned_once_per_unit_and_unit_spoken_of",
                violation_error_message=ASSIGNED_ALREADY,
            ),
        ),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("speaks_of__isnull", True), ("scope", "this_unit"), _connector="OR"),
                name="one_unit_speaks_of_another",
                violation_error_message="Only one unit can speak of another: choose “this unit only”.",
            ),
        ),
    ]
