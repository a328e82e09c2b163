import django.core.validators
from django.db import migrations, models


def compute_all_again(apps, schema_editor):
    """How much of the weight is known was not stored before, and verdicts were given on any of it; an
    indicator without a range counted as unknown, and one outside its range could be called good."""
    Hospital = apps.get_model("hospitals", "Hospital")
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital=hospital) for hospital in Hospital.objects.all())


class Migration(migrations.Migration):

    dependencies = [
        ('hospitals', '0001_initial'),
        ('indicators', '0005_steps_closed'),
        ('scorecard', '0003_bands_of_known_months'),
    ]

    operations = [
        migrations.AddField(
            model_name='template',
            name='known_at_least',
            field=models.FloatField(default=0.5, help_text='Share of the weight, 0 to 1: with less than this known there is a score and no verdict.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='known at least'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(condition=models.Q(('known_at_least__gte', 0), ('known_at_least__lte', 1)), name='known_at_least_is_a_share'),
        ),
        migrations.AddField(
            model_name='score',
            name='known_weight',
            field=models.FloatField(default=0, verbose_name='share of the weight that is known'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='approvedscore',
            name='known_weight',
            field=models.FloatField(default=0, verbose_name='share of the weight that is known'),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='score',
            name='verdict',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Poor'), (2, 'Fairly good'), (3, 'Good')], null=True, verbose_name='verdict'),
        ),
        migrations.RunPython(compute_all_again, migrations.RunPython.noop),
    ]
