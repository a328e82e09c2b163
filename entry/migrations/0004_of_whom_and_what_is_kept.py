import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ASSIGNED_ALREADY = "This form is assigned to this unit already; open that assignment and change it."


class Migration(migrations.Migration):
    dependencies = [
        ("entry", "0003_reminders_of_approval"),
        ("hospitals", "0001_initial"),
        ("indicators", "0004_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="formassignment",
            name="not_kept",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="They are not asked for, and the total does not wait for them: a ward without class III.",
                verbose_name="parts that are not kept",
            ),
        ),
        migrations.AddField(
            model_name="formassignment",
            name="speaks_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The unit whose numbers they are; empty: of the unit that fills it in.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="told_by_assignments",
                to="hospitals.unit",
                verbose_name="speaks of",
            ),
        ),
        migrations.AlterField(
            model_name="formassignment",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="form_assignments",
                to="hospitals.unit",
                verbose_name="filled in by",
            ),
        ),
        migrations.RemoveConstraint(model_name="formassignment", name="form_assigned_once_per_unit"),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.UniqueConstraint(
                fields=["form", "unit"],
                condition=models.Q(("speaks_of__isnull", True)),
                name="form_assigned_once_per_unit",
                violation_error_message=ASSIGNED_ALREADY,
            ),
        ),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.UniqueConstraint(
                fields=["form", "unit", "speaks_of"],
                condition=models.Q(("speaks_of__isnull", False)),
                name="form_assigned_once_per_unit_and_unit_spoken_of",
                violation_error_message=ASSIGNED_ALREADY,
            ),
        ),
        migrations.AddConstraint(
            model_name="formassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("speaks_of__isnull", True), ("scope", "this_unit"), _connector="OR"),
                name="one_unit_speaks_of_another",
                violation_error_message="Only one unit can speak of another: choose “this unit only”.",
            ),
        ),
        migrations.CreateModel(
            name='HistoryMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('elements', models.JSONField(default=list, verbose_name='data elements')),
                ('values', models.PositiveIntegerField(default=0, verbose_name='numbers moved')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='entry.form', verbose_name='form')),
                ('from_unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hospitals.unit', verbose_name='from unit')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hospitals.unit', verbose_name='to unit')),
            ],
            options={
                'verbose_name': 'move of history',
                'verbose_name_plural': 'moves of history',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='history_moves_to_another_unit', violation_error_message='Choose another unit to move to.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_move_has_a_reason')],
            },
        ),
    ]
