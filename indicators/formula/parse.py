"""From the text of a formula to its tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import gettext as _

from indicators.formula.nodes import Days, Element, First, Mean, Node, Number, Operation, YearAgo, children

LONGEST = 1000
DEEPEST = 40
#: A long chain is a deep tree, and everything walks trees by recursion.
MOST_OPERATIONS = 120
#: What is missing is stored as one bit per element.
MOST_ELEMENTS = 31
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z][A-Za-z0-9_]*)|([-+*/(),−×÷]))")
_SIGNS = {"−": "-", "×": "*", "÷": "/"}
FUNCTIONS = frozenset({"first", "mean", "year_ago"})
RESERVED = FUNCTIONS | {"days"}


class FormulaError(ValueError):
    """A formula that cannot be understood. `position` counts characters from 1."""

    def __init__(self, reason: str, position: int) -> None:
        self.reason, self.position = reason, position
        super().__init__(_("character %(position)s: %(reason)s") % {"position": position, "reason": reason})


@dataclass(frozen=True)
class Formula:
    text: str
    tree: Node

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the data elements it mentions, in the order of their first mention."""
        found: dict[str, None] = {}
        waiting = [self.tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Element):
                found.setdefault(node.code)
            waiting.extend(reversed(children(node)))
        return tuple(found)


@lru_cache(maxsize=2048)
def parse(text: str) -> Formula:
    """Parse a formula. Raises FormulaError with the position of what is not understood."""
    if len(text) > LONGEST:
        raise FormulaError(_("a formula has at most %(most)s characters") % {"most": LONGEST}, LONGEST)
    formula = Formula(text, _Parser(text).whole())
    if len(formula.codes) > MOST_ELEMENTS:
        reason = _("a formula mentions at most %(most)s data elements") % {"most": MOST_ELEMENTS}
        raise FormulaError(reason, len(text))
    return formula


class _Parser:
    """Recursive descent: sum → product → atom."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._tokens())
        self.at = 0
        self.depth = 0
        self.operations = 0

    def _tokens(self) -> Iterator[tuple[str, int]]:
        position = 0
        end = len(self.text.rstrip())
        while position < end:
            match = _TOKEN.match(self.text, position)
            if match is None:
                position += len(self.text[position:]) - len(self.text[position:].lstrip())
                shown = {"what": self.text[position]}
                raise FormulaError(_("“%(what)s” does not belong in a formula") % shown, position + 1)
            yield match.group().strip(), match.end() - len(match.group().strip()) + 1
            position = match.end()
        yield "", end + 1

    @property
    def token(self) -> str:
        return self.tokens[self.at][0]

    def fail(self, reason: str) -> FormulaError:
        return FormulaError(reason, self.tokens[self.at][1])

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][0]

    def expect(self, sign: str) -> None:
        if self.token != sign:
            found = f"“{self.token}”" if self.token else _("the end")
            raise self.fail(_("expected “%(sign)s” but found %(found)s") % {"sign": sign, "found": found})
        self.at += 1

    def whole(self) -> Node:
        tree = self.sum()
        if self.token:
            raise self.fail(_("“%(what)s” is not expected here") % {"what": self.token})
        return tree

    def sum(self) -> Node:
        tree = self.product()
        while self.token in ("+", "-", "−"):
            tree = self.operation(tree, self.product)
        return tree

    def product(self) -> Node:
        tree = self.atom()
        while self.token in ("*", "/", "×", "÷"):
            tree = self.operation(tree, self.atom)
        return tree

    def operation(self, left: Node, right: Callable[[], Node]) -> Node:
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise self.fail(_("a formula has at most %(most)s operations") % {"most": MOST_OPERATIONS})
        sign = self.take()
        return Operation(_SIGNS.get(sign, sign), left, right())

    def atom(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(_("brackets are nested too deeply"))
        tree = self.bare_atom()
        self.depth -= 1
        return tree

    def bare_atom(self) -> Node:
        token = self.token
        if token in ("-", "−"):
            self.at += 1
            return Operation("-", Number(0.0), self.atom())
        if token == "(":
            self.at += 1
            tree = self.sum()
            self.expect(")")
            return tree
        if token and token[0].isdigit():
            return Number(float(self.take()))
        if token and token[0].isalpha():
            return self.named()
        if not token:
            raise self.fail(_("something is missing at the end"))
        raise self.fail(_("“%(what)s” is not expected here") % {"what": token})

    def named(self) -> Node:
        name = self.take()
        if name in FUNCTIONS:
            self.expect("(")
            arguments = [self.sum()]
            while self.token == ",":
                self.at += 1
                arguments.append(self.sum())
            self.expect(")")
            if name == "first":
                return First(tuple(arguments))
            if name == "mean":
                return Mean(tuple(arguments))
            if len(arguments) != 1:
                raise self.fail(_("year_ago takes one argument"))
            return YearAgo(arguments[0])
        if self.token == "(":
            raise self.fail(
                _("“%(name)s” is not a function; there are %(known)s")
                % {"name": name, "known": ", ".join(sorted(FUNCTIONS))}
            )
        return Days() if name == "days" else Element(name)
