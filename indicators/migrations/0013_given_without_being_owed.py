from django.db import migrations


def compute_all_again(apps, schema_editor):
    """What was given without being owed, and does not count, was not missing before: a figure that left it
    out was called complete."""
    Hospital = apps.get_model("hospitals", "Hospital")
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital=hospital) for hospital in Hospital.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ("hospitals", "0001_initial"),
        ("indicators", "0012_kept_answers"),
    ]

    operations = [
        migrations.RunPython(compute_all_again, migrations.RunPython.noop),
    ]
