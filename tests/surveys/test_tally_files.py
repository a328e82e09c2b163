"""Reading tallies: what is taken, and what is refused by name."""

import pytest

from surveys.tally_files import Form, Tally, read_tally_file

PAIRED = Form(items={"q1": "Clean", "q2": "Fast"}, points=4, is_paired=True)
SINGLE = Form(items={"q1": "Clean", "q2": "Fast"}, points=5, is_paired=False)
HEADING = "item,answer,expectation_count,reality_count\n"


def read(lines: str, form: Form = PAIRED, **options: int) -> Tally:
    return read_tally_file((HEADING + lines).encode(), form, **options)


def reasons(tally: Tally) -> list[str]:
    return [f"{bad.line} {bad.reason}" for bad in tally.bad]


def test_a_right_tally_is_taken_and_the_respondents_are_found():
    tally = read("q1,3,4,6\nq1,4,6,4\nq2,1,0,10\nq2,4,10,0\n")
    assert tally.bad == []
    assert tally.respondents == 10
    assert tally.lines[0] == ("q1", 3, 4, 6)


def test_semicolons_and_a_byte_order_mark_are_read():
    content = "\ufeffitem;answer;expectation_count;reality_count\nq1;3;10;10\nq2;3;10;10\n".encode()
    assert read_tally_file(content, PAIRED).bad == []


def test_every_bad_line_is_named():
    tally = read("q9,1,1,1\nq1,5,1,1\nq1,1,x,1\nq1,2,-1,1\nq2,1,5,5\nq2,1,5,5\n")
    assert [bad.line for bad in tally.bad] == [2, 3, 4, 5, 7]


def test_each_side_of_each_item_has_to_add_up():
    tally = read("q1,3,10,10\nq2,3,11,9\n")
    assert [bad.line for bad in tally.bad] == [3, 3]
    assert "11" in reasons(tally)[0] + reasons(tally)[1]
    assert all("q2 (Fast)" in reason for reason in reasons(tally))


def test_the_number_of_respondents_can_be_given():
    assert len(read("q1,3,10,10\nq2,3,10,10\n", respondents=12).bad) == 4


def test_single_answers_leave_the_expectation_empty():
    assert read("q1,5,,10\nq2,3,,10\n", SINGLE).bad == []
    assert [bad.line for bad in read("q1,5,3,10\nq2,3,,10\n", SINGLE).bad] == [2]


def test_paired_answers_need_the_expectation():
    assert [bad.line for bad in read("q1,3,,10\nq2,3,10,10\n").bad] == [2]


def test_items_without_counts_are_told():
    assert read("q1,3,10,10\n").missing == ["q2"]


@pytest.mark.parametrize(
    "content", [b"", b"item,answer\n", HEADING.encode(), b"\xff\xfe", b"item;answer;reality_count\nq1;1;2\n"]
)
def test_a_file_of_something_else_is_refused_and_never_breaks(content: bytes):
    assert len(read_tally_file(content, PAIRED).bad) == 1
