"""Nobody in where they don't belong: every address of the site, as a stranger and as a visitor.

Tono directs RSUD Bakung. Addresses are filled with the codes and ids of RSUD Anggrek, where he has
nothing to do; anonymous visitors have nothing to do anywhere. A refusal is 403, 404, 401 or the way
to the sign-in page. A page that everybody has (one's own list, one's own account) may answer, but
must not name anything of RSUD Anggrek.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Model, Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from entry.actions.duties import assign_form
from entry.models import Form, HistoryMove, Upload
from hospitals.actions import give_role
from hospitals.models import Hospital, Role, Unit, User
from indicators.models import DataElement, Indicator, ReferenceRange, Standard, StandardChoice
from indicators.periods import Period
from scorecard.models import Objective, Template
from scorecard.template_copies import copy_template
from surveys.actions import copy_questionnaire
from tests.cast import PASSWORD
from tests.surveys.conftest import make_campaign
from tests.surveys.people import answer_all

#: Addresses that anybody may open, and why.
OPEN = {
    "healthz": "says only that the process answers",
    "login/": "the sign-in page",
    "language/": "the language of the sign-in page",
    "admin/login/": "sign-in page of the Django admin",
    "admin/logout/": "ends one's own session",
    "admin/jsi18n/": "texts of the date picker",
    "logout/": "ends one's own session",
    "s/worker.js": "a script, the same for everybody",
    "s/<str:token>/": "whoever has the link may answer the survey",
    "s/<str:token>/answers": "whoever has the link may answer the survey",
    "api/v1/auth/login/": "gives a token for a password",
}
#: Addresses with parts that are filled in; by the name of the part.
FILLINGS: dict[str, str] = {"code": "RSA", "hospital": "RSA", "unit": "melati", "period": "2009-Q1"}
#: Values that only the addresses that begin so take; the fixture `everything` makes the rows.
FILLINGS_OF_ROOM: dict[str, dict[str, str]] = {}
#: What an address needs behind the question mark to answer at all.
QUERIES = {
    "api/v1/scores/": "hospital=RSA&period=2009-Q1",
    "api/v1/freshness/": "hospital=RSA",
    "hospitals/<slug:code>/": "period=2009-Q1",
    "admin/autocomplete/": "app_label=hospitals&model_name=membership&field_name=unit",
}
#: Lists that everybody has, asked for something of the first hospital on top of being walked plainly.
PROBES = (
    "api/v1/units/?hospital=RSA",
    "api/v1/indicator-values/?hospital=RSA",
    "api/v1/indicator-values/?unit=melati",
    "api/v1/data-values/?hospital=RSA",
    "api/v1/data-values/?unit=melati",
    "api/v1/scores/?hospital=RSA&unit=melati&period=2009-Q1",
    "admin/hospitals/unit/?hospital__id__exact={hospital}",
    "admin/hospitals/unit/?q=mela",
    "admin/hospitals/user/?q=wat",
)
#: Names that only RSUD Anggrek has.
TRACES = re.compile(r"Anggrek|Melati|Mawar|melati|mawar|Wati|dr\. Budi")

EXPLAIN = (
    "Teach tests/test_strangers.py the new address “{route}”: a value of the first hospital for <{name}> in "
    "FILLINGS (or, for a model in the Django admin, in rows_of_the_first_hospital)."
)


def routes(patterns: list | None = None, before: str = "") -> Iterator[str]:
    """Every address of the project as it is written, for example `hospitals/<slug:code>/`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def rows_of_the_first_hospital(model: type[Model], hospital: Hospital) -> Model | None:
    """A row that belongs to the first hospital, or None where rows are shared or a superuser's only."""
    paths = {
        "hospital": Q(pk=hospital.pk),
        "unit": Q(code="melati"),
        "user": Q(username="wati"),
        "membership": Q(user__username="wati"),
        "dataelement": Q(hospital=hospital),
        "indicator": Q(hospital=hospital),
        "referencerange": Q(unit__hospital=hospital),
        "standardchoice": Q(hospital=hospital),
        "template": Q(hospital=hospital),
        "objective": Q(perspective__template__hospital=hospital),
        "form": Q(hospital=hospital),
        "formassignment": Q(unit__hospital=hospital),
        "historymove": Q(from_unit__hospital=hospital),
        "standard": None,
        "group": None,
        "authtoken": None,
    }
    name = str(model._meta.model_name)
    assert name in paths, EXPLAIN.format(route=f"admin/{model._meta.app_label}/{name}/", name="object_id")
    if paths[name] is None:
        return None
    row = model._default_manager.filter(paths[name]).first()
    assert row is not None, f"the cast has no {name} of RSUD Anggrek to try"
    return row


