"""Loading planned hospitals through the same doors every other number comes through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from demo.plan import CampaignPlan, Fact, HospitalPlan, TallyPlan
from demo.published import published_hospitals
from demo.synthetic import SYNTHETIC_CODE, make_hospital
from entry.actions.duties import assign_form
from entry.models import Form, Scope
from entry.value_files import ABSENT, Names
from hospitals.actions import add_unit, create_hospital
from hospitals.models import Hospital, Unit
from indicators.actions import NewValue, save_values
from indicators.answers import Answer
from indicators.models import Standard, StandardChoice, Status
from indicators.periods import Period
from indicators.totals import sum_of_parts
from surveys.actions import campaign_of_year, open_campaign, save_tally
from surveys.answering import Given, save_answers
from surveys.models import Campaign, Questionnaire
from surveys.publishing import publish_marked
from surveys.tally_files import Tally

WHY = "demonstration data"


def load_missing_hospitals(last_month: Period) -> list[Hospital]:
    """Load the demo hospitals that are not there; one that is stays as people have left it.

    The made-up hospital's figures end with `last_month` of the day it is loaded.
    """
    known = set(Hospital.objects.values_list("code", flat=True))
    plans = [plan for plan in published_hospitals() if plan.code not in known]
    if SYNTHETIC_CODE not in known:
        plans.append(make_hospital(last_month))
    return [load_hospital(plan) for plan in plans]


@transaction.atomic
def load_hospital(plan: HospitalPlan) -> Hospital:
    """Make the hospital with its tree, its choice of standard and its values. Definitions must be synced.

    Raises ValidationError when the code is taken, ValueRefusedError when a value cannot be true.
    """
    hospital = create_hospital(
        code=plan.code, name=plan.name, kind=plan.kind, city=plan.city, is_synthetic=plan.is_synthetic
    )
    units = {"": hospital.root}
    for position, unit in enumerate(plan.units):
        units[unit.code] = add_unit(
            parent=units[unit.parent],
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            opened_on=unit.opened_on,
            position=position,
        )
    StandardChoice.objects.create(hospital=hospital, standard=Standard.objects.get(code=plan.standard))
    names = Names.of(hospital)
    by_note: dict[str, list[NewValue]] = {}
    values = [(fact.note, _new_value(fact, names, units[""])) for fact in plan.facts]
    follow = _following([value for _note, value in values], plan) if plan.is_synthetic else set()
    for note, value in values:
        if _place(value) not in follow:
            by_note.setdefault(note, []).append(value)
    for note, typed in by_note.items():
        save_values(typed, by=None, why=note or WHY)
    for tally in plan.tallies:
        _load_tally(hospital, tally)
    for campaign in plan.campaigns:
        _load_campaign(names, campaign)
    for form in plan.forms:
        assign_form(
            form=Form.objects.get(hospital=None, code=form.form),
            unit=names.units[form.unit],
            first_month=form.first_month,
            scope=Scope.THIS_UNIT if form.only else Scope.BELOW,
            speaks_of=hospital.root if form.of_hospital else None,
            not_kept=form.not_kept,
        )
    return hospital


def _place(value: NewValue) -> tuple[int, str, Period]:
    return value.unit.pk, value.element.code, value.period


def _following(values: Sequence[NewValue], plan: HospitalPlan) -> set[tuple[int, str, Period]]:
    """Unit id, code and period of totals that nobody had to type: they are the sum of the parts that the
    unit keeps, which is said from the first month of its form on."""
    given = {_place(v): v for v in values}
    not_kept = {form.unit: form for form in plan.forms if form.not_kept}
    found = set()
    for (unit, code, period), v in given.items():
        form = not_kept.get(v.unit.code)
        without = form.not_kept if form is not None and form.first_month.start <= period.start else ()
        kept = [part for part in v.element.parts if part not in without]
        parts = {
            part: Answer(given[unit, part, period].value, given[unit, part, period].status)
            for part in kept
            if (unit, part, period) in given
        }
        if kept and sum_of_parts(parts, kept) == (v.value, v.status):
            found.add((unit, code, period))
    return found


def _load_tally(hospital: Hospital, plan: TallyPlan) -> None:
    questionnaire = Questionnaire.objects.filter(hospital=None, code=plan.questionnaire).latest("version")
    campaign = campaign_of_year(
        hospital=hospital, questionnaire=questionnaire, segment=plan.segment, year=plan.year
    )
    save_tally(
        campaign=campaign,
        unit=hospital.root,
        period=Period.of_year(plan.year),
        tally=Tally(lines=list(plan.lines), respondents=plan.respondents),
        segment=plan.segment,
        by=None,
    )


def _load_campaign(names: Names, plan: CampaignPlan) -> None:
    """Open the campaign and let its people answer, as if from their phones."""
    campaign = Campaign.objects.create(
        questionnaire=Questionnaire.objects.filter(hospital=None, code=plan.questionnaire).latest("version"),
        unit=names.units[plan.unit],
        name=plan.name,
        segment=plan.segment,
        starts_on=plan.first_month.start,
        ends_on=plan.last_month.end,
        population=plan.population,
        target_sample=plan.target_sample,
    )
    campaign.units.set([names.units[code] for code in plan.units])
    open_campaign(campaign=campaign)
    campaign.refresh_from_db()
    codes = list(campaign.questionnaire.items.values_list("code", flat=True))
    last_day = max(plan.first_month.start, min(timezone.localdate(), plan.first_month.end))
    for number, person in enumerate(plan.respondents):
        days = round(person.share_of_days * (last_day - plan.first_month.start).days)
        given = Given(
            answers={code: pair for code, pair in zip(codes, person.answers, strict=True) if pair},
            unit_code=person.unit,
            characteristics=person.characteristics,
            comment=person.comment,
            submit=True,
        )
        save_answers(
            campaign=campaign,
            given=given,
            key=f"demo-{number:035}",
            today=plan.first_month.start + dt.timedelta(days=days),
        )
    publish_marked(campaign_id=campaign.pk)


def _new_value(fact: Fact, names: Names, root: Unit) -> NewValue:
    return NewValue(
        unit=names.units[fact.unit] if fact.unit else root,
        element=names.elements[fact.element],
        period=fact.period,
        value=fact.value,
        status=ABSENT[fact.absent] if fact.absent else Status.REPORTED,
    )
