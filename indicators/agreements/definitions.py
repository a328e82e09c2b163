"""The identities that ship with Imbang, as `contradictions` wants them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from indicators.agreements.contradictions import Agreement, Slack
from indicators.formula import parse


@cache
def agreements() -> tuple[Agreement, ...]:
    """Read once per process. Raises DefinitionError when a file is wrong."""
    # Not before somebody asks: the schemas bring Pydantic, which few processes need.
    from indicators.definition_files import load_tables, refuse_twice
    from indicators.definition_schemas import IdentityTable

    return tuple(
        Agreement(
            code=table.code,
            indicators=tuple(table.indicators),
            implied={code: tuple(map(parse, texts)) for code, texts in table.implied.items()},
            slack={code: Slack(parse(s.less), parse(s.more)) for code, s in table.slack.items()},
        )
        for table in (loaded.table for loaded in refuse_twice(load_tables("identity", IdentityTable)))
    )


def agreeing_with(codes: Iterable[str]) -> set[str]:
    """The indicators that hang together with any of `codes`."""
    given = set(codes)
    return {code for a in agreements() if given & set(a.indicators) for code in a.indicators}
