"""A formula, and all that a hospital has for it: who keeps its inputs, where they come together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from indicators.engine.facts import Facts
from indicators.engine.grid import LEVELS, years_earlier
from indicators.engine.keeping import Keepers, homes_of, kept_term, pieces_of
from indicators.engine.standing import LAST, LEVEL
from indicators.formula import PlainFormula, Term
from indicators.periods import SLOTS


class Inquiry:
    """A plain formula and what a hospital has for it. `codes` number the bits of what is missing; `others`
    are the other ratios of a `first`, since all of them are one input."""

    def __init__(
        self,
        plain: PlainFormula,
        codes: Sequence[str],
        facts: Mapping[str, Facts],
        keepers: Keepers,
        others: Sequence[PlainFormula] = (),
    ) -> None:
        self.plain, self.codes, self.facts = plain, codes, facts
        self.rules, self.grid = keepers.rules, keepers.grid
        terms = list(dict.fromkeys(term for each in (plain, *others) for term in each.terms))
        back = max(each.years_back for each in (plain, *others))
        #: Terms of the other ratios alone: whoever keeps them is expected too.
        self.others = tuple(terms[len(plain.terms) :])
        #: Who keeps each element of each term, and each term.
        self.kept = {(t, code): keepers.of(code, t.years_ago, back) for t in terms for code in t.codes}
        self.keeping = {t: kept_term(t, self.kept) for t in terms}
        #: Who keeps what a term is only made of.
        self.pieces = {
            (t, code): keepers.of(code, t.years_ago, back)
            for t in plain.terms
            for code in pieces_of(t, self.rules)
        }
        self.homes = homes_of((plain, *others), self.keeping, self.kept, self.pieces, keepers)
        #: Elements that a survey gives when it has them.
        self.of_surveys = {c for t in plain.terms for c in t.codes if _of_nobody(facts.get(c))}
        #: Whether a term is a stock.
        self.stocks = {t: self.rules[t.codes[0]].manner is LAST for t in plain.terms}
        #: Whether a term is a mean, or made of one, beside other terms.
        self.levels = {t: any(map(self._is_level, t.codes)) and not self.is_mean_alone for t in plain.terms}

    @property
    def has_flows(self) -> bool:
        return not all(self.stocks.values())

    @cached_property
    def rolls_up(self) -> bool:
        """Whether what the homes give is added up above them."""
        return all(rule.adds_up for rule in (self.rules[c] for t in self.plain.terms for c in t.codes))

    @cached_property
    def is_mean_alone(self) -> bool:
        """Whether the formula is one mean and nothing else."""
        terms = self.plain.terms
        if len(terms) != 1 or self.plain.tree != terms[0].leaf:
            return False
        return self.rules[terms[0].codes[0]].manner is LEVEL

    def _is_level(self, code: str) -> bool:
        rule = self.rules[code]
        return rule.manner is LEVEL or (
            rule.derived is not None and any(map(self._is_level, rule.derived.codes))
        )

    def gave(self, term: Term, level: int) -> np.ndarray:
        """bool [unit, year, 12]: the unit said something of a term itself."""
        found = [
            self.facts_of(code).standing(self.rules[code].manner, level, self.grid).answered
            for code in term.codes
        ]
        return years_earlier(np.logical_or.reduce(found), term.years_ago)

    def facts_of(self, code: str) -> Facts:
        return self.facts.get(code) or Facts.empty(self.grid)

    def refused(self, term: Term, code: str, level: int) -> np.ndarray:
        """bool [unit, year, 12]: the month was said not to be collected."""
        facts = self.facts_of(code)
        if not facts.not_collected.any():
            return np.zeros(self.grid.open_days.shape, bool)
        return years_earlier(facts.refused(level, self.rules[code].manner), term.years_ago)

    def _given_above_homes(self) -> np.ndarray:
        """bool [unit, year]: a unit above homes gave something itself."""
        found = np.zeros(self.grid.shape[:2], bool)
        for term in self.plain.terms:
            for code in term.codes:
                gave = np.asarray(self.facts_of(code).answered.any(axis=-1))
                found |= years_earlier(gave, term.years_ago)
        found &= self.homes.together & ~self.homes.homes
        return found

    def longer(self) -> np.ndarray:
        """bool [year]: some fact of the formula is longer than a month."""
        found = np.zeros(len(self.grid.years), bool)
        for term in (*self.plain.terms, *self.others):
            for code in term.codes:
                longer = self.facts_of(code).has_longer
                found[term.years_ago :] |= longer[: len(longer) - term.years_ago]
        for term, code in self.pieces:
            longer = self.facts_of(code).has_longer
            found[term.years_ago :] |= longer[: len(longer) - term.years_ago]
        return found

    def stages(self) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Level of the facts that are seen, slots, and positions of years that are asked at once.

        Where all facts are of months they say the same to every period. With stocks one length is asked
        after the other where they depend on the period: beside flows, and of units above or below others.
        """
        longer = self.longer()
        if any(self.stocks.values()):
            apart = self.has_flows or self.homes.with_below.any() or self._given_above_homes().any()
            longer |= apart
        if not longer.all():
            yield 0, np.arange(SLOTS), np.flatnonzero(~longer)
        if longer.any():
            for level, slots in enumerate(LEVELS):
                yield level, np.arange(*slots.indices(SLOTS)), np.flatnonzero(longer)


def _of_nobody(facts: Facts | None) -> bool:
    return facts is not None and facts.asked is not None and facts.asked.of_nobody
