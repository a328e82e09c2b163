"""Whatever an administrator edits, closed years stay unless it is said by name that they are to follow.

Ward Melati has 5.04 of 100 in March of 2024, 2025 and 2026; today is 27 November 2026. The rate is 5.0 %: at
most 5 % is ideal, so it has 100 points; where at most 1 % is ideal and 9 % the worst, half of the way: 50.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from hospitals.models import Hospital, Unit
from indicators.closed_years import in_words
from indicators.models import (
    DataElement,
    Indicator,
    IndicatorFormula,
    IndicatorValue,
    ReferenceRange,
    Standard,
    StandardChoice,
)
from indicators.periods import Period
from tests.indicators.admin_pages import errors
from tests.indicators.test_closed_years import (
    FIRST_OPEN_DAY,
    TODAY,
    _in_november,  # noqa: F401 - holds in all tests of this file
    of_closed_years,
    scored,  # noqa: F401 - a fixture
)
from tests.scorecard.test_incremental import rows_from_scratch, stored_rows

STRICT = {"ideal_high": "1", "worst_high": "9"}


@pytest.fixture
def own(scored: Hospital) -> Indicator:  # noqa: F811
    """The same rate as an indicator of the hospital's own, with a range of its own."""
    shown = {"name_en": "Own", "name_id": "Sendiri", "unit_of_measure": "%", "decimals": 1}
    result = DataElement.objects.create(
        hospital=scored, code="own", over_time="last", over_units="none", is_as_reported=True, **shown
    )
    made = Indicator.objects.create(
        hospital=scored,
        code="own",
        as_reported=result,
        perspective="internal_process",
        direction="lower",
        **shown,
    )
    IndicatorFormula.objects.create(indicator=made, expression="100 * cases / patients")
    ReferenceRange.objects.create(indicator=made, unit=scored.root, ideal_high=5, worst_high=10)
    rows_from_scratch(scored, TODAY)
    return made


def change_of(own: Indicator) -> dict:
    """What the page of the indicator sends when nothing is changed."""
    same = ("code", "name_en", "name_id", "unit_of_measure", "decimals", "perspective", "direction")
    return {name: getattr(own, name) for name in same} | {
        "hospital": own.hospital_id,
        "position": 0,
        "retired_from": "",
        "formulas-INITIAL_FORMS": "1",
        "formulas-TOTAL_FORMS": "1",
        "formulas-0-id": own.formulas.earliest("valid_from").pk,
        "formulas-0-indicator": own.pk,
    }


def send(page: Client, editor: str, hospital: Hospital, choice: str) -> object:
    """One change that reaches back into 2024, made with an editor, and what was chosen about that."""
    address, prefix = f"/admin/indicators/{editor.split()[0]}/add/", ""
    match editor:
        case "referencerange":
            rate = Indicator.objects.get(code="rate")
            said = STRICT | {"indicator": rate.pk, "unit": hospital.root.pk, "valid_from": "2024-01-01"}
        case "standardchoice":
            standard = Standard.objects.create(code="stricter", name_en="Stricter", name_id="Ketat")
            rate = Indicator.objects.get(code="rate")
            ReferenceRange.objects.create(indicator=rate, standard=standard, ideal_high=1, worst_high=9)
            rows_from_scratch(hospital, TODAY)
            said = {"hospital": hospital.pk, "standard": standard.pk, "valid_from": "2024-01-01"}
        case "indicator new":
            made = change_of(Indicator.objects.get(code="own")) | {"code": "meals", "name_en": "Meals"}
            del made["formulas-0-id"], made["formulas-0-indicator"]
            said = made | {"formulas-INITIAL_FORMS": "0", "formulas-0-expression": "cases * 2"}
            said["formulas-0-valid_from"] = "2024-01-01"
            prefix = "formulas-0-"
        case _:
            own = Indicator.objects.get(code="own")
            address = f"/admin/indicators/indicator/{own.pk}/change/"
            said = change_of(own)
            match editor:
                case "indicator formula":
                    said |= {"formulas-TOTAL_FORMS": "2", "formulas-1-indicator": own.pk}
                    said |= {"formulas-1-expression": "90 * cases / patients"}
                    said |= {"formulas-1-valid_from": "2024-01-01"}
                    prefix = "formulas-1-"
                case "indicator decimals":
                    said["decimals"] = 2
                case "indicator retired":
                    said["retired_from"] = "2024-01-01"
    before = stored_rows(hospital)
    answer = page.post(address, said | {f"{prefix}closed_years": choice})
    return answer, before


