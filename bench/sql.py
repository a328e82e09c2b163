"""The same sums in hand-written SQL: pivot, pool over units and periods, divide, store, score.

Two runs: `sums` stops at the values; `scores` goes on to what a recomputation has to leave behind,
the counts of completeness, the score in the range and the roll-up. Both take the short way wherever
they can: no missing values, no choice of formula, one undated range per indicator, one template.
What is written is compared with what the engine stored.
"""

from __future__ import annotations

import time

from bench.setup import report, start

VALUES, SCORES = "bench_sql_value", "bench_sql_score"
SAME_VALUE = "abs(s.value - v.value) <= 1e-9 * abs(v.value) + 1e-12"
SAME_SCORE = "abs(s.score - v.score) <= 1e-6"


def main() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        found: dict[str, float] = {}
        for name, statements in (("sums", _sums(scored=False)), ("scores", _sums(scored=True) + _scores())):
            cursor.execute(_TABLES)
            begun = time.perf_counter()
            for statement in statements:
                cursor.execute(statement)
            found[name] = time.perf_counter() - begun
        counts = {}
        for name, table, stored, key, same in (
            ("values", VALUES, "indicators_indicatorvalue", "unit_id, indicator_id, period", SAME_VALUE),
            ("scores", SCORES, "scorecard_score", "unit_id, period, level, node", SAME_SCORE),
        ):
            cursor.execute(
                f"SELECT (SELECT count(*) FROM {table}), count(*), count(*) FILTER (WHERE {same}) "
                f"FROM {table} s JOIN {stored} v USING ({key})"
            )
            counts[name] = cursor.fetchone()
    report(seconds=found["sums"], seconds_with_scores=found["scores"], **counts)


_TABLES = f"""
DROP TABLE IF EXISTS {VALUES}, {SCORES}, slots, monthly, pooled;
CREATE TABLE {VALUES} (
  unit_id bigint, indicator_id bigint, period integer, value double precision, present integer,
  expected integer, range_low double precision, range_high double precision, score double precision,
  verdict smallint, PRIMARY KEY (unit_id, indicator_id, period));
CREATE TABLE {SCORES} (
  unit_id bigint, period integer, level smallint, node bigint, score double precision, verdict smallint,
  known integer, total integer, PRIMARY KEY (unit_id, period, level, node))
"""

#: One undated range per indicator: of the default standard, else of the one it extends.
_RANGES = """
SELECT DISTINCT ON (r.indicator_id) r.*, i.decimals
FROM indicators_referencerange r
JOIN indicators_standard s ON s.id = r.standard_id AND s.code IN ('depkes_2004', 'general')
JOIN indicators_indicator i ON i.id = r.indicator_id
ORDER BY r.indicator_id, s.code = 'depkes_2004' DESC, r.valid_from DESC
"""

_VERDICT = "CASE WHEN round({0}::numeric, 1) >= 80 THEN 3 WHEN round({0}::numeric, 1) >= 60 THEN 2 ELSE 1 END"


def _scores() -> list[str]:
    nodes = """
        SELECT unit_id, period, {level}, {node}, sum(w * score) / sum(w), sum(known), sum(total)
        FROM ({below}) AS below WHERE score IS NOT NULL GROUP BY unit_id, period, {node}
    """
    weighed = f"""
        SELECT v.unit_id, v.period, v.score, w.objective_id AS node, w.weight AS w,
          (v.score IS NOT NULL)::int AS known, 1 AS total
        FROM {VALUES} v JOIN scorecard_objectiveindicator w USING (indicator_id) WHERE w.weight > 0
    """

    def above(level: int, child: str, parent: str) -> str:
        return f"""
            SELECT s.unit_id, s.period, s.score, c.{parent} AS node, c.weight AS w, s.known, s.total
            FROM {SCORES} s JOIN {child} c ON c.id = s.node WHERE s.level = {level} AND c.weight > 0
        """

    insert = f"INSERT INTO {SCORES} (unit_id, period, level, node, score, known, total)"
    return [
        insert + nodes.format(level=2, node="node", below=weighed),
        insert + nodes.format(level=1, node="node", below=above(2, "scorecard_objective", "perspective_id")),
        insert
        + nodes.format(level=0, node="node", below=above(1, "scorecard_templateperspective", "template_id")),
        f"UPDATE {SCORES} SET verdict = {_VERDICT.format('score')}",
    ]


