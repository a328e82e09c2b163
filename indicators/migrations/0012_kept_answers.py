from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0011_identities"),
    ]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="agreement",
            field=models.CharField(max_length=80, verbose_name="what hangs together"),
        )
        for name in ("confirmedresults", "historicalconfirmedresults")
    ]