EDITORS = [
    "referencerange",
    "standardchoice",
    "indicator new",
    "indicator formula",
    "indicator decimals",
    "indicator retired",
]


@pytest.mark.parametrize("editor", EDITORS)
def test_what_reaches_into_closed_years_asks_by_their_names_first(
    editor: str, page: Client, own: Indicator
) -> None:
    answer, before = send(page, editor, own.hospital, "")
    assert "Closed years have figures: 2024 and 2025." in errors(answer)
    text = answer.content.decode()
    assert "Judge 2024 and 2025 anew under this" in text
    assert "Leave 2024 and 2025 as before: this holds from 1 January 2026 on" in text
    assert rows_from_scratch(own.hospital, TODAY) == before


@pytest.mark.parametrize("editor", EDITORS)
def test_left_as_they_are_they_stay_and_this_year_follows(editor: str, page: Client, own: Indicator) -> None:
    answer, before = send(page, editor, own.hospital, "keep")
    assert answer.status_code == 302, errors(answer)
    after = rows_from_scratch(own.hospital, TODAY)
    assert of_closed_years(after) == of_closed_years(before)
    assert after != before


@pytest.mark.parametrize("editor", EDITORS)
def test_said_by_name_they_are_judged_anew(editor: str, page: Client, own: Indicator) -> None:
    answer, before = send(page, editor, own.hospital, "anew")
    assert answer.status_code == 302, errors(answer)
    after = rows_from_scratch(own.hospital, TODAY)
    assert of_closed_years(after) != of_closed_years(before)


def test_a_range_holds_from_the_day_that_was_chosen(page: Client, own: Indicator, melati: Unit) -> None:
    def points() -> list[float]:
        rows_from_scratch(own.hospital, TODAY)
        rows = IndicatorValue.objects.filter(unit=melati, indicator__code="rate")
        return [rows.get(period=Period.month(year, 3)).score for year in (2024, 2025, 2026)]

    assert points() == [100, 100, 100]
    send(page, "referencerange", own.hospital, "keep")
    made = ReferenceRange.objects.get(indicator__code="rate", unit=own.hospital.root)
    assert made.valid_from == FIRST_OPEN_DAY
    assert points() == [100, 100, 50]
    made.delete()
    send(page, "referencerange", own.hospital, "anew")
    made = ReferenceRange.objects.get(indicator__code="rate", unit=own.hospital.root)
    assert made.valid_from == dt.date(2024, 1, 1)
    assert points() == [50, 50, 50]


def test_a_day_in_this_year_or_a_hospital_without_figures_asks_nothing(
    page: Client, own: Indicator, melati: Unit
) -> None:
    rate = Indicator.objects.get(code="rate")
    said = STRICT | {"indicator": rate.pk, "unit": melati.pk, "valid_from": "2026-03-01"}
    assert page.post("/admin/indicators/referencerange/add/", said).status_code == 302
    own.hospital.computation.delete()
    choice = {"hospital": own.hospital_id, "standard": Standard.objects.get().pk, "valid_from": "2024-01-01"}
    assert page.post("/admin/indicators/standardchoice/add/", choice).status_code == 302
    assert StandardChoice.objects.get().valid_from == dt.date(2024, 1, 1)


def test_what_was_retired_in_a_closed_year_comes_back_into_it_only_by_name(
    page: Client, own: Indicator
) -> None:
    Indicator.objects.filter(pk=own.pk).update(retired_from=dt.date(2025, 1, 1))
    address = f"/admin/indicators/indicator/{own.pk}/change/"
    said = change_of(own)
    assert "Judge 2025 anew" in page.post(address, said).content.decode()
    assert "choose a day from 1 January 2026 on" in errors(
        page.post(address, said | {"closed_years": "keep"})
    )
    assert page.post(address, said | {"closed_years": "anew"}).status_code == 302
    own.refresh_from_db()
    assert own.retired_from is None


def test_years_are_named_one_by_one_or_from_the_first_to_the_last() -> None:
    assert in_words(range(2024, 2025)) == "2024"
    assert in_words(range(2009, 2026)) == "2009–2025"
