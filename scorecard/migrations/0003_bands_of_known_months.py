from django.db import migrations


def compute_all_again(apps, schema_editor):
    """Bands per year shrink to the months a value knows of; stored scores were judged otherwise."""
    Hospital = apps.get_model("hospitals", "Hospital")
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital=hospital) for hospital in Hospital.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ('hospitals', '0001_initial'),
        ('indicators', '0002_approved'),
        ('scorecard', '0002_approved'),
    ]

    operations = [
        migrations.RunPython(compute_all_again, migrations.RunPython.noop),
    ]
