"""The engine a second time: slow, obvious, one number at a time, written from the rules in words.

Loops over dictionaries, no arrays and no slots. `test_agreement.py` compares it with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from indicators.engine.compute import MUCH_MORE, Flag, IndicatorRule, Reason
from indicators.formula import nodes
from tests.indicators.engine.reference_formula import (
    Key,
    NoCasesError,
    UnknownError,
    calculate,
    keys_of,
    plain_formulas,
)
from tests.indicators.engine.reference_world import (
    SPANS,
    YEAR,
    Contribution,
    Fact,
    Span,
    World,
    covered_months,
    days_in,
    inside,
    is_answer,
    own_stock,
    strictly_inside,
    used,
)


@dataclass
class Answer:
    """An indicator of one unit and period."""

    value: float | None
    reason: Reason
    missing: set[str]
    present: int
    expected: int
    alternative: int
    flags: Flag


class PlainFormula:
    """One plain formula in a world."""

    def __init__(self, world: World, tree: nodes.Node) -> None:
        self.world, self.tree = world, tree
        self.keys = keys_of(tree)
        self.flows = [k for k in self.keys if world.rules[k.code].over_time == "sum"]
        self.stocks = [k for k in self.keys if world.rules[k.code].over_time != "sum"]
        # Asked again for every period; remembering changes nothing but the time it takes.
        self.flow_figures = cache(self._flow_figures)
        self.contributions = cache(self._contributions)

    def adds_up(self, key: Key) -> bool:
        return self.world.rules[key.code].over_units == "sum"

    def covers(self, key: Key, unit: int, year: int, within: Span = YEAR) -> set[int]:
        return covered_months(self.world.own(key, unit, year), within)

    def blocked_months(self, keys: list[Key], unit: int, year: int) -> set[int]:
        """Months in which the unit owes one of the inputs, or one is not applicable, beside another."""
        if len(keys) < 2:
            return set()
        covered = {key: self.covers(key, unit, year) for key in keys}
        return {
            month
            for month in range(1, 13)
            if any(month in months for months in covered.values())
            and any(
                (
                    unit in self.world.reporters[key.code]
                    and (unit, year - key.years_ago, month) in self.world.open_months
                    and month not in covered[key]
                )
                or month in self._absent_months(key, unit, year)
                for key in keys
            )
        }

    def _absent_months(self, key: Key, unit: int, year: int) -> set[int]:
        facts = used(self.world.own(key, unit, year))
        return {m for s, f in facts.items() if f == "NA" for m in range(s[0], s[1] + 1)}

    def usable(self, keys: list[Key], key: Key, unit: int, year: int) -> dict[Span, Fact]:
        """What is left of a unit's facts when the months are gone in which it owes another input."""
        blocked = self.blocked_months(keys, unit, year)
        facts = {s: f for s, f in self.world.own(key, unit, year).items() if is_answer(f)}
        if not blocked:
            return facts
        left = {}
        for span, fact in used(facts).items():
            months = set(range(span[0], span[1] + 1))
            idle = {m for m in months if m in blocked or (unit, year, m) not in self.world.open_months}
            if fact == "NA" or not (months & blocked and (months == idle or span[0] == span[1])):
                left[span] = fact
        return left

    def _contributions(self, key: Key, unit: int, year: int) -> dict[Span, Contribution]:
        """The parts of a flow at a unit, no two of one unit covering the same month twice."""
        own = self.usable(self.flows, key, unit, year)
        result: dict[Span, Contribution] = {}
        below: dict[Span, Contribution] = {}
        if self.adds_up(key):
            for child in self.world.children(unit):
                for span, part in self.contributions(key, child, year).items():
                    total = below.setdefault(span, Contribution())
                    if part.number is not None:
                        total.number = (total.number or 0.0) + part.number
                    total.not_applicable |= part.not_applicable
        for span in SPANS:
            shorter_known = any(strictly_inside(s, span) for s in result)
            own_shorter = any(strictly_inside(s, span) for s in own)
            if span in own and not shorter_known and not own_shorter:
                fact = own[span]
                result[span] = Contribution(None, True) if fact == "NA" else Contribution(fact)
            elif span in below and not own_shorter:
                result[span] = below[span]
        return result

    def _flow_figures(self, unit: int, year: int) -> dict[Key, dict[Span, Contribution]]:
        """Contributions of all flows in the months in which all of them are known at the unit."""
        parts = {key: self.contributions(key, unit, year) for key in self.flows}
        if len(parts) < 2:
            return parts
        known = [
            {m for s, c in part.items() if c.number is not None for m in range(s[0], s[1] + 1)}
            for part in parts.values()
        ]
        together = set.intersection(*known)
        paired = {
            key: {
                s: c if s[0] != s[1] or s[0] in together else Contribution(None, c.not_applicable)
                for s, c in part.items()
            }
            for key, part in parts.items()
        }
        return {key: self._beside(key, paired, together, unit, year) for key in paired}

    def _beside(
        self, key: Key, paired: dict[Key, dict[Span, Contribution]], together: set[int], unit: int, year: int
    ) -> dict[Span, Contribution]:
        """A figure of a longer period beside months: cut to them, or left out where they are not complete."""

        def numbers(k: Key) -> set[Span]:
            return {s for s, c in paired[k].items() if c.number is not None}

        result = dict(paired[key])
        for span in SPANS:
            mine = numbers(key)
            if span[0] == span[1] or span not in mine or any(strictly_inside(s, span) for s in mine):
                continue
            others = [
                k
                for k in paired
                if span not in numbers(k) and any(s[0] == s[1] and inside(s, span) for s in numbers(k))
            ]
            if not others:
                continue
            months = range(span[0], span[1] + 1)
            if self.world.rules[key.code].is_per_day:
                share = sum(days_in(year, (m, m)) for m in months if m in together) / days_in(year, span)
                old = result[span]
                result[span] = Contribution((old.number or 0.0) * share, old.not_applicable)
            elif any(self._is_owed(unit, year, m) for m in months if m not in together):
                result[span] = Contribution(None, result[span].not_applicable)
        return result

    def _is_owed(self, unit: int, year: int, month: int) -> bool:
        units = [unit, *self.world.descendants(unit)]
        return (year, month) < self.world.due_before and any(
            (u, year, month) in self.world.open_months for u in units
        )

    def stock(self, key: Key, unit: int, year: int, span: Span) -> tuple[float | None, int, bool]:
        """Figure, rank and whether it is not applicable."""
        own = {s: f for s, f in self.world.own(key, unit, year).items() if is_answer(f)}
        figure, rank = own_stock(self.world.rules[key.code].over_time, own, span)
        absent = any(f == "NA" and inside(s, span) for s, f in own.items())
        children = self.world.children(unit) if self.adds_up(key) else []
        below = [self.stock(key, child, year, span) for child in children]
        below_rank = max((part[1] for part in below), default=-1)
        if below_rank > rank:
            figure = sum(part[0] for part in below if part[0] is not None)
            rank = below_rank
        absent |= any(part[2] for part in below)
        return figure, rank, absent and rank < 0

    def figure(self, key: Key, unit: int, year: int, span: Span) -> tuple[float | None, bool]:
        """The pooled figure, and whether it is not applicable."""
        if key in self.stocks:
            figure, _rank, absent = self.stock(key, unit, year, span)
            return figure, absent
        parts = [c for s, c in self.flow_figures(unit, year)[key].items() if inside(s, span)]
        numbers = [part.number for part in parts if part.number is not None]
        if numbers:
            return sum(numbers), False
        return None, any(part.not_applicable for part in parts)

    def coverage(self, unit: int, year: int, span: Span) -> tuple[int, int]:
        """Present and expected: flows by unit and month, stocks once per unit."""
        present = expected = 0
        if self.flows:
            for month in range(span[0], span[1] + 1):
                p, e = self._with_parts(unit, lambda u, m=month: self._month(u, year, m, span))
                present, expected = present + p, expected + e
        if self.stocks:
            p, e = self._with_parts(unit, lambda u: self._last_month(u, year, span))
            present, expected = present + p, expected + e
        return present, expected

    def _month(self, unit: int, year: int, month: int, span: Span) -> tuple[bool, bool, bool]:
        """Present, expected, and whether the unit answered every flow itself.

        A month that is not due yet counts once everything the unit reports is there.
        """
        answered = {key: month in self.covers(key, unit, year, span) for key in self.flows}
        reported = [key for key in self.flows if unit in self.world.reporters[key.code]]
        works = [key for key in reported if self.world.works(unit, year - key.years_ago, month)]
        complete = all(answered[key] for key in works)
        is_due = bool(works) and (year, month) < self.world.due_before
        expected = is_due or (complete and any(answered[key] for key in reported))
        return expected and complete, expected, all(answered.values())

    def _last_month(self, unit: int, year: int, span: Span) -> tuple[bool, bool, bool]:
        """The same for stocks: asked is the last month that is due, else any."""
        months = range(span[0], span[1] + 1)
        is_due = given = False
        complete = answered_all = True
        for key in self.stocks:
            covered = self.covers(key, unit, year, span)
            reports = unit in self.world.reporters[key.code]
            works = [m for m in months if reports and self.world.works(unit, year - key.years_ago, m)]
            due = [m for m in works if (year, m) < self.world.due_before]
            answered = due[-1] in covered if due else bool(covered.intersection(months))
            is_due |= bool(due)
            given |= reports and bool(covered.intersection(months))
            complete &= answered or not works
            answered_all &= answered
        expected = is_due or (given and complete)
        return expected and complete, expected, answered_all

    def days_so_far(self, unit: int, year: int, span: Span) -> int:
        """Days of the months that are due, or reported early by the unit or its parts; else of all."""
        early = {
            month
            for key in self.flows
            if key.years_ago == 0
            for u in [unit, *self.world.descendants(unit)]
            for month in self.covers(key, u, year)
        }
        months = [m for m in range(span[0], span[1] + 1) if (year, m) < self.world.due_before or m in early]
        return sum(days_in(year, (m, m)) for m in months) or days_in(year, span)

    def _with_parts(self, unit: int, own: Callable[[int], tuple[bool, bool, bool]]) -> tuple[int, int]:
        """A unit that answered everything itself answers for its parts."""
        own_present, own_expected, own_all = own(unit)
        present, expected = int(own_present), int(own_expected)
        children = self.world.children(unit)
        for child in children:
            p, e = self._with_parts(child, own)
            present, expected = present + p, expected + e
        if children and own_all:
            expected = max(expected, 1)
            present = expected
        return present, expected

    def _facts_below(self, key: Key, unit: int, year: int, span: Span) -> Iterable[Fact]:
        """All facts of the period, of the unit and, where they add up, of its parts."""
        units = [unit, *self.world.descendants(unit)] if self.adds_up(key) else [unit]
        return [f for u in units for s, f in self.world.own(key, u, year).items() if inside(s, span)]

    def answer(self, unit: int, year: int, span: Span) -> Answer:
        figures = {key: self.figure(key, unit, year, span) for key in self.keys}
        lacking = [key for key, (number, absent) in figures.items() if number is None and not absent]
        facts = {key: self._facts_below(key, unit, year, span) for key in lacking}
        missing = {key.code for key in lacking if not any(isinstance(f, float) for f in facts[key])}
        present, expected = self.coverage(unit, year, span)
        flags = self.flags(unit, year, span)

        def figure(element: nodes.Element) -> float | None:
            return figures[Key(element.code, element.years_ago)][0]

        try:
            value = calculate(
                self.tree,
                figure,
                lambda ago: days_in(year - ago, span) if ago else self.days_so_far(unit, year, span),
            )
            return Answer(value, Reason.NONE, set(), present, expected, 0, flags)
        except NoCasesError:
            reason = Reason.NO_CASES
        except UnknownError:
            if any("NC" in facts[key] for key in lacking):
                reason = Reason.NOT_COLLECTED
            elif missing:
                reason = Reason.MISSING
            elif any(absent for _number, absent in figures.values()):
                reason = Reason.NOT_APPLICABLE
            else:
                reason = Reason.NOT_TOGETHER
        return Answer(None, reason, missing, present, expected, 0, flags)

    def flags(self, unit: int, year: int, span: Span) -> Flag:
        found = Flag(0)
        for key in self.keys:
            for u in [unit, *self.world.descendants(unit)] if self.adds_up(key) else [unit]:
                own = [s for s, f in self.world.own(key, u, year).items() if is_answer(f)]
                below = self.world.descendants(u) if self.adds_up(key) else []
                theirs = [s for d in below for s, f in self.world.own(key, d, year).items() if is_answer(f)]
                for s in own:
                    if inside(s, span):
                        if s in theirs:
                            found |= Flag.STANDS_FOR_PARTS
                        if any(strictly_inside(other, s) for other in [*own, *theirs]):
                            found |= Flag.YEAR_AND_MONTHS
        return found


def answer(world: World, rule: IndicatorRule, unit: int, year: int, span: Span) -> Answer:
    """The indicator of one unit and period: the alternative chosen, then the result as reported."""
    best: Answer | None = None
    for number, tree in enumerate(plain_formulas(rule.versions[0].formula.tree)):
        found = PlainFormula(world, tree).answer(unit, year, span)
        found.alternative = number
        if best is None:
            best = found
        elif found.value is not None:
            if best.value is None or MUCH_MORE * found.present > best.present:
                best = found
        elif best.value is None and len(found.missing) < len(best.missing):
            best = found
    assert best is not None
    reported = world.facts.get((rule.as_reported, unit, year, span))
    if best.value is None and isinstance(reported, float):
        best.value, best.reason = reported, Reason.NONE
        best.missing, best.present, best.expected = set(), 1, 1
        best.flags |= Flag.AS_REPORTED
    return best
