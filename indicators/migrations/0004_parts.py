from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_left_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataelement",
            name="parts",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Codes of its parts: where they are known their sum is the total, unless it was typed.",
                verbose_name="total of",
            ),
        ),
    ]
