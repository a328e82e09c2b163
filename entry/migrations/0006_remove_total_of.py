from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("entry", "0005_totals_follow"),
    ]

    operations = [
        migrations.RemoveField(model_name="formelement", name="total_of"),
    ]
