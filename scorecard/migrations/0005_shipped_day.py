from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scorecard", "0004_known_weight")]

    operations = [
        migrations.AddField(
            model_name="template",
            name="shipped_day",
            field=models.DateField(editable=False, null=True, verbose_name="shipped with the day"),
        ),
    ]
