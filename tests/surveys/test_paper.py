"""Paper forms and tallies, typed in and from files."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from hospitals.models import Unit, User
from indicators.periods import Period
from surveys.models import Campaign, Response, TallySheet
from tests.surveys.published import tally_text
from tests.surveys.test_pages import SignIn, addresses


def test_paper_forms_are_typed_in_row_by_row(exit_survey: Campaign, ani: User, as_person: SignIn):
    client, address = as_person(ani), addresses(exit_survey)["survey_paper"]
    row = {f"q{n}-{side}": "3" for n in range(1, 6) for side in ("reality", "expectation")}
    row["day"] = timezone.localdate().isoformat()
    assert client.post(address, row).status_code == 302
    assert client.post(address, row | {"q1-reality": "9"}).status_code == 422
    assert client.post(address, {"day": row["day"]}).status_code == 422
    assert client.post(address, row | {"day": "2001-01-01"}).status_code == 422
    assert Response.objects.count() == 1
    page = client.get(address).text
    assert "33 33 33 33 33" in page
    removed = client.post(
        reverse("survey_paper_remove", args=["RSA", exit_survey.pk, Response.objects.get().pk])
    )
    assert removed.status_code == 302
    assert not Response.objects.exists()


def test_a_tally_file_is_checked_and_every_bad_line_shown(campaign: Campaign, ani: User, as_person: SignIn):
    client, address = as_person(ani), addresses(campaign)["survey_tally"]

    def upload(text: str):
        file = SimpleUploadedFile("tally.csv", text.encode())
        return client.post(address, {"period": "2010", "file": file})

    wrong = upload(tally_text("servqual", misprinted=True))
    assert wrong.status_code == 422
    assert "246" in wrong.text
    assert not TallySheet.objects.exists()
    assert upload(tally_text("servqual")).status_code == 302
    assert TallySheet.objects.get().respondents == 230
    assert client.get(addresses(campaign)["survey_campaign"]).status_code == 200


def test_a_tally_is_typed_into_the_table(exit_survey: Campaign, ani: User, as_person: SignIn):
    client, address = as_person(ani), addresses(exit_survey)["survey_tally"]
    cells = {
        f"q{n}-{answer}-{side}": "5"
        for n in range(1, 6)
        for answer in (3, 4)
        for side in ("reality", "expectation")
    }
    assert client.post(address, {"period": "2010-03"} | cells | {"q2-3-reality": "6"}).status_code == 422
    next_year = str(timezone.localdate().year + 1)
    for wrong in ("March", next_year):
        assert client.post(address, {"period": wrong} | cells).status_code == 200
    assert not TallySheet.objects.exists()
    assert client.post(address, {"period": "2010-03"} | cells).status_code == 302
    assert str(TallySheet.objects.get().period) == "2010-03"


def test_a_stored_tally_is_shown_whole_and_can_be_saved_as_it_stands(
    campaign: Campaign, ani: User, as_person: SignIn
):
    client, address = as_person(ani), addresses(campaign)["survey_tally"]
    file = SimpleUploadedFile("tally.csv", tally_text("servqual").encode())
    client.post(address, {"period": "2010", "file": file})
    page = client.get(address, headers={"accept-language": "en"})
    assert page.context["form"].initial == {"period": Period.of_year(2010), "respondents": 230}
    assert 'name="period" value="2010"' in page.text
    assert 'aria-label="q1, How it was: Strongly disagree"' in page.text
    cells = {field["name"]: field["value"] for _, fields in page.context["rows"] for field in fields}
    assert client.post(address, cells | {"period": "2010", "respondents": "230"}).status_code == 302
    assert TallySheet.objects.get().respondents == 230


def test_the_period_of_a_tally_is_not_after_today(exit_survey: Campaign, ani: User, as_person: SignIn):
    """A campaign that goes on into the next year: what is typed in today is of this month."""
    today = timezone.localdate()
    Campaign.objects.filter(pk=exit_survey.pk).update(ends_on=today.replace(year=today.year + 1, day=1))
    page = as_person(ani).get(addresses(exit_survey)["survey_tally"]).text
    assert f'value="{today:%Y-%m}"' in page


def test_paper_forms_come_from_a_file_all_or_none(
    exit_survey: Campaign, ani: User, as_person: SignIn, melati: Unit
):
    exit_survey.units.add(melati)
    client, address = as_person(ani), addresses(exit_survey)["survey_paper_upload"]
    day = timezone.localdate().isoformat()
    heading = ",".join(f"q{n}_{side}" for n in range(1, 6) for side in ("reality", "expectation"))

    def upload(*rows: str) -> HttpResponse:
        text = "\n".join([f"{heading},unit,segment", *rows])
        return client.post(address, {"day": day, "file": SimpleUploadedFile("forms.csv", text.encode())})

    right = "3,4,3,4,3,4,3,4,,,melati,inpatient"
    for wrong in (
        "5,4,3,4,3,4,3,4,,,melati,inpatient",
        ",,,,,,,,,,melati,inpatient",
        "3,4,3,4,3,4,3,4,,,kenanga,inpatient",
        "3,4,3,4,3,4,3,4,,,melati,nowhere",
        "3,4,3,4,3,4,3,4,,,,inpatient",
        "3,4",
    ):
        assert upload(right, wrong).status_code == 422, wrong
        assert not Response.objects.exists()
    assert upload(right, right).status_code == 302
    assert Response.objects.filter(unit=melati, segment="inpatient", submitted=True).count() == 2
    assert client.post(address, {"day": day}).status_code == 302
