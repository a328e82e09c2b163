from indicators.formula import Alternative, Input, alternatives_of, parse


def plain(text: str) -> list[Alternative]:
    return list(alternatives_of(parse(text)))


def trees(text: str) -> list[object]:
    return [alternative.tree for alternative in plain(text)]


def tree(text: str) -> object:
    (alternative,) = plain(text)
    return alternative.tree


def test_a_plain_formula_is_its_only_alternative() -> None:
    assert trees("a / b") == [parse("a / b").tree]


def test_the_preferred_alternative_comes_first() -> None:
    assert trees("first(a, b) / c") == [tree("a / c"), tree("b / c")]


def test_the_same_choice_written_twice_is_one_choice() -> None:
    """Growth of realised revenue, or of booked revenue; never of one against the other."""
    assert trees("first(a, b) / year_ago(first(a, b))") == [tree("a / year_ago(a)"), tree("b / year_ago(b)")]


def test_different_choices_are_combined_and_the_first_one_weighs_more() -> None:
    wanted = [tree("a / c"), tree("a / d"), tree("b / c"), tree("b / d")]
    assert trees("first(a, b) / first(c, d)") == wanted


def test_a_choice_inside_a_choice_gives_no_alternative_twice() -> None:
    assert trees("first(first(a, b), c)") == [tree("a"), tree("b"), tree("c")]


def test_year_ago_reaches_everything_inside_it() -> None:
    (alternative,) = plain("year_ago(a / days + year_ago(b))")
    assert alternative.inputs == (Input("a", 1), Input("b", 2))
    assert alternative.days_years_ago == (1,)
    assert alternative.codes == ("a", "b")


def test_there_are_never_more_than_can_be_tried() -> None:
    many = " + ".join(f"first(a{n}, b{n})" for n in range(10))
    assert len(plain(many)) == 32
