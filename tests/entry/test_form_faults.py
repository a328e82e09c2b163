"""What is wrong in the text of a form is said in words: the line, and what to write instead."""

import pytest
from django.utils.translation import override

from entry.form_text import FormTextError, read_form

#: Sixteen lines, so that a check that is added begins on the seventeenth.
RIGHT = """[[form]]
code = "small"
name = { en = "Small", id = "Kecil" }
unit_kinds = ["ward"]
due_day = 5

[[form.section]]
code = "all"
name = { en = "All", id = "Semua" }
elements = [
  { code = "beds" },
  { code = "patient_days", required = false },
  { code = "admissions" },
  { code = "discharged_alive" },
]

"""
CHECK = """[[form.check]]
kind = "at_most"
these = ["beds"]
of = ["admissions"]
"""


def faults_of(text: str) -> list[str]:
    with override("en"), pytest.raises(FormTextError) as refused:
        read_form(text)
    return refused.value.faults


def test_a_right_text_has_no_fault() -> None:
    table, _lines = read_form(RIGHT + CHECK)
    assert [element.code for element in table.elements][:2] == ["beds", "patient_days"]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("due_day = 5", "due_day = ", "Line 5 cannot be read: “due_day =”. After = comes a text"),
        ("due_day = 5", "due_day 5", "Line 5 cannot be read: “due_day 5”. A key is followed by ="),
        ("due_day = 5", "due_day = 5 6", "Line 5 cannot be read: “due_day = 5 6”. One thing to a line"),
        ("due_day = 5", "due_day = 5\ndue_day = 6", "Line 6 cannot be read: “due_day = 6”. This stands here"),
        ('"small"', '"small', "Line 2 cannot be read: “code = \"small”. A text ends with the quotation mark"),
        ("[[form.section]]", "[[form.section]", "Line 7 cannot be read: “[[form.section]”. What is opened"),
        ("]\n\n", "\n\n", "The text ends too early"),
        ("due_day = 5", f"due_day = {'[' * 5000}", "Too many brackets"),
        ('unit_kinds = ["ward"]\n', "", 'Line 1: “unit_kinds” is missing; add for example: unit_kinds = ['),
        ('en = "Small", ', "", 'Line 3: “en” is missing; add for example: en = "Kitchen"'),
        ('en = "Small"', 'en = " "', "Line 3: “en” is empty; something has to stand in it."),
        ("Small", "x" * 201, "Line 3: “en” is longer than 200 characters."),
        ('"small"', '"My form"', "Line 2: “code” is written with small letters"),
        ('["ward"]', '["bangsal"]', "Line 4: “unit_kinds” has to be one of: hospital, department"),
        ('["ward"]', '"ward"', "Line 4: “unit_kinds” has to be a list in [ ]."),
        ("due_day = 5", "due_day = 31", "Line 5: “due_day” is at most 28."),
        ("due_day = 5", "due_day = 0", "Line 5: “due_day” is at least 1."),
        ("due_day = 5", "due_day = 5.5", "Line 5: “due_day” has to be a whole number."),
        ("due_day = 5", "due_date = 5", "Line 5: “due_date” is not known here. Did you mean “due_day”?"),
        ("due_day = 5", "zzz = 5", "Line 5: “zzz” is not known here. Known are: approval_steps, check, code"),
        ("due_day = 5", "approval_steps = 3", "Line 5: “approval_steps” has to be one of: 1, 2."),
        ("required = false", 'required = "ya"', "Line 12: “required” has to be true or false"),
        ("required = false", "requird = false", "Line 12: “requird” is not known here. Did you mean “requ"),
        ('"patient_days"', '"beds"', "Line 12: element “beds” stands in the form twice"),
        ('"admissions" }', '"admissions", total_of = [] }', "Line 13: “total_of” is not known here"),
        ("[[form.section]]", "[form.section]", "Line 7: “section” has to be tables below headings"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_line(was: str, becomes: str, said: str) -> None:
    text = RIGHT.replace(was, becomes)
    assert text != RIGHT
    assert any(said in fault for fault in faults_of(text)), faults_of(text)


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"at_most"', '"atmost"', "Line 18: “kind” has to be one of: balance, at_most"),
        ('kind = "at_most"\n', "", 'Line 17: “kind” is missing; add for example: kind = "at_most"'),
        ('"admissions"', '"bor"', "Line 17: a check names “bor”, which is not in the form"),
        ('of = ["admissions"]\n', "", "Line 17: the check has nothing to compare with"),
        ('["admissions"]', '["admissions"]\nfactor = inf', "Line 21: “factor” has to be a number."),
        ('["admissions"]', '["admissions"]\nfactor = 0', "Line 21: “factor” has to be a number above 0."),
        ('["admissions"]', '["admissions"]\nfaktor = 1', "Line 21: “faktor” is not known here. Did you mean"),
    ],
)
def test_a_fault_of_a_check_is_said_with_its_line(was: str, becomes: str, said: str) -> None:
    assert any(said in fault for fault in faults_of(RIGHT + CHECK.replace(was, becomes)))


@pytest.mark.parametrize("text", [RIGHT + RIGHT, RIGHT + "[other]\n", "form = 3"])
def test_there_is_one_form_and_nothing_beside_it(text: str) -> None:
    assert faults_of(text) == ["One form is wanted here: [[form]] stands once, and all else below it."]


def test_all_faults_are_said_at_once() -> None:
    assert len(faults_of(RIGHT.replace("due_day = 5", "due_day = 50").replace('"ward"', '"w"'))) == 2


def test_without_a_heading_the_lines_are_right_too() -> None:
    text = RIGHT.replace("[[form]]\n", "").replace("form.", "").replace("due_day = 5", "due_day = 50")
    assert faults_of(text) == ["Line 4: “due_day” is at most 28."]
