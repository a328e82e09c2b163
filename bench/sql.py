"""The same sums in hand-written SQL: pivot, pool over units and periods, divide, store.

It takes the short way wherever it can: no missing values, no scores, no completeness, no choice of
formula. What it writes is compared with what the engine stored.
"""

from __future__ import annotations

import time

from bench.setup import report, start

TABLE = "bench_sql_value"


def main() -> None:
    from django.db import connection

    statements = _statements()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(
            f"CREATE TABLE {TABLE} (unit_id bigint, indicator_id bigint, period integer, "
            "value double precision, PRIMARY KEY (unit_id, indicator_id, period))"
        )
        begun = time.perf_counter()
        for statement in statements:
            cursor.execute(statement)
        seconds = time.perf_counter() - begun
        cursor.execute(
            f"""
            SELECT count(*), count(*) FILTER (WHERE abs(s.value - v.value) <= 1e-9 * abs(v.value) + 1e-12)
            FROM {TABLE} s JOIN indicators_indicatorvalue v USING (unit_id, indicator_id, period)
            """
        )
        compared, agreeing = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        (written,) = cursor.fetchone()
    report(seconds=seconds, indicator_values=written, compared=compared, agreeing=agreeing)


def _statements() -> list[str]:
    from bench.data import CODES
    from indicators.formula import alternatives_of, parse
    from indicators.models import DataElement, IndicatorFormula

    elements = {e.code: e for e in DataElement.objects.filter(code__in=CODES)}
    columns = ", ".join(
        f"max(value) FILTER (WHERE element_id = {elements[code].pk}) AS e_{code}" for code in CODES
    )
    sums = [code for code in CODES if elements[code].over_time == "sum"]
    lasts = [code for code in CODES if elements[code].over_time == "last"]
    means = [code for code in CODES if elements[code].over_time == "mean"]
    over_units = ", ".join(f"sum(e_{code})" for code in CODES)
    names = ", ".join(f"e_{code}" for code in CODES)
    over_months = ", ".join(
        [f"sum(e_{code}) AS e_{code}" for code in sums]
        + [f"(array_agg(e_{code} ORDER BY m.month DESC))[1] AS e_{code}" for code in lasts]
        + [f"avg(e_{code}) AS e_{code}" for code in means]
        + ["sum(e_bed_days) AS e_bed_days"]
    )
    known = {*CODES, "bed_days"}
    formulas = []
    for formula in IndicatorFormula.objects.select_related("indicator"):
        for alternative in alternatives_of(parse(formula.expression)):
            if set(alternative.codes) <= known:
                formulas.append((formula.indicator_id, _sql(alternative.tree)))
                break
    values = ", ".join(f"({indicator}, {sql})" for indicator, sql in formulas)
    return [
        "CREATE TEMP TABLE slots (slot_code int, month int)",
        """
        INSERT INTO slots
        SELECT m, m FROM generate_series(1, 12) m UNION ALL
        SELECT 21 + (m - 1) / 3, m FROM generate_series(1, 12) m UNION ALL
        SELECT 31 + (m - 1) / 6, m FROM generate_series(1, 12) m UNION ALL
        SELECT 0, m FROM generate_series(1, 12) m
        """,
        f"""
        CREATE TEMP TABLE monthly AS
        SELECT unit_id, period / 100 AS year, period % 100 AS month, {columns}
        FROM indicators_datavalue GROUP BY unit_id, period
        """,
        "ALTER TABLE monthly ADD COLUMN days int, ADD COLUMN e_bed_days double precision",
        """
        UPDATE monthly SET
          days = extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day'),
          e_bed_days = e_beds *
            extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day')
        """,
        f"""
        INSERT INTO monthly (unit_id, year, month, days, e_bed_days, {names})
        SELECT u.parent_id, year, month, max(days), sum(e_bed_days), {over_units}
        FROM monthly JOIN hospitals_unit u ON u.id = monthly.unit_id
        GROUP BY u.parent_id, year, month
        """,
        f"""
        CREATE TEMP TABLE pooled AS
        SELECT unit_id, year, slot_code, sum(days)::double precision AS days, {over_months}
        FROM monthly m JOIN slots USING (month) GROUP BY unit_id, year, slot_code
        """,
        "CREATE INDEX ON pooled (unit_id, year, slot_code)",
        "ANALYZE pooled",
        f"""
        INSERT INTO {TABLE}
        SELECT t.unit_id, x.indicator_id, t.year * 100 + t.slot_code, x.value
        FROM pooled t LEFT JOIN pooled ago
          ON ago.unit_id = t.unit_id AND ago.year = t.year - 1 AND ago.slot_code = t.slot_code
        CROSS JOIN LATERAL (VALUES {values}) AS x (indicator_id, value)
        WHERE x.value IS NOT NULL
        """,
    ]


def _sql(node: object) -> str:
    """A plain formula as SQL over the rows `t` (the period) and `ago` (the same a year earlier)."""
    from indicators.formula.nodes import Days, Element, Number, Operation

    match node:
        case Number(value):
            return repr(value)
        case Element(code, years_ago):
            return f"{'ago' if years_ago else 't'}.e_{code}"
        case Days(years_ago):
            return f"{'ago' if years_ago else 't'}.days"
        case Operation("/", left, right):
            return f"({_sql(left)} / nullif({_sql(right)}, 0))"
        case Operation(sign, left, right):
            return f"({_sql(left)} {sign} {_sql(right)})"
    raise TypeError(node)


if __name__ == "__main__":
    start()
    main()
