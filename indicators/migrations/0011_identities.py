import datetime

from django.db import migrations, models




def hold_what_held(apps, schema_editor):
    """Until now the identity of the files judged all years. Where figures are stored they go on standing on it,
    so that only what a later release changes is a change."""
    if not apps.get_model("indicators", "IndicatorValue").objects.exists():
        return
    apps.get_model("indicators", "Identity").objects.create(
        code="bed_use",
        indicators=["avlos", "toi", "bor", "bto"],
        slack={"avlos": {"less": "2 * avlos * avlos / days", "more": "1 + 2 * avlos * avlos / days"}},
        implied={
            "avlos": ["toi * bor / (100 - bor)", "days / bto - toi", "days * bor / 100 / bto"],
            "toi": ["avlos * (100 - bor) / bor", "days / bto - avlos", "days * (100 - bor) / 100 / bto"],
            "bor": ["100 * avlos / (avlos + toi)", "100 * avlos * bto / days", "100 - 100 * toi * bto / days"],
            "bto": ["days / (avlos + toi)", "days * bor / 100 / avlos", "days * (100 - bor) / 100 / toi"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0010_earlier_years"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64, verbose_name="code")),
                ("indicators", models.JSONField(help_text="Codes; the earlier ones stand.", verbose_name="indicators")),
                (
                    "implied",
                    models.JSONField(
                        help_text="By indicator, a formula for each pair of others.", verbose_name="implied"
                    ),
                ),
                (
                    "slack",
                    models.JSONField(
                        default=dict, help_text="By indicator, formulas: less and more.", verbose_name="slack"
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(default=datetime.date(1900, 1, 1), verbose_name="valid from"),
                ),
                (
                    "valid_until",
                    models.DateField(
                        help_text="From this day on it holds no longer.", null=True, verbose_name="valid until"
                    ),
                ),
            ],
            options={
                "verbose_name": "identity",
                "verbose_name_plural": "identities",
                "ordering": ["code", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "valid_from"), name="one_identity_per_code_and_day")
                ],
            },
        ),
        migrations.RunPython(hold_what_held, migrations.RunPython.noop),
    ]