def filled(route: str, hospital: Hospital) -> str | None:
    """The address with codes and ids of the first hospital; None where there is nothing of it to ask for."""
    if route == "admin/r/<path:content_type_id>/<path:object_id>/":
        return f"admin/r/{ContentType.objects.get_for_model(Unit).pk}/{hospital.root.pk}/"
    if route.startswith("admin/^(?P<app_label>"):
        return "admin/hospitals/"
    if route == "admin/(?P<url>.*)$":
        return "admin/nowhere/"
    values = dict(FILLINGS)
    for beginning, fillings in FILLINGS_OF_ROOM.items():
        if route.startswith(beginning):
            values |= fillings
    if found := re.match(r"admin/(\w+)/(\w+)/<(?:path:object_id|id)>", route):
        row = rows_of_the_first_hospital(apps.get_model(*found.groups()), hospital)
        if row is None:
            return None
        values["object_id"] = values["id"] = str(row.pk)

    def value(part: re.Match) -> str:
        assert part["name"] in values, EXPLAIN.format(route=route, name=part["name"])
        return values[part["name"]]

    address = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)
    assert not re.search(r"[\^$(<]", address), EXPLAIN.format(route=route, name="the expression")
    return address + (f"?{QUERIES[route]}" if route in QUERIES else "")


def asks_for_theirs(route: str, address: str) -> bool:
    """Whether something of the first hospital is filled in, and not just the name of a room."""
    rooms = ("admin/^(?P<app_label>", "admin/(?P<url>")
    return ("<" in route and not route.startswith(rooms)) or "hospital=RSA" in address


def is_refused(answer) -> bool:
    if answer.status_code in (401, 403, 404, 405):
        return True
    return answer.status_code == 302 and "login" in answer.headers["Location"]


@pytest.fixture
def everything(
    numbers: None, hospital: Hospital, melati: Unit, wati: User, sri: User, budi: User
) -> Hospital:
    """RSUD Anggrek with a row of everything a hospital can have of its own."""
    element = DataElement.objects.create(
        hospital=hospital, code="anggrek_own", name_en="Anggrek", name_id="Anggrek", over_time="last"
    )
    own = Indicator.objects.create(
        hospital=hospital, code="anggrek_own", name_en="Anggrek", name_id="Anggrek", as_reported=element
    )
    ReferenceRange.objects.create(indicator=own, unit=melati, ideal_low=1)
    StandardChoice.objects.create(hospital=hospital, standard=Standard.objects.first())
    copy_template(
        template=Template.objects.get(),
        hospital=hospital,
        valid_from=dt.date(2099, 1, 1),
        name_en="Anggrek",
        name_id="Anggrek",
    )
    assert Objective.objects.filter(perspective__template__hospital=hospital).exists()
    FILLINGS_OF_ROOM.update(surveys_of(hospital) | forms_of(hospital, wati))
    cache.clear()
    return hospital


def forms_of(hospital: Hospital, wati: User) -> dict[str, dict[str, str]]:
    """The ward form, a form of the hospital's own, a file that waits for a word, and history that moved."""
    form = Form.objects.get(hospital=None, code="inpatient_ward")
    month = Period.parse("2009-01")
    assign_form(form=form, unit=hospital.root, first_month=month)
    Form.objects.create(hospital=hospital, code="anggrek", name_en="Anggrek", name_id="Anggrek", due_day=5)
    upload = Upload.objects.create(hospital=hospital, form=form, by=wati, file_name="Anggrek.xlsx")
    melati = hospital.units.get(code="melati")
    HistoryMove.objects.create(form=form, from_unit=melati, to_unit=hospital.root, reason="Anggrek", by=wati)
    fillings = {"form": form.code, "month": str(month), "element": "patient_days", "upload": str(upload.pk)}
    return {"forms/": fillings}


