"""`manage.py import_values`: numbers from a file, all or nothing, every bad line named."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from hospitals.models import Hospital, Unit
from indicators.models import DataValue, RecomputeMark, StandardChoice, Status

HEADING = "unit,element,period,value"

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


class Imported:
    """What the command said, and the line numbers it complained about."""

    def __init__(self, tmp_path: Path) -> None:
        self.path = tmp_path / "values.csv"
        self.out, self.errors = io.StringIO(), io.StringIO()

    def __call__(self, content: str | bytes, *options: str, hospital: str = "RSA") -> str:
        self.path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command(
            "import_values",
            str(self.path),
            "--hospital",
            hospital,
            *options,
            stdout=self.out,
            stderr=self.errors,
            no_color=True,
        )
        return self.out.getvalue()

    def refused(self, content: str | bytes, *options: str) -> list[str]:
        """The complaints; nothing may have been saved."""
        with pytest.raises(CommandError):
            self(content, *options)
        assert not DataValue.objects.exists()
        return [line.removeprefix("values.csv: ") for line in self.errors.getvalue().splitlines()]


@pytest.fixture
def import_file(tmp_path: Path) -> Imported:
    return Imported(tmp_path)


def stored() -> set[tuple[str, str, str, float | None, int]]:
    rows = DataValue.objects.select_related("unit", "element")
    return {(r.unit.code, r.element.code, str(r.period), r.value, r.status) for r in rows}


def test_numbers_of_all_period_lengths_are_saved(hospital: Hospital, import_file: Imported) -> None:
    said = import_file(
        f"{HEADING}\nmelati,patient_days,2009-03,248\nmelati,beds,2009-Q1,10.5\n,revenue,2009-S1,3\n,revenue,2008,1e6\n"
    )
    assert stored() == {
        ("melati", "patient_days", "2009-03", 248, Status.REPORTED),
        ("melati", "beds", "2009-Q1", 10.5, Status.REPORTED),
        ("RSA", "revenue", "2009-S1", 3, Status.REPORTED),
        ("RSA", "revenue", "2008", 1_000_000, Status.REPORTED),
    }
    assert said == "RSUD Anggrek: 4 new, 0 changed, 0 unchanged.\n"


def test_absent_numbers_are_saved_with_their_reason(hospital: Hospital, import_file: Imported) -> None:
    import_file(f"{HEADING}\nmelati,beds,2009-03,NA\nmawar,beds,2009-03,nc\n")
    assert stored() == {
        ("melati", "beds", "2009-03", None, Status.NOT_APPLICABLE),
        ("mawar", "beds", "2009-03", None, Status.NOT_COLLECTED),
    }


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_spreadsheets_may_choose_their_separator_and_leave_their_mark(
    hospital: Hospital, import_file: Imported, separator: str
) -> None:
    text = f"{HEADING}\r\nmelati,beds,2009-03,10\r\n".replace(",", separator)
    import_file(b"\xef\xbb\xbf" + text.encode())
    assert stored() == {("melati", "beds", "2009-03", 10, Status.REPORTED)}


def test_columns_may_stand_in_any_order_beside_others(hospital: Hospital, import_file: Imported) -> None:
    import_file("Value,note,Period,Element,Unit\n10,counted,2009-03,beds,melati\n")
    assert stored() == {("melati", "beds", "2009-03", 10, Status.REPORTED)}


def test_an_indicator_code_stands_for_its_result_as_reported(
    hospital: Hospital, import_file: Imported
) -> None:
    import_file(f"{HEADING}\n,bor,2009,81.5\n")
    ((unit, element, period, value, _status),) = stored()
    assert (unit, period, value) == ("RSA", "2009", 81.5)
    assert DataValue.objects.get().element.is_as_reported, element


def test_every_bad_line_is_named_with_its_number_and_reason(
    hospital: Hospital, import_file: Imported
) -> None:
    complaints = import_file.refused(
        "\n".join(
            [
                HEADING,
                "melati,beds,2009-01,10",
                "teratai,beds,2009-01,10",
                "",
                "melati,bed,2009-01,10",
                "melati,beds,2009-13,10",
                "melati,beds,2009-02,ten",
                "melati,beds,2009-03,",
                "melati,beds,2009-04,1.500.000",
                "melati,beds,2009-05,1_500",
                "melati,beds,2009-06,inf",
                "melati,beds,2009-07,-1",
                "melati,beds,2009-08",
                "melati,beds,2009-01,11",
                "melati,beds,2009-09,1e16",
                "melati,beds,2999-09,10",
                "melati,beds,2009-10,1.500",
            ]
        )
    )
    assert [complaint.split(": ", 1)[0] for complaint in complaints] == [
        f"line {number}" for number in (3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
    ]
    assert complaints[0] == "line 3: there is no unit “teratai” in this hospital"
    assert complaints[1] == "line 5: there is no data element “bed”"
    assert complaints[2] == "line 6: “2009-13” is not a period; write 2009-03, 2009-Q1, 2009-S1 or 2009"
    assert complaints[3].endswith("is not a number; write it like 1234.5, without thousands separators")
    assert "the value is missing" in complaints[4]
    assert "cannot be less than 0" in complaints[8]
    assert complaints[9] == "line 13: has 3 columns instead of 4"
    assert complaints[10] == "line 14: repeats line 2"
    assert complaints[12] == "line 16: 2999-09 lies in the future"
    assert complaints[13] == "line 17: “1.500” can be read in two ways; write 1500 or 1.5000"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "line 1: the file is empty"),
        ("unit,element,value\n", "line 1: the heading lacks period; it must name the columns"),
        (f"{HEADING}\nmelati,beds,2009-01,10\n".encode() + b"\xff\n", "line 3: is not UTF-8 text"),
        (f"{HEADING}\nmelati,beds,2009-01,{'9' * 200_000}\n", "line 2: field larger than field limit"),
        ("x" * 200_000, "line 1: field larger than field limit"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(
    hospital: Hospital, import_file: Imported, content: str | bytes, complaint: str
) -> None:
    (said,) = import_file.refused(content)
    assert said.startswith(complaint)


def test_a_file_without_lines_changes_nothing(hospital: Hospital, import_file: Imported) -> None:
    assert import_file(f"{HEADING}\n") == "RSUD Anggrek: 0 new, 0 changed, 0 unchanged.\n"
    assert not RecomputeMark.objects.exists()


def test_a_second_import_changes_only_what_differs(hospital: Hospital, import_file: Imported) -> None:
    import_file(f"{HEADING}\nmelati,beds,2009-01,10\nmelati,beds,2009-02,10\n")
    said = import_file(f"{HEADING}\nmelati,beds,2009-01,10\nmelati,beds,2009-02,12\n")
    assert said.splitlines()[-1] == "RSUD Anggrek: 0 new, 1 changed, 1 unchanged."


def test_a_dry_run_checks_and_saves_nothing(hospital: Hospital, import_file: Imported) -> None:
    said = import_file(f"{HEADING}\nmelati,beds,2009-01,10\n", "--dry-run")
    assert said == "Would import: 1 new, 0 changed, 0 unchanged. Nothing was saved.\n"
    assert not DataValue.objects.exists()
    assert not DataValue.history.exists()
    assert not RecomputeMark.objects.exists()


def test_a_dry_run_makes_no_hospital(db: None, import_file: Imported) -> None:
    import_file(
        f"{HEADING}\n,beds,2009-01,10\n", "--create-hospital", "RS Cempaka", "--dry-run", hospital="RSC"
    )
    assert not Hospital.objects.exists()


def test_a_hospital_is_made_when_asked_for(db: None, import_file: Imported) -> None:
    import_file(f"{HEADING}\nRSC,beds,2009-01,10\n", "--create-hospital", "RS Cempaka", hospital="RSC")
    hospital = Hospital.objects.get(code="RSC")
    assert hospital.name == "RS Cempaka"
    assert stored() == {("RSC", "beds", "2009-01", 10, Status.REPORTED)}


def test_no_hospital_is_made_for_a_bad_file(db: None, import_file: Imported) -> None:
    import_file.refused(f"{HEADING}\n,beds,January,10\n", "--create-hospital", "RS Cempaka")
    assert not Hospital.objects.exists()


def test_an_unknown_hospital_is_refused_with_what_to_do(db: None, import_file: Imported) -> None:
    with pytest.raises(CommandError, match="There is no hospital with the code “RSX”; make it with"):
        import_file(f"{HEADING}\n", hospital="RSX")


def test_a_malformed_hospital_code_is_refused(db: None, import_file: Imported) -> None:
    with pytest.raises(CommandError, match="A code is made of letters"):
        import_file(f"{HEADING}\n", "--create-hospital", "RS Cempaka", hospital="R S")


def test_a_file_that_is_not_there_is_refused(hospital: Hospital, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_values", str(tmp_path / "nowhere.csv"), "--hospital", "RSA")


def test_units_of_other_hospitals_are_unknown(
    hospital: Hospital, kenanga: Unit, import_file: Imported
) -> None:
    assert import_file.refused(f"{HEADING}\nkenanga,beds,2009-01,10\n") == [
        "line 2: there is no unit “kenanga” in this hospital"
    ]


def test_a_new_hospital_may_choose_its_standard(import_file: Imported) -> None:
    chosen = ("--create-hospital", "RS Cempaka", "--standard", "depkes_1997")
    import_file(f"{HEADING}\n,beds,2009,10\n", *chosen, hospital="RSC")
    assert StandardChoice.objects.get(hospital__code="RSC").standard.code == "depkes_1997"


def test_an_unknown_standard_is_refused_with_those_there_are(import_file: Imported) -> None:
    chosen = ("--create-hospital", "RS Cempaka", "--standard", "depkes_1066")
    with pytest.raises(CommandError, match="depkes_2004"):
        import_file(f"{HEADING}\n,beds,2009,10\n", *chosen, hospital="RSC")
    assert not Hospital.objects.filter(code="RSC").exists()