def _sums(*, scored: bool) -> list[str]:
    """Statements up to the indicator values; with `scored` also counts, ranges, scores and verdicts."""
    from bench.data import CODES
    from indicators.models import DataElement

    elements = {e.code: e for e in DataElement.objects.filter(code__in=CODES)}
    how = {"sum": "sum(e_{0})", "last": "(array_agg(e_{0} ORDER BY m.month DESC))[1]", "mean": "avg(e_{0})"}
    pivot = [f"max(value) FILTER (WHERE element_id = {elements[c].pk}) AS e_{c}" for c in CODES]
    names = [f"e_{c}" for c in CODES]
    over_units = [f"sum(e_{c})" for c in CODES]
    over_months = [f"{how[elements[c].over_time].format(c)} AS e_{c}" for c in CODES]
    if scored:
        pivot += [f"count(value) FILTER (WHERE element_id = {elements[c].pk}) AS n_{c}" for c in CODES]
        names += [f"n_{c}" for c in CODES]
        over_units += [f"sum(n_{c})" for c in CODES]
        over_months += [f"sum(n_{c}) AS n_{c}" for c in CODES]
    days_of_month = "extract(day FROM make_date(year, month, 1) + interval '1 month' - interval '1 day')"
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
        SELECT unit_id, year, month, {days_of_month}::int AS days, e_beds * {days_of_month} AS e_bed_days,
          1 AS units, {", ".join(names)}
        FROM (
          SELECT unit_id, period / 100 AS year, period % 100 AS month, {", ".join(pivot)}
          FROM indicators_datavalue GROUP BY unit_id, period
        ) pivot
        """,
        f"""
        INSERT INTO monthly (unit_id, year, month, days, e_bed_days, units, {", ".join(names)})
        SELECT u.parent_id, year, month, max(days), sum(e_bed_days), sum(units), {", ".join(over_units)}
        FROM monthly JOIN hospitals_unit u ON u.id = monthly.unit_id
        GROUP BY u.parent_id, year, month
        """,
        f"""
        CREATE TEMP TABLE pooled AS
        SELECT unit_id, year, slot_code, sum(days)::double precision AS days, sum(units) AS units,
          sum(e_bed_days) AS e_bed_days, {", ".join(over_months)}
        FROM monthly m JOIN slots USING (month) GROUP BY unit_id, year, slot_code
        """,
        "CREATE INDEX ON pooled (unit_id, year, slot_code)",
        "ANALYZE pooled",
        _insert_values(scored=scored),
    ]


def _insert_values(*, scored: bool) -> str:
    from bench.data import CODES
    from indicators.formula import alternatives_of, parse
    from indicators.models import IndicatorFormula

    known = {*CODES, "bed_days"}
    rows = []
    for formula in IndicatorFormula.objects.order_by("indicator_id"):
        usable = (a for a in alternatives_of(parse(formula.expression)) if set(a.codes) <= known)
        for alternative in usable:
            counts = [f"t.n_{'beds' if code == 'bed_days' else code}" for code in alternative.codes]
            present = f", least({', '.join(counts)})" if scored else ""
            rows.append(f"({formula.indicator_id}, {_sql(alternative.tree)}{present})")
            break
    tables = f"""
        FROM pooled t LEFT JOIN pooled ago
          ON ago.unit_id = t.unit_id AND ago.year = t.year - 1 AND ago.slot_code = t.slot_code
        CROSS JOIN LATERAL (VALUES {", ".join(rows)})
          AS x (indicator_id, value{", present" if scored else ""})
    """
    key = "t.unit_id, x.indicator_id, t.year * 100 + t.slot_code AS period"
    if not scored:
        return f"""
            INSERT INTO {VALUES} (unit_id, indicator_id, period, value)
            SELECT {key}, x.value {tables} WHERE x.value IS NOT NULL
        """
    share = "t.days / CASE WHEN t.year % 4 = 0 THEN 366 ELSE 365 END"

    def edge(column: str) -> str:
        rounded = f"round((r.{column} * {share})::numeric, r.decimals)::double precision"
        return f"CASE WHEN r.per_year AND t.slot_code > 0 THEN {rounded} ELSE r.{column} END"

    return f"""
        INSERT INTO {VALUES}
        SELECT unit_id, indicator_id, period, value, present, expected, low, high, score,
          CASE WHEN score IS NULL THEN NULL ELSE {_VERDICT.format("score")} END
        FROM (
          SELECT *, CASE
            WHEN low IS NULL AND high IS NULL THEN NULL
            WHEN shown < low THEN
              greatest(0, coalesce(100 * (1 - (low - shown) / nullif(low - worst_low, 0)), 0))
            WHEN shown > high THEN
              greatest(0, coalesce(100 * (1 - (shown - high) / nullif(worst_high - high, 0)), 0))
            ELSE 100 END AS score
          FROM (
            SELECT {key}, x.value, x.present, t.units AS expected,
              round(x.value::numeric, coalesce(r.decimals, 2))::double precision AS shown,
              {edge("ideal_low")} AS low, {edge("ideal_high")} AS high,
              {edge("worst_low")} AS worst_low, {edge("worst_high")} AS worst_high
            {tables} LEFT JOIN ({_RANGES}) r USING (indicator_id) WHERE x.value IS NOT NULL
          ) judged
        ) scored
    """


def _sql(node: object) -> str:
    """A plain formula as SQL over the rows `t` (the period) and `ago` (the same a year earlier)."""
    from indicators.formula.nodes import Days, Element, Mean, Number, Operation

    match node:
        case Number(value):
            return repr(value)
        case Element(code, years_ago):
            return f"{'ago' if years_ago else 't'}.e_{code}"
        case Days(years_ago):
            return f"{'ago' if years_ago else 't'}.days"
        case Mean(parts):
            # A sub-select's avg() leaves out what is null, as a part that divides by nothing is here.
            rows = ", ".join(f"({_sql(part)})" for part in parts)
            return f"(SELECT avg(part) FROM (VALUES {rows}) AS parts(part))"
        case Operation("/", left, right):
            return f"({_sql(left)} / nullif({_sql(right)}, 0))"
        case Operation(sign, left, right):
            return f"({_sql(left)} {sign} {_sql(right)})"
    raise TypeError(node)


if __name__ == "__main__":
    start()
    main()
