from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0004_parts'),
    ]

    operations = [
        migrations.AddField(
            model_name='referencerange',
            name='steps_closed',
            field=models.CharField(blank=True, choices=[('', 'the one with more points'), ('below', 'the upper one (from ≤ value < to)'), ('above', 'the lower one (from < value ≤ to)')], default='', max_length=5, verbose_name='a value between two steps belongs to'),
        ),
    ]
