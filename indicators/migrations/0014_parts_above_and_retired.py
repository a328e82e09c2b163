from django.db import migrations


def compute_all_again(apps, schema_editor):
    """Some parts given at a unit stood for the whole total of units below it that keep other parts; and forms
    went on to expect what was retired, and totals waited for it."""
    Hospital = apps.get_model("hospitals", "Hospital")
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital=hospital) for hospital in Hospital.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ("hospitals", "0001_initial"),
        ("indicators", "0013_given_without_being_owed"),
    ]

    operations = [
        migrations.RunPython(compute_all_again, migrations.RunPython.noop),
    ]
