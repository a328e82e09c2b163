from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0005_steps_closed")]

    operations = [
        migrations.AddField(
            model_name="dataelement",
            name="optional",
            field=models.BooleanField(
                default=False,
                help_text="An amount that many hospitals do not have: no sum may depend on it.",
                verbose_name="optional",
            ),
        ),
    ]
