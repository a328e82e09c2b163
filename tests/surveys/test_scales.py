"""An administrator changes the scale of an own questionnaire, and everything reckons with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hospitals.models import Hospital, User
from indicators.models import DataValue
from indicators.periods import month_of
from surveys.actions import copy_questionnaire, save_tally
from surveys.answering import Given, NotUnderstoodError, read_given
from surveys.models import Campaign, Questionnaire
from surveys.publishing import publish_marked
from surveys.queries import collect, tally_form
from surveys.reports import report_of
from surveys.tally_files import check_tally
from tests.surveys.conftest import make_campaign
from tests.surveys.people import answer_all
from tests.surveys.scales import edit_fields

FIFTH = {"scale-id_5": "Sempurna", "scale-en_5": "Perfect"}
WITHOUT_FIFTH = {"scale-id_5": "", "scale-en_5": ""}


@pytest.fixture
def own(definitions: None, hospital: Hospital) -> Callable[[str], Questionnaire]:
    """`own("exit_survey")`: a version of RSUD Anggrek that nobody has used."""

    def copy(code: str) -> Questionnaire:
        return copy_questionnaire(
            original=Questionnaire.objects.get(code=code, hospital=None), hospital=hospital
        )

    return copy


@pytest.fixture
def edited(joko: User, as_person: Callable[[User], Client]) -> Callable[..., str]:
    """`edited(own, {...})`: Joko saves the page with these fields; what the page then says."""

    def save(questionnaire: Questionnaire, changes: dict[str, object]) -> str:
        address = f"/hospitals/RSA/surveys/questionnaires/{questionnaire.pk}/edit/"
        page = as_person(joko).post(
            address,
            edit_fields(questionnaire) | changes,
            headers={"accept-language": "en"},
            follow=True,
        )
        questionnaire.refresh_from_db()
        return page.text

    return save


def test_four_answers_become_five(own: Callable, edited: Callable):
    exit_survey = own("exit_survey")
    edited(exit_survey, {**FIFTH, "scale-satisfied_from": 4})
    assert exit_survey.points == 5
    assert exit_survey.scale[4] == {"id": "Sempurna", "en": "Perfect"}
    assert exit_survey.satisfied_from == 4


def test_five_answers_become_four_with_other_words(own: Callable, edited: Callable):
    system = own("information_system")
    page = edited(system, {"scale-id_4": "Bagus", **WITHOUT_FIFTH, "scale-satisfied_from": 3})
    assert "Satisfied from 3 on." in page
    assert [word["id"] for word in system.scale] == ["Sangat buruk", "Buruk", "Cukup", "Bagus"]
    assert system.satisfied_from == 3


def test_the_page_shows_the_scale_as_it_is_and_saving_it_changes_nothing(
    own: Callable, edited: Callable, joko: User, as_person: Callable[[User], Client]
):
    system = own("information_system")
    page = as_person(joko).get(f"/hospitals/RSA/surveys/questionnaires/{system.pk}/edit/").text
    assert re.findall(r'name="scale-satisfied_from" value="(\d)"( checked)?', page) == [
        ("2", ""),
        ("3", ""),
        ("4", " checked"),
        ("5", ""),
    ]
    assert 'value="Sangat baik"' in page
    before = system.scale, system.satisfied_from
    edited(system, {})
    assert (system.scale, system.satisfied_from) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scale-id_5": "Sempurna"}, "Every answer needs its words in both languages."),
        ({"scale-id_3": "", "scale-en_3": ""}, "Every answer needs its words in both languages."),
        ({"scale-id_4": "", "scale-en_4": ""}, "A scale has four or five answers."),
        ({"scale-en_2": "strongly disagree"}, "Two answers have the same words."),
        ({"scale-satisfied_from": 5}, "This answer is not on the scale."),
        ({"scale-satisfied_from": 1}, "Select a valid choice"),
        ({"scale-id_1": "a" * 61}, "at most 60 characters"),
    ],
)
def test_a_scale_that_cannot_be_is_refused_with_the_reason(
    own: Callable, edited: Callable, changes: dict[str, object], sentence: str
):
    exit_survey = own("exit_survey")
    before = exit_survey.scale
    assert sentence in edited(exit_survey, changes)
    assert (exit_survey.scale, exit_survey.satisfied_from) == (before, 3)


def test_the_skm_keeps_its_four_answers_but_not_its_words(own: Callable, edited: Callable):
    """Its index is 25 times the mean of answers from 1 to 4; on five it would pass 100."""
    skm = own("skm")
    assert "their number cannot" in edited(skm, {**FIFTH})
    assert skm.points == 4
    edited(skm, {"scale-en_4": "Splendid"})
    assert skm.scale[3]["en"] == "Splendid"


def test_a_version_in_use_keeps_its_scale(own: Callable, edited: Callable, hospital: Hospital):
    exit_survey = own("exit_survey")
    make_campaign(hospital, exit_survey)
    assert "never changes" in edited(exit_survey, FIFTH)
    assert exit_survey.points == 4


@pytest.fixture
def on_five(own: Callable, edited: Callable, hospital: Hospital) -> Campaign:
    """The exit survey on five points, satisfied from 4 on, open today."""
    questionnaire = own("exit_survey")
    edited(questionnaire, {**FIFTH, "scale-satisfied_from": 4})
    return make_campaign(hospital, questionnaire, name="Lima")


def test_answers_go_up_to_five_and_no_further(on_five: Campaign):
    assert read_given({"answers": {"q1": [5, 5]}}, on_five.questionnaire) == Given(answers={"q1": (5, 5)})
    with pytest.raises(NotUnderstoodError):
        read_given({"answers": {"q1": [6, 5]}}, on_five.questionnaire)


def test_the_pages_offer_five_answers(on_five: Campaign, ani: User, as_person: Callable[[User], Client]):
    public = Client().get(f"/s/{on_five.link_token}/?lang=en").text
    assert public.count("<span>Perfect</span>") == 10, "five items, both sides"
    base = f"/hospitals/RSA/surveys/{on_five.pk}/"
    assert 'data-points="5"' in as_person(ani).get(f"{base}paper/").text
    assert 'name="q5-5-expectation"' in as_person(ani).get(f"{base}tally/").text


def test_a_file_of_paper_forms_may_hold_fives(
    on_five: Campaign, ani: User, as_person: Callable[[User], Client]
):
    columns = ",".join(f"q{n}_{side}" for n in range(1, 6) for side in ("reality", "expectation"))
    today = timezone.localdate().isoformat()
    for answer, status, stored in ((6, 422, 0), (5, 302, 1)):
        file = SimpleUploadedFile("f.csv", f"{columns}\n{','.join([str(answer)] * 10)}\n".encode())
        page = as_person(ani).post(
            f"/hospitals/RSA/surveys/{on_five.pk}/paper/upload/", {"file": file, "day": today}
        )
        assert (page.status_code, on_five.responses.count()) == (status, stored)


def test_analysis_and_publishing_reckon_with_five(on_five: Campaign, hospital: Hospital):
    """Ten people, reality 4 and expectation 5: conformity 80, and 80 % of the best answer."""
    answer_all(on_five, 10, reality=4, expectation=5)
    report = report_of(on_five, segment=None, siblings=[], with_comments=False)
    assert report.summary.overall.conformity_percent == pytest.approx(80)
    assert report.summary.csi_percent == pytest.approx(80)
    assert len(report.charts[-1].table.head) == 6, "an item and five answers"
    publish_marked(campaign_id=on_five.pk)
    stored = dict(DataValue.objects.values_list("element__code", "value"))
    assert stored == {
        "exit_survey_respondents": 10,
        "exit_survey_reality_weight": 10 * 5 * 4,
        "exit_survey_expectation_weight": 10 * 5 * 5,
    }


def test_a_tally_may_hold_fives(on_five: Campaign, ani: User):
    cells = [(1, {"item": "q1", "answer": "5", "expectation_count": "7", "reality_count": "7"})]
    tally = check_tally(cells, tally_form(on_five.questionnaire))
    assert not tally.bad
    month = month_of(timezone.localdate())
    save_tally(campaign=on_five, unit=on_five.unit, period=month, tally=tally, by=ani)
    assert DataValue.objects.get(element__code="exit_survey_reality_weight").value == 35


def test_each_answer_is_satisfied_by_the_version_it_was_given_to(
    own: Callable, edited: Callable, hospital: Hospital
):
    """On the shipped scale 3 of 4 is satisfied, on the new one only 4 of 5 is."""
    old = make_campaign(hospital, "employee_satisfaction")
    questionnaire = own("employee_satisfaction")
    edited(questionnaire, {**FIFTH, "scale-satisfied_from": 4})
    new = make_campaign(hospital, questionnaire)
    answer_all(old, 5, reality=3)
    answer_all(new, 5, reality=3, first=10)
    publish_marked(campaign_id=old.pk)
    publish_marked(campaign_id=new.pk)
    stored = dict(DataValue.objects.values_list("element__code", "value"))
    assert (stored["employee_answers"], stored["employee_satisfied_answers"]) == (200, 100)
    report = report_of(new, segment=None, siblings=[old, new], with_comments=False)
    assert report.summary.overall.satisfied_percent == 0


def test_scales_are_not_mixed_and_what_is_left_out_is_said(
    on_five: Campaign, exit_survey: Campaign, hospital: Hospital
):
    answer_all(exit_survey, 6)
    assert collect([exit_survey, on_five]).questionnaire == exit_survey.questionnaire, "nobody answered yet"
    answer_all(on_five, 5, reality=5, expectation=5, first=10)
    out, errors = StringIO(), StringIO()
    call_command(
        "survey_analysis",
        hospital="RSA",
        questionnaire="exit_survey",
        as_json=True,
        stdout=out,
        stderr=errors,
    )
    assert json.loads(out.getvalue())["respondents"] == 5
    assert "1" in errors.getvalue()
