"""Totals belong to the elements and are no longer stored where they follow from their parts.

A form stored the sum of whichever parts were given. Where a unit never gave some of the parts, and its
totals are the sum of the others, it does not keep those: that is now said where the form is assigned. A
stored total that a form computed, from all the parts that the unit keeps, is taken away with a line of
history; any other stays, as typed.
"""

from collections import defaultdict

from django.db import migrations
from django.utils import timezone

#: Totals that are shipped; the definition files say the same.
SHIPPED = {
    "deaths_under_48h": ["deaths_under_48h_men", "deaths_under_48h_women"],
    "deaths_48h_or_more": ["deaths_48h_or_more_men", "deaths_48h_or_more_women"],
    "patient_days": [
        "patient_days_vvip",
        "patient_days_vip",
        "patient_days_class_1",
        "patient_days_class_2",
        "patient_days_class_3",
        "patient_days_special",
    ],
    "outpatient_visits": ["new_visits", "returning_visits"],
    "complaints": [
        "complaints_medical",
        "complaints_nursing",
        "complaints_administration",
        "complaints_other",
    ],
    "revenue": [
        "revenue_inpatient_care",
        "revenue_outpatient_care",
        "revenue_emergency_care",
        "revenue_operating_theatre",
        "laboratory",
        "radiology",
        "pharmacy",
        "blood_bank",
        "revenue_other",
    ],
    "expense": [
        "expense_personnel",
        "expense_medical_fees",
        "expense_medicines_and_consumables",
        "expense_food",
        "expense_utilities",
        "expense_maintenance",
        "expense_administration",
        "expense_education_and_training",
        "depreciation",
        "expense_other",
    ],
}
REPORTED, NOT_COLLECTED = 0, 2
ROUNDING = 0.001


def let_totals_follow(apps, schema_editor):
    FormElement = apps.get_model("entry", "FormElement")
    rows = FormElement.objects.exclude(total_of=[]).select_related("element", "form")
    totals = list(rows.order_by("form", "section__position", "position"))
    _declare_parts(apps, totals)
    touched = set()
    for total in totals:
        parts = [code for code in total.total_of if code in total.element.parts]
        for unit, assignment in _units_filling(apps, total.form) if parts else ():
            if _let_follow(apps, total, parts, unit, assignment):
                touched.add(unit.hospital_id)
    RecomputeMark = apps.get_model("indicators", "RecomputeMark")
    RecomputeMark.objects.bulk_create(RecomputeMark(hospital_id=hospital_id) for hospital_id in sorted(touched))


def _declare_parts(apps, totals):
    DataElement = apps.get_model("indicators", "DataElement")
    for code, parts in SHIPPED.items():
        DataElement.objects.filter(hospital=None, code=code).update(parts=parts)
    declared = defaultdict(list)
    for total in totals:
        own = declared[total.element_id]
        own.extend(code for code in total.total_of if code not in own)
    for total in totals:
        if total.element.hospital_id is None:
            total.element.parts = SHIPPED.get(total.element.code, [])
        else:
            total.element.parts = declared[total.element_id]
            DataElement.objects.filter(pk=total.element_id).update(parts=total.element.parts)


def _units_filling(apps, form):
    """Units that fill in the form, each with the assignment that says so: the nearest one decides."""
    Unit = apps.get_model("hospitals", "Unit")
    rows = apps.get_model("entry", "FormAssignment").objects.filter(form=form)
    assignments = {assignment.unit_id: assignment for assignment in rows}
    hospitals = Unit.objects.filter(pk__in=assignments).values("hospital")
    units = {unit.pk: unit for unit in Unit.objects.filter(hospital__in=hospitals)}
    for unit in units.values():
        node = unit
        while node is not None:
            found = assignments.get(node.pk)
            if found is not None and (found.scope != "this_unit" or node is unit):
                if found.scope == "this_unit" or (found.scope == "below" and unit.kind in form.unit_kinds):
                    yield unit, found
                break
            node = units.get(node.parent_id)


def _let_follow(apps, total, parts, unit, assignment):
    """Whether anything of one unit and total changed."""
    DataValue = apps.get_model("indicators", "DataValue")
    stored = {row.period: row for row in DataValue.objects.filter(unit=unit, element=total.element)}
    if not stored:
        return False
    given = defaultdict(dict)
    for row in DataValue.objects.filter(unit=unit, element__code__in=parts).select_related("element"):
        given[row.period][row.element.code] = row
    ever = {code for answers in given.values() for code in answers}
    kept = [code for code in parts if code in ever]
    follows = [
        row for period, row in stored.items() if _is_sum(row, given[period], kept) and _by_form(apps, row)
    ]
    never = [code for code in parts if code not in ever]
    if not follows or (never and not _say_not_kept(apps, total.form, unit, assignment, never)):
        return False
    for row in follows:
        _take_away(apps, row)
    return True


def _is_sum(row, answers, kept):
    if row.status != REPORTED or not kept or any(code not in answers for code in kept):
        return False
    if any(answers[code].status == NOT_COLLECTED for code in kept):
        return False
    numbers = [answers[code].value for code in kept if answers[code].value is not None]
    return bool(numbers) and abs(sum(numbers) - row.value) <= ROUNDING


def _by_form(apps, row):
    """Whether a form or its workbook stored it last: what came in another way was given as such."""
    History = apps.get_model("indicators", "HistoricalDataValue")
    last = History.objects.filter(id=row.pk).order_by("-history_date", "-history_id").first()
    return last is not None and (last.history_change_reason or "").startswith(("form ", "file "))


def _say_not_kept(apps, form, unit, assignment, never):
    """Whether it could be said: the assignment is the unit's own, or it gets one that is."""
    FormAssignment = apps.get_model("entry", "FormAssignment")
    own = FormAssignment.objects.filter(form=form, unit=unit).first()
    if own is not None and own.scope != "this_unit":
        return False
    if own is None:
        own = FormAssignment(
            form=form,
            unit=unit,
            scope="this_unit",
            first_month=assignment.first_month,
            last_month=assignment.last_month,
        )
    own.not_kept = [*own.not_kept, *(code for code in never if code not in own.not_kept)]
    own.save()
    return True


def _take_away(apps, row):
    apps.get_model("indicators", "HistoricalDataValue").objects.create(
        id=row.pk,
        unit_id=row.unit_id,
        element_id=row.element_id,
        period=row.period,
        value=row.value,
        status=row.status,
        history_type="-",
        history_date=timezone.now(),
        history_change_reason="parts",
    )
    row.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("entry", "0004_of_whom_and_what_is_kept"),
    ]

    operations = [
        migrations.RunPython(let_totals_follow, migrations.RunPython.noop),
    ]
