"""Surveys of the past, by every way in: refused before the hospital began, asked far before all else."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from hospitals.models import Hospital, Unit, User
from indicators.actions import NewValue, ValueRefusedError, save_values
from indicators.models import DataElement, DataValue
from indicators.periods import Period
from surveys.first_months import check_period
from surveys.models import Campaign, PublishMark, Response, Source, TallySheet
from surveys.publishing import publish_marked
from tests.entry.test_first_months import begin
from tests.surveys.conftest import make_campaign
from tests.surveys.published import tally_text
from tests.surveys.test_pages import SignIn, addresses

ROW = {f"q{n}-{side}": "3" for n in range(1, 6) for side in ("reality", "expectation")}
LINES = "day," + ",".join(f"q{n}_{side}" for n in range(1, 6) for side in ("reality", "expectation")) + "\n"


@pytest.fixture
def since_2025(definitions: None, hospital: Hospital) -> Hospital:
    begin(hospital, dt.date(2025, 1, 1))
    return hospital


@pytest.fixture
def known_since_2025(definitions: None, hospital: Hospital) -> Hospital:
    """Nobody said when it began; the first number is of January 2025."""
    beds = DataElement.objects.get(code="beds")
    save_values([NewValue(hospital.root, beds, Period.month(2025, 1), 20)], by=None)
    return hospital


def import_tally(folder: Path, year: int, *options: str) -> str:
    """What the command complained about, or nothing."""
    file = folder / "tally.csv"
    file.write_text(tally_text("servqual"))
    said = io.StringIO()
    where = ("--hospital", "RSA", "--questionnaire", "servqual", "--year", str(year))
    try:
        with translation.override("en"):
            call_command("import_tally", str(file), *where, *options, stdout=io.StringIO(), stderr=said)
    except CommandError as error:
        return said.getvalue() + str(error)
    return ""


def test_a_command_takes_no_tally_from_before_the_hospital_and_none_of_the_future(
    since_2025: Hospital, tmp_path: Path
) -> None:
    assert "1960 lies before RSUD Anggrek began, on 1 January 2025" in import_tally(tmp_path, 1960)
    assert "lies in the future" in import_tally(tmp_path, 2062)
    assert not DataValue.objects.exists()
    assert not Campaign.objects.exists()
    assert import_tally(tmp_path, 2025) == ""
    assert {value.period.year for value in DataValue.objects.all()} == {2025}


def test_a_command_is_asked_about_a_tally_far_before_all_else_and_keeps_the_answer(
    known_since_2025: Hospital, tmp_path: Path
) -> None:
    said = import_tally(tmp_path, 1960)
    assert "1960: more than a year before what is known" in said
    assert "--confirm far-before --why TEXT" in said
    assert import_tally(tmp_path, 1960, "--confirm", "far-before") == "Say why, with --why TEXT."
    assert not Campaign.objects.exists()
    assert import_tally(tmp_path, 1960, "--confirm", "far-before", "--why", "The old files.") == ""
    assert Campaign.objects.get().past_because == "The old files."
    value = DataValue.objects.filter(period="1960").first()
    assert value is not None
    reason = DataValue.history.get(id=value.pk).history_change_reason
    assert reason == "survey servqual: The old files."
    assert import_tally(tmp_path, 1960) == ""


@pytest.mark.parametrize("period", ["1960", "1960-03"])
def test_the_page_of_a_tally_refuses_what_lies_before_the_hospital(
    period: str, since_2025: Hospital, ani: User, as_person: SignIn
) -> None:
    campaign = make_campaign(since_2025, "servqual")
    file = SimpleUploadedFile("tally.csv", tally_text("servqual").encode())
    answer = as_person(ani).post(addresses(campaign)["survey_tally"], {"period": period, "file": file})
    assert "1 Januari 2025" in answer.text
    assert not TallySheet.objects.exists()
    assert not DataValue.objects.exists()


def test_the_page_of_a_tally_asks_and_takes_the_answer(
    known_since_2025: Hospital, ani: User, as_person: SignIn
) -> None:
    campaign = make_campaign(known_since_2025, "servqual")
    client, address = as_person(ani), addresses(campaign)["survey_tally"]

    def send(**more: str):
        file = SimpleUploadedFile("tally.csv", tally_text("servqual").encode())
        return client.post(address, {"period": "1960-03", "file": file, **more})

    assert 'name="past_because"' not in client.get(address).text
    asked = send()
    assert asked.status_code == 200
    assert 'name="past_because"' in asked.text
    assert not TallySheet.objects.exists()
    assert send(past_because="The old files.").status_code == 302
    campaign.refresh_from_db()
    assert campaign.past_because == "The old files."
    assert DataValue.objects.filter(period="1960-03").exists()


def test_a_campaign_of_the_past_is_refused_or_asked_about(
    known_since_2025: Hospital, ani: User, as_person: SignIn
) -> None:
    form = {
        "questionnaire": make_campaign(known_since_2025, "skm").questionnaire_id,
        "name": "SKM 1960",
        "unit": known_since_2025.root.pk,
        "starts_on": "1960-01-01",
        "ends_on": "1960-12-31",
        "access": "open_link",
        "most_per_address_per_hour": 1000,
    }
    client = as_person(ani)
    asked = client.post("/hospitals/RSA/surveys/new/", form)
    assert "past_because" in asked.context["form"].errors
    answered = form | {"past_because": "The old files."}
    begin(known_since_2025, dt.date(2025, 1, 1))
    refused = client.post("/hospitals/RSA/surveys/new/", answered)
    assert "ends_on" in refused.context["form"].errors
    begin(known_since_2025, None)
    assert client.post("/hospitals/RSA/surveys/new/", answered).status_code == 302
    assert Campaign.objects.get(name="SKM 1960").past_because == "The old files."


def test_paper_forms_typed_and_from_a_file_go_the_same_way(
    known_since_2025: Hospital, ani: User, as_person: SignIn
) -> None:
    """Forms of 5 March 1960 in a campaign that was made before anybody asked."""
    day = dt.date(1960, 3, 5)
    campaign = make_campaign(known_since_2025, "exit_survey", starts_on=day, ends_on=timezone.localdate())
    client, of = as_person(ani), addresses(campaign)

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("forms.csv", (LINES + "1960-03-05" + ",3" * 10 + "\n").encode())

    today = timezone.localdate().isoformat()
    for begins, said in ((None, "1960-03"), (dt.date(2025, 1, 1), "1 Januari 2025")):
        begin(known_since_2025, begins)
        typed = client.post(of["survey_paper"], ROW | {"day": "1960-03-05"})
        assert (typed.status_code, said in typed.text) == (422, True)
        sent = client.post(of["survey_paper_upload"], {"file": file(), "day": today})
        assert (sent.status_code, said in sent.text) == (422, True)
    assert not Response.objects.exists()
    begin(known_since_2025, None)
    Campaign.objects.filter(pk=campaign.pk).update(past_because="The old files.")
    assert client.post(of["survey_paper"], ROW | {"day": "1960-03-05"}).status_code == 302
    assert client.post(of["survey_paper_upload"], {"file": file(), "day": today}).status_code == 302
    assert Response.objects.count() == 2


def test_answers_from_before_a_first_day_that_was_set_later_stay_and_are_not_published(
    since_2025: Hospital,
) -> None:
    day = dt.date(1960, 3, 5)
    campaign = make_campaign(since_2025, "exit_survey", starts_on=day)
    items = list(campaign.questionnaire.items.all())
    for _person in range(5):
        response = Response.objects.create(
            campaign=campaign, unit=campaign.unit, source=Source.PAPER, answered_on=day, submitted=True
        )
        for item in items:
            response.answers.create(item=item, reality=3, expectation=4)
    march = Period.month(1960, 3)
    PublishMark.objects.create(campaign=campaign, unit=campaign.unit, period=march)
    publish_marked(campaign_id=campaign.pk)
    assert not DataValue.objects.exists()
    begin(since_2025, None)
    PublishMark.objects.create(campaign=campaign, unit=campaign.unit, period=march)
    publish_marked(campaign_id=campaign.pk)
    assert {value.period for value in DataValue.objects.all()} == {march}


def test_a_unit_that_opened_later_is_asked_from_its_own_day(since_2025: Hospital, melati: Unit) -> None:
    Unit.objects.filter(pk=melati.pk).update(opened_on=dt.date(2026, 3, 1))
    campaign = make_campaign(since_2025, "exit_survey")
    unit = Unit.objects.get(pk=melati.pk)
    with pytest.raises(ValueRefusedError, match="Bangsal Melati"):
        check_period(campaign, unit=unit, period=Period.month(2026, 2))
    check_period(campaign, unit=unit, period=Period.month(2026, 3))
