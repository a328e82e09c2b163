from django.db import migrations


def compute_all_again(apps, schema_editor):
    """Forms went on to expect what was retired, and totals waited for it."""
    Hospital = apps.get_model("hospitals", "Hospital")
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital=hospital) for hospital in Hospital.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ("hospitals", "0001_initial"),
        ("indicators", "0014_parts_above"),
    ]

    operations = [
        migrations.RunPython(compute_all_again, migrations.RunPython.noop),
    ]
