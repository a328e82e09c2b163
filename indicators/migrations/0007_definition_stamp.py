from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_optional_elements")]

    operations = [
        migrations.CreateModel(
            name="DefinitionStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "stamp of the definitions",
                "verbose_name_plural": "stamps of the definitions",
            },
        ),
    ]
