"""What each unit says, keeps and owes, as one formula and year see it (rules 1, 4, 10 and 11)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from indicators.formula import parse
from tests.indicators.engine import reference_formula as formulas
from tests.indicators.engine.reference_formula import Choice, Element, Source, leaves, worth
from tests.indicators.engine.reference_world import (
    NA,
    NC,
    Piece,
    Span,
    Value,
    World,
    holds,
    months_of,
    months_win,
    overlap,
    pieces_of_fact,
)
from tests.indicators.engine.reference_world import Element as WorldElement


class Units:
    """The units of a world as a formula that looks `back` so many years sees them in `year`."""

    def __init__(self, world: World, year: int, back: int, trees: Collection[formulas.Tree]) -> None:
        self.world, self.year, self.back = world, year, back
        #: In which years each choice is asked for: it is decided alike in all of them.
        self.choice_years: dict[object, set[int]] = {}
        for source in [each for tree in trees for each in formulas.sources(tree)]:
            if isinstance(source, Choice):
                self.choice_years.setdefault(source.node, set()).add(source.years_ago)
        self._pieces: dict[tuple[str, Element], list[Piece]] = {}
        self._owes: dict[tuple, bool] = {}
        self._keeps: dict[tuple[str, str], bool] = {}

    def is_open(self, unit: str, years_ago: int, month: int) -> bool:
        return self.world.is_open(unit, self.year - years_ago, month)

    # What it says

    def pieces(self, unit: str, source: Element) -> list[Piece]:
        """All that the unit itself says of an element in its year, by rules 1 and 11."""
        if (unit, source) not in self._pieces:
            self._pieces[unit, source] = self._said(unit, source)
        return self._pieces[unit, source]

    def _said(self, unit: str, source: Element) -> list[Piece]:
        element, year = self.world.elements[source.code], self.year - source.years_ago
        if element.derived is not None:
            tree = formulas.alternatives(parse(element.derived).tree)[()]
            made_of = {each: Element(each.code, source.years_ago) for each in leaves(tree)}
            return self.combined(
                unit,
                source.years_ago,
                {each: self.pieces(unit, there) for each, there in made_of.items()},
                lambda leaf, month: True,
                lambda values, days: worth(tree, lambda node: values.get(node, days)),
            )
        typed = [
            piece
            for span, value in self.world.facts_of(unit, source.code).get(year, {}).items()
            for piece in pieces_of_fact(self.world, unit, year, span, value, element.over_time)
        ]
        told = {piece.told_for for piece in typed}
        # Rule 11: the total follows from the parts that the unit keeps, unless it was typed itself.
        followed = self.combined(
            unit,
            source.years_ago,
            {part: self.pieces(unit, Element(part, source.years_ago)) for part in element.parts},
            lambda part, month: self.owes(unit, Element(part, source.years_ago), month),
            lambda values, days: added(values.values()),
        )
        followed = [
            one
            for one in followed
            if one.told_for not in told and not self._is_its_own(unit, element, year, one.told_for)
        ]
        if element.parts:
            followed = self._whole_totals(unit, source, followed, told)
        return months_win(typed + followed, element.over_time)

    def _whole_totals(
        self, unit: str, source: Element, followed: list[Piece], told: set[Span]
    ) -> list[Piece]:
        """Rule 11: some parts above are no total of what units below keep too. There it is not known, and as
        what was not collected it stands in the way of those below; but nobody has said that."""
        element, year = self.world.elements[source.code], self.year - source.years_ago
        parts = {part: self.pieces(unit, Element(part, source.years_ago)) for part in element.parts}
        numbers = [p for each in parts.values() for p in each if not isinstance(p.value, str)]
        found = list(followed)
        for span in {p.span for each in parts.values() for p in each if p.value != NC}:
            inside = [p for p in numbers if holds(span, p.span)]
            is_open = [month for month in months_of(span) if self.is_open(unit, source.years_ago, month)]
            is_refused = any(one.span == span and one.value == NC for one in followed)
            if not inside or not is_open or is_refused:
                continue
            told_for = max((p.told_for for p in inside), key=lambda s: s[1] - s[0])
            if told_for in told or self._is_its_own(unit, element, year, told_for):
                continue
            total_below = self._owed_below(unit, element.code, year, span)
            part_below = {part for part in parts if self._owed_below(unit, part, year, span)}
            here = [one for one in followed if one.span == span and one.value != NC]
            asked = all(self.has_form(unit, element.code, month, year) for month in is_open)
            needed = set() if asked else set(parts) if total_below else part_below
            whole = {p for p, each in parts.items() if covers([x for x in each if x.value != NC], is_open)}
            if (total_below or part_below) and (not here or needed - whole):
                found = [one for one in found if one.span != span]
                found.append(Piece(unit, span, NC, told_for, is_said=False))
        return found

    def _owed_below(self, unit: str, code: str, year: int, span: Span) -> bool:
        """Whether an open unit below is to give the element itself in some month of the span."""
        return any(
            self.world.is_open(each, year, month) and self._owes_itself(each, code, year, month, 0)
            for each in self.world.within(unit)[1:]
            for month in months_of(span)
        )

    def _is_its_own(self, unit: str, total: WorldElement, year: int, span: Span) -> bool:
        """Rule 11: whether the unit typed the total itself in that year, and in some month of the span no
        form of it asks for any of the parts."""
        if not self.world.gave(unit, total.code, [year]):
            return False
        spans = [s for part in total.parts for s in (self.world.duties or {}).get(part, {}).get(unit, [])]
        return not all(
            any(first <= (year, month) and (last is None or (year, month) <= last) for first, last in spans)
            for month in months_of(span)
            if self.world.is_open(unit, year, month)
        )

    def combined(
        self,
        unit: str,
        years_ago: int,
        pieces: dict,
        is_needed: Callable[..., bool],
        value_of: Callable[[dict, int], Value],
    ) -> list[Piece]:
        """What follows from several things of one unit: per month, or per span that none of them cuts.

        Each must be told in all open months in which it is needed; what is told beyond is taken in. What was
        not collected is said of its own span too, where all the rest is told in it.
        """
        found = []
        # What the unit need not give, and says not to be collected, is no part of it.
        pieces = {
            key: [p for p in each if p.value != NC or any(is_needed(key, month) for month in p.months)]
            for key, each in pieces.items()
        }
        spans = outermost({piece.span for each in pieces.values() for piece in each})
        refused = {piece.span for each in pieces.values() for piece in each if piece.value == NC}
        for outer in [*spans, *(refused - set(spans))]:
            whole = outer in spans
            inside = {
                key: [p for p in each if holds(outer, p.span if whole else p.told_for)]
                for key, each in pieces.items()
            }
            is_open = [month for month in months_of(outer) if self.is_open(unit, years_ago, month)]
            needed = {key: [month for month in is_open if is_needed(key, month)] for key in pieces}
            keys = [key for key in pieces if inside[key] or needed[key]]
            if not is_open or not all(covers(inside[key], needed[key]) for key in keys):
                continue
            told_for = max((p.told_for for key in keys for p in inside[key]), key=lambda s: s[1] - s[0])
            said = {key: self._summary(inside[key], key) for key in keys}
            if NC in said.values():
                value: Value = NC
            elif not whole:
                continue
            else:
                days = sum(len(self.world.open_days(unit, self.year - years_ago, m)) for m in is_open)
                value = value_of(said, days)
            found.append(Piece(unit, outer, value, told_for if holds(told_for, outer) else outer))
        return found

    def _summary(self, pieces: list[Piece], key: Element | str) -> Value:
        """One value of the pieces inside a span: of a level the mean of its months, of the rest the sum."""
        values = [piece.value for piece in pieces]
        if NC in values:
            return NC
        total = added(values)
        code = key.code if isinstance(key, Element) else key
        if total != NA and self.world.elements[code].over_time == "mean":
            return total / sum(value != NA for value in values)
        return total

    # What it keeps and owes

    def owes(self, unit: str, source: Source, month: int) -> bool:
        """Whether the unit is to give the input in a month of its year (rules 4 and 10), when it is open."""
        key = (unit, source, month)
        if key not in self._owes:
            if isinstance(source, Choice):
                owed = any(all(self.owes(unit, leaf, month) for leaf in leaves(o)) for o in source.options)
            else:
                owed = self._owes_element(unit, source, month)
            self._owes[key] = owed
        return self._owes[key]

    def _owes_element(self, unit: str, source: Element, month: int) -> bool:
        element, year = self.world.elements[source.code], self.year - source.years_ago
        if element.derived is not None:
            made_of = leaves(formulas.alternatives(parse(element.derived).tree)[()])
            return all(self.owes(unit, Element(each.code, source.years_ago), month) for each in made_of)
        return self._owes_itself(unit, source.code, year, month) or any(
            self.owes(unit, Element(part, source.years_ago), month) for part in element.parts
        )

    def _owes_itself(self, unit: str, code: str, year: int, month: int, back: int | None = None) -> bool:
        """By its forms; before the first form with the element begins anywhere, by having given it."""
        forms = (self.world.duties or {}).get(code, {})
        begins = [first for spans in forms.values() for first, _last in spans]
        if begins and min(begins) <= (year, month):
            return self.has_form(unit, code, month, year)
        years = range(self.year - self.back - 1, self.year + 1)
        if back is not None:
            years = range(year - back - 1, year + 1)
        return self.world.gave(unit, code, years, min(begins, default=(9999, 1)))

    def has_form(self, unit: str, code: str, month: int, year: int | None = None) -> bool:
        """Whether a form asks the unit for it in the month, of its year unless another is told."""
        when = year or self.year, month
        spans = (self.world.duties or {}).get(code, {}).get(unit, [])
        return any(first <= when and (last is None or when <= last) for first, last in spans)

    def is_of_a_survey(self, code: str) -> bool:
        """Whether no unit is asked for it month by month."""
        return (self.world.duties or {}).get(code) == {}

    def keeps(self, unit: str, leaf: Element) -> bool:
        """Whether the unit keeps the element, to find homes by: in any month of the years compared."""
        if (unit, leaf.code) not in self._keeps:
            self._keeps[unit, leaf.code] = self._keeps_element(unit, leaf)
        return self._keeps[unit, leaf.code]

    def _keeps_element(self, unit: str, leaf: Element) -> bool:
        element = self.world.elements[leaf.code]
        if element.derived is not None:
            made_of = leaves(formulas.alternatives(parse(element.derived).tree)[()])
            return all(self.keeps(unit, each) for each in made_of)
        return (
            any(self.keeps(unit, Element(part)) for part in element.parts)
            or self.world.gave(unit, leaf.code, range(self.year - self.back, self.year + 1))
            or any(self._keeps_in(unit, leaf.code, years_ago) for years_ago in range(self.back + 1))
        )

    def _keeps_in(self, unit: str, code: str, years_ago: int) -> bool:
        year, by_form = self.year - years_ago, code in (self.world.duties or {})
        return any(
            self._owes_itself(unit, code, year, month)
            and (not by_form or self.world.is_open(unit, year, month))
            for month in range(1, 13)
        )

    def _keeps_option(self, unit: str, tree: formulas.Tree) -> bool:
        return all(self.keeps(unit, leaf) for leaf in leaves(tree))

    def keeps_source(self, unit: str, source: Source) -> bool:
        if isinstance(source, Element):
            return self.keeps(unit, source)
        return any(self._keeps_option(unit, option) for option in source.options)

    def made_of(self, source: Source) -> list[Element]:
        """What an input is only made of, where it is made of several things: the elements of an option that
        is a sum, and what adds up of that from which it is derived."""
        elements, found = self.world.elements, []
        options = source.options if isinstance(source, Choice) else (source,)
        for option in options:
            of_option = leaves(option)
            for leaf in [each for each in of_option if elements[each.code].over_units == "sum"]:
                derived = elements[leaf.code].derived
                from_which = parse(derived).codes if derived else ()
                codes = [leaf.code] if len(of_option) > 1 else []
                codes += from_which if len(from_which) > 1 else ()
                found += [Element(c, leaf.years_ago) for c in codes if elements[c].over_units == "sum"]
        return found

    def keeps_several(self, unit: str, choice: Choice) -> bool:
        """Whether it keeps more than one option of a choice, so that it decides by itself."""
        return sum(self._keeps_option(unit, option) for option in choice.options) > 1


def added(values: Collection[Value]) -> Value:
    """Their sum: what is not applicable adds nothing, and alone is not applicable."""
    numbers = [value for value in values if not isinstance(value, str)]
    return sum(numbers) if numbers else NA


def covers(pieces: list[Piece], months: list[int]) -> bool:
    return all(any(month in piece.months for piece in pieces) for month in months)


def outermost(spans: set[Span]) -> list[Span]:
    """Those that no other holds: spans lie inside one another or apart."""
    return sorted(
        s for s in spans if not any(other != s and overlap(other, s) and holds(other, s) for other in spans)
    )
