"""The checks of a form as formulas of a spreadsheet.

They say what `entry.checks` will say: what does not apply counts as 0, and what is not known is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from entry.typed_numbers import NOT_COLLECTED, write
from indicators.totals import ROUNDING


class CheckFormula(NamedTuple):
    """`text` says what is checked; `condition` holds when all is well, with {code} for cells and {days}.

    It is asked when every one of `answered` is a number or does not apply, and all `numbers` are numbers. Of
    these `parts` are nothing where nobody is asked for them.
    """

    text: str
    condition: str
    answered: Sequence[str]
    numbers: Sequence[str] = ()
    parts: Sequence[str] = ()

    @property
    def needed(self) -> set[str]:
        """Codes without which there is nothing to check."""
        return {*self.answered, *self.numbers} - {*self.parts}

    def for_month(self, cells: Mapping[str, str], days: int) -> str:
        """The formula of a month: “OK”, “!”, or nothing where too little is known. `cells` by code."""
        unknown = [_is_unknown(cells[code]) for code in self.answered]
        unknown += [f"NOT(ISNUMBER({cells[code]}))" for code in self.numbers]
        condition = self.condition.format(**cells, days=days)
        return f'=IF(OR({",".join(unknown)}),"",IF({condition},"OK","!"))'


def check_formulas(
    *, totals: Mapping[str, Sequence[str]], checks: Iterable[Mapping[str, Any]], names: Mapping[str, str]
) -> list[CheckFormula]:
    """Those of the totals, their parts by code, then those of the checks that look at one sheet only."""
    found = [_parts(total, parts, names) for total, parts in totals.items()]
    for check in checks:
        match check["kind"]:
            case "balance":
                found.append(_balance(check, names))
            case "at_most":
                found.append(_at_most(check, names))
    return found


def _parts(total: str, parts: Sequence[str], names: Mapping[str, str]) -> CheckFormula:
    condition = f"ABS({_sum([total])}-{_sum(parts)})<{ROUNDING:g}"
    return CheckFormula(f"{names[total]} = {_said(parts, names)}", condition, [total, *parts], parts=parts)


def _balance(check: Mapping[str, Any], names: Mapping[str, str]) -> CheckFormula:
    plus, minus, result = check["plus"], check["minus"], check["result"]
    text, follows = f"{names[result]} = {_said(plus, names)}", _sum(plus)
    if minus:
        text, follows = f"{text} − ({_said(minus, names)})", f"{follows}-{_sum(minus)}"
    condition = f"ABS({_sum([result])}-({follows}))<0.001"
    return CheckFormula(text, condition, [result, *plus, *minus])


def _at_most(check: Mapping[str, Any], names: Mapping[str, str]) -> CheckFormula:
    these, of, factor = check["these"], check["of"], check["factor"]
    limits = [_said(of, names)] if of else []
    limits += [_("days of the month")] if check["per_day"] else []
    limits += [write(factor)] if factor != 1 or not limits else []
    limit = f"{_sum(of) if of else 1}*{factor:g}" + ("*{days}" if check["per_day"] else "")
    text = f"{_said(these, names)} ≤ {' × '.join(limits)}"
    return CheckFormula(text, f"{_sum(these)}<={limit}+0.001", these, of)


def sum_of_cells(column: str, rows: Sequence[int]) -> str:
    """What stands in the cell of a total that nobody typed: nothing until all its parts are known."""
    cells = [f"{column}{row}" for row in rows]
    unknown = ",".join(_is_unknown(cell) for cell in cells)
    return f'=IF(OR({unknown}),"",SUM({",".join(cells)}))'


def _said(codes: Sequence[str], names: Mapping[str, str]) -> str:
    return " + ".join(names[code] for code in codes)


def _sum(codes: Sequence[str]) -> str:
    """A sum in which words count as 0."""
    return "SUM(" + ",".join(f"{{{code}}}" for code in codes) + ")"


def _is_unknown(cell: str) -> str:
    """Also where a formula gives nothing yet, which is not blank for a spreadsheet."""
    return ",".join(f'{cell}="{word}"' for word in ("", *sorted(NOT_COLLECTED)))
