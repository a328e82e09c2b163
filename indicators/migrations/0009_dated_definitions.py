"""Retiring is from a day on, and what files change leaves closed years as they are."""

import datetime as dt

import django.db.models.deletion
from django.db import migrations, models

#: What was retired without a day was nowhere to be seen any more.
ALWAYS = dt.date(1900, 1, 1)


def give_a_day(apps, schema_editor):
    for name in ("DataElement", "Indicator"):
        apps.get_model("indicators", name).objects.filter(retired=True).update(retired_from=ALWAYS)


def take_the_day_away(apps, schema_editor):
    for name in ("DataElement", "Indicator"):
        apps.get_model("indicators", name).objects.exclude(retired_from=None).update(retired=True)


def retired_from():
    return models.DateField(
        blank=True,
        help_text="From this day on it is no longer offered or computed; what was before stays.",
        null=True,
        verbose_name="retired from",
    )


def shipped_day():
    return models.DateField(editable=False, null=True, verbose_name="shipped with the day")


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_confirmations")]

    operations = [
        migrations.AddField("dataelement", "retired_from", retired_from()),
        migrations.AddField("indicator", "retired_from", retired_from()),
        migrations.RunPython(give_a_day, take_the_day_away),
        migrations.RemoveField("dataelement", "retired"),
        migrations.RemoveField("indicator", "retired"),
        migrations.AddField("indicatorformula", "shipped_day", shipped_day()),
        migrations.AddField("referencerange", "shipped_day", shipped_day()),
        migrations.AddField(
            "referencerange",
            "valid_until",
            models.DateField(
                editable=False,
                help_text="From this day on it holds no longer.",
                null=True,
                verbose_name="valid until",
            ),
        ),
        migrations.CreateModel(
            name="FormerDecimals",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("decimals", models.PositiveSmallIntegerField(verbose_name="decimals shown")),
                ("until", models.DateField(verbose_name="before this day")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_decimals",
                        to="indicators.indicator",
                        verbose_name="indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "former decimals",
                "verbose_name_plural": "former decimals",
                "ordering": ["indicator", "until"],
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "until"), name="former_decimals_once_per_day")
                ],
            },
        ),
    ]
