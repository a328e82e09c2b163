from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hospitals", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="hospital",
            name="begins_on",
            field=models.DateField(
                blank=True,
                help_text="The first day of which there are figures; earlier months are refused.",
                null=True,
                verbose_name="figures from",
            ),
        ),
    ]