def surveys_of(hospital: Hospital) -> dict[str, dict[str, str]]:
    """A campaign with a respondent, and a questionnaire of the hospital's own."""
    campaign = make_campaign(hospital, "exit_survey", name="Anggrek")
    response = answer_all(campaign, 1)[0]
    own = copy_questionnaire(original=campaign.questionnaire, hospital=hospital)
    surveys = "hospitals/<slug:code>/surveys/"
    return {
        surveys: {"pk": str(campaign.pk), "response": str(response.pk)},
        f"{surveys}questionnaires/": {"pk": str(own.pk)},
    }


def walk(client: Client, hospital: Hospital, *, may_answer: bool) -> list[str]:
    """What went wrong, one line per address; `may_answer`: addresses without parts may answer."""
    problems = []
    for route in dict.fromkeys(routes()):
        if route in OPEN:
            continue
        address = filled(route, hospital)
        if address is None:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(f"/{address}")
            named = TRACES.search(answer.content.decode(errors="replace"))
            if is_refused(answer):
                # Not even the way to sign in, or an error, names what it refuses.
                fine = not named
            elif answer.status_code == 302:
                fine = "RSA" not in answer.headers["Location"] and may_answer
            else:
                fine = may_answer and not named and not asks_for_theirs(route, address)
            if not fine:
                shown = f"{answer.status_code}{', names ' + named.group() if named else ''}"
                problems.append(f"{method.upper()} /{address} answered {shown}")
    return problems


def test_an_anonymous_visitor_is_refused_everywhere(everything: Hospital):
    assert walk(Client(), everything, may_answer=False) == []


def test_the_stranger_is_refused_everywhere(
    everything: Hospital, tono: User, as_person: Callable[[User], Client]
):
    assert walk(as_person(tono), everything, may_answer=True) == []


def test_an_administrator_of_another_hospital_is_refused_too(
    everything: Hospital, tono: User, other_hospital: Hospital, as_person: Callable[[User], Client]
):
    give_role(user=tono, unit=other_hospital.root, role=Role.ADMINISTRATOR)
    User.objects.filter(pk=tono.pk).update(is_staff=True)
    client = as_person(tono)
    assert walk(client, everything, may_answer=True) == []
    for probe in PROBES:
        answer = client.get("/" + probe.format(hospital=everything.pk))
        assert answer.status_code in (200, 302, 400, 404), probe
        assert not TRACES.search(answer.content.decode()), probe


def test_somebody_without_a_role_is_refused_everywhere(
    everything: Hospital, dewi: User, as_person: Callable[[User], Client]
):
    assert walk(as_person(dewi), everything, may_answer=True) == []


def test_the_refusal_of_what_is_there_is_that_of_what_is_not(
    everything: Hospital, tono: User, as_person: Callable[[User], Client]
):
    client = as_person(tono)
    for route in routes():
        if not re.search(r"<slug:code>", route):
            continue
        address = filled(route, everything)
        theirs, nowhere = client.get(f"/{address}"), client.get(f"/{address.replace('RSA', 'RSX')}")
        assert theirs.status_code == nowhere.status_code, address
        assert theirs.status_code in (404, 405), address


def test_a_token_opens_no_more_than_a_session(everything: Hospital, tono: User):
    answer = Client().post("/api/v1/auth/login/", {"username": "tono", "password": PASSWORD})
    client = Client(headers={"authorization": f"Token {answer.json()['token']}"})
    for route in routes():
        if route.startswith("api/v1/") and route not in OPEN and "logout" not in route:
            answer = client.get(f"/{filled(route, everything)}")
            assert answer.status_code in (200, 404), route
            assert not TRACES.search(answer.content.decode()), route


def test_every_open_address_still_exists():
    assert set(OPEN) | set(QUERIES) <= set(routes()), "take what is gone out of OPEN and QUERIES"


def test_every_model_in_the_admin_is_known_here(everything: Hospital):
    for model in admin.site._registry:
        rows_of_the_first_hospital(model, everything)


def test_an_address_that_is_not_known_here_says_what_to_do(everything: Hospital):
    with pytest.raises(AssertionError, match=r"Teach .* the new address .*<board>"):
        filled("reports/<int:board>/", everything)
