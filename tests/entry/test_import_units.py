"""`manage.py import_units`: the tree of a hospital from a file."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from hospitals.actions import create_hospital
from hospitals.models import Hospital, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Hospital:
    return create_hospital(code="RS1", name="RS Satu")


@pytest.fixture
def imported(tmp_path, hospital, capsys):
    def run(text: str) -> str:
        file = tmp_path / "units.csv"
        file.write_text(text)
        call_command("import_units", file, hospital="RS1")
        return capsys.readouterr().out

    return run


def test_units_hang_below_the_hospital_or_the_unit_they_name(imported) -> None:
    imported(
        "code,name,kind,parent,opened_on\nmelati,Melati,ward,inap,2009-07-01\ninap,Rawat Inap,department,,\n"
    )
    melati = Unit.objects.get(code="melati")
    assert melati.parent.code == "inap"
    assert melati.parent.parent.is_root
    assert melati.opened_on == dt.date(2009, 7, 1)


def test_importing_again_changes_what_differs_and_creates_nothing(imported) -> None:
    imported("code,name,kind\nmelati,Melati,ward\n")
    imported("code,name,kind\nmelati,Melati Baru,ward\n")
    assert list(Unit.objects.exclude(kind="hospital").values_list("code", "name")) == [
        ("melati", "Melati Baru")
    ]


def test_what_a_file_does_not_speak_of_stays(imported) -> None:
    imported("code,name,kind,parent,opened_on\ninap,Inap,department,,\nmelati,Melati,ward,inap,2009-07-01\n")
    imported("code,name,kind\nmelati,Melati Baru,ward\n")
    melati = Unit.objects.get(code="melati")
    assert (melati.name, melati.parent.code, melati.opened_on) == ("Melati Baru", "inap", dt.date(2009, 7, 1))


def test_every_bad_line_is_named_and_nothing_is_saved(imported, capsys) -> None:
    with pytest.raises(CommandError):
        imported(
            "code,name,kind,parent,opened_on\n"
            "ok,Ok,ward,,\n"
            "a,A,castle,,\n"
            "b,B,ward,nowhere,\n"
            "c,C,ward,,July\n"
            "ok,Twice,ward,,\n"
        )
    told = capsys.readouterr().err
    for line in (3, 4, 5, 6):
        assert f" {line}: " in told
    assert not Unit.objects.exclude(kind="hospital").exists()


def test_what_is_wrong_is_said_with_row_and_column_in_words(imported, capsys) -> None:
    with pytest.raises(CommandError):
        imported(
            "code,name,kind,opened_on,closed_on\n"
            "ok,Ok,ward,2009-07-01,2009-07-01\n"
            "a,A,ward,2009-07-01,2009-06-30\n"
            "b,B,ward,July,\n"
            "b c,,ward,,\n"
        )
    third, fourth, fifth = capsys.readouterr().err.splitlines()
    assert " 3: closed_on: " in third
    assert "30 Juni 2009" in third
    assert "unit_closes_after_it_opened" not in third
    assert " 4: opened_on: " in fourth
    assert " 5: " in fifth
    assert "code: " in fifth
    assert "name: " in fifth


def test_units_that_are_part_of_each_other_are_refused(imported, capsys) -> None:
    with pytest.raises(CommandError):
        imported("code,name,kind,parent\na,A,department,b\nb,B,department,a\n")
    assert not Unit.objects.exclude(kind="hospital").exists()
