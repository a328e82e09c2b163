"""On which line of a TOML text something stands; `tomllib` only says it of what it cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

#: Keys and positions in lists from the top of the document, as pydantic names a place.
Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>\#[^\n]*)|(?P<mark>[\[\]{},=\n])|(?P<word>[^\s\[\]{},=\"'#]+)",
    re.DOTALL,
)


class _Token(NamedTuple):
    text: str
    line: int

    @property
    def keys(self) -> list[str]:
        """The parts of a key, which may be quoted or dotted."""
        return [self.text[1:-1]] if self.text[0] in "\"'" else self.text.split(".")


def lines_of(text: str) -> dict[Place, int]:
    """Line, counted from 1, of every table, key and list item of a text that `tomllib` can read.

    What comes after something that no form has, as a date with a blank in it, may be left out.
    """
    reader = _Reader(list(_tokens(text)))
    with suppress(IndexError):
        reader.read()
    return reader.lines


def _tokens(text: str) -> Iterator[_Token]:
    line, at = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        if found.lastgroup != "comment":
            yield _Token(found.group(), line)


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.lines: dict[Place, int] = {}
        #: How many tables `[[…]]` has begun, less one.
        self.last_of: dict[Place, int] = {}

    def read(self) -> None:
        table: Place = ()
        while self._more():
            if self._sees("\n"):
                self.at += 1
            elif self._sees("["):
                table = self._heading()
            else:
                self._pair(table)

    def _more(self) -> bool:
        return self.at < len(self.tokens)

    def _sees(self, mark: str) -> bool:
        return self._more() and self.tokens[self.at].text == mark

    def _next(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _heading(self) -> Place:
        line = self._next().line
        in_list = self._sees("[")
        self.at += in_list
        keys: list[str] = []
        while not self._sees("]"):
            keys += [key for key in self._next().keys if key]
        self.at += 1 + in_list
        place: Place = ()
        for number, key in enumerate(keys):
            place += (key,)
            if in_list and number == len(keys) - 1:
                self.last_of[place] = self.last_of.get(place, -1) + 1
            self.lines.setdefault(place, line)
            if place in self.last_of:
                place += (self.last_of[place],)
        self.lines.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> None:
        place, line = table, self.tokens[self.at].line
        while not self._sees("="):
            for key in self._next().keys:
                if key:
                    place += (key,)
                    self.lines.setdefault(place, line)
        self.at += 1
        self._value(place)

    def _value(self, place: Place) -> None:
        token = self._next()
        self.lines.setdefault(place, token.line)
        if token.text == "[":
            number = 0
            while not self._skip("]"):
                self._value((*place, number))
                number += 1
        elif token.text == "{":
            while not self._skip("}"):
                self._pair(place)

    def _skip(self, closing: str) -> bool:
        """Pass commas and line ends; whether `closing` came, which is passed as well."""
        while self._sees(",") or self._sees("\n"):
            self.at += 1
        if self._sees(closing):
            self.at += 1
            return True
        return not self._more()
