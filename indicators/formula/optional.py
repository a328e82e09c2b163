"""Sums with a part that many hospitals do not have: without it, what is there has to be the sum.

`cash + short_term_securities` is nothing at all where there are no securities; `first(cash +
short_term_securities, cash)` is cash, and the stored value says that it stands on cash alone.
"""

from __future__ import annotations

from collections.abc import Collection

from indicators.formula.alternatives import alternatives_of
from indicators.formula.nodes import Element, Node, Number, Operation, children
from indicators.formula.parse import Formula


def blanked_by(formula: Formula, optional: Collection[str]) -> str | None:
    """The first element of `optional` whose absence would leave a sum of `formula` without a value.

    None where each sum that contains one is also offered without it, by a `first(…)`.
    """
    trees = {alternative.tree for alternative in alternatives_of(formula)}
    for tree in trees:
        for code in formula.codes:
            if code in optional and (rest := _without(tree, code)) != tree and rest not in trees:
                return code
    return None


def _without(tree: Node, code: str) -> Node:
    """The plain formula with every term left out that is an amount of the element, beside other amounts."""
    if not isinstance(tree, Operation):
        return tree
    left, right = _without(tree.left, code), _without(tree.right, code)
    if tree.sign in "+-":
        if _is_amount_of(right, code) and _has_elements(left):
            return left
        if _is_amount_of(left, code) and _has_elements(right):
            return right if tree.sign == "+" else Operation("-", Number(0.0), right)
    return Operation(tree.sign, left, right)


def _is_amount_of(term: Node, code: str) -> bool:
    """Whether it is the element, or so many times the element; its growth is no amount of it."""
    match term:
        case Element(of, _):
            return of == code
        case Operation("*", left, right):
            return _is_amount_of(left, code) or _is_amount_of(right, code)
        case Operation("/", left, right):
            return _is_amount_of(left, code) and not _has_elements(right)
        case Operation(_, left, right):
            return _is_amount_of(left, code) and _is_amount_of(right, code)
    return False


def _has_elements(tree: Node) -> bool:
    return isinstance(tree, Element) or any(_has_elements(child) for child in children(tree))
