"""Recomputing a hospital: the one place where indicator values and scores are written."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hospitals.models import Hospital, User
from hospitals.tree import UnitTree
from indicators.bulk import carry_out
from indicators.catalogue import Catalogue
from indicators.computing import (
    Scope,
    compute,
    scope_of_changes,
    scope_of_everything,
)
from indicators.following import read_stamp, read_stamp_at_rest
from indicators.held import held
from indicators.marks import EVERYTHING, Change, mark_changed, mark_everything
from indicators.models import (
    ApprovedIndicatorValue,
    Computation,
    IndicatorValue,
    JudgedUnder,
    LeftOut,
    RecomputeMark,
)
from indicators.models.definition import ALWAYS
from indicators.periods import Period, month_of
from indicators.reading import years_with_values
from scorecard.models import ApprovedScore, Score
from scorecard.storing import NOTHING, ToStore, changes_to_store
from scorecard.templates_in_force import templates_of


@dataclass(frozen=True)
class Recomputed:
    """What a recomputation took and wrote."""

    marks: int
    indicator_values: int
    scores: int


#: How often a database without row locks computes beside its writers before it makes them wait.
ATTEMPTS_BESIDE_WRITERS = 3
_one_at_a_time = threading.RLock()


def recompute_scores(*, hospital_id: int, today: dt.date | None = None) -> Recomputed:
    """Take the marks of a hospital, recompute what depends on them, remove them with the results.

    Marks are read before the values: whatever is saved later leaves a mark of its own, so that nothing
    is lost and doing it twice changes nothing. A hospital without marks costs one query.

    One worker at a time holds the hospital's `Computation` row. SQLite has no row locks: a transaction
    would keep everybody from saving while it computes. There the results are stored only if nobody else
    has stored any since the marks were read, and computed again otherwise.
    """
    if not RecomputeMark.objects.filter(hospital=hospital_id).exists():
        return Recomputed(0, 0, 0)
    hospital = Hospital.objects.get(pk=hospital_id)
    Computation.objects.get_or_create(hospital=hospital)
    today = today or timezone.localdate()
    if not connection.features.has_select_for_update:
        # The threads of one worker would only make each other start again.
        with _one_at_a_time:
            for _attempt in range(ATTEMPTS_BESIDE_WRITERS):
                prepared = _prepare(Computation.objects.get(hospital=hospital), today)
                if not prepared.marks:
                    return Recomputed(0, 0, 0)
                before = prepared.computation.computed_at
                with transaction.atomic():
                    if Computation.objects.filter(hospital=hospital, computed_at=before).exists():
                        return _finish(prepared, today)
    with transaction.atomic():
        return _finish(_prepare(Computation.objects.select_for_update().get(hospital=hospital), today), today)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """What was computed from which marks, under definitions of which stamp. `is_empty`: the hospital has
    no values at all. `earlier_years`: years before the running one were computed as well."""

    computation: Computation
    stamp: int
    marks: list[RecomputeMark]
    tree: UnitTree
    to_store: ToStore = NOTHING
    is_empty: bool = False
    earlier_years: bool = True


def _prepare(computation: Computation, today: dt.date) -> _Prepared:
    """Read stamp and marks, then what they depend on; compute and compare with what is stored. No writing."""
    hospital = computation.hospital
    stamp = read_stamp()
    marks = list(RecomputeMark.objects.filter(hospital=hospital))
    catalogue = held("catalogue", hospital, stamp, lambda: Catalogue.of(hospital, UnitTree.of(hospital)))
    tree = catalogue.tree
    if not marks:
        return _Prepared(computation, stamp, marks, tree)
    changes = [Change(mark.unit_id, mark.element_id, mark.period) for mark in marks]
    scope = _scope(computation, changes, catalogue, today)
    if not len(scope.years):
        return _Prepared(computation, stamp, marks, tree, is_empty=True)
    if not len(scope.indicators) and not scope.whole:
        return _Prepared(computation, stamp, marks, tree)
    computed = compute(hospital, scope, catalogue, today)
    running = _expected_through(today).year
    earlier_years = bool(scope.slots[: max(0, running - scope.years.start)].any())
    templates = held("templates", hospital, stamp, lambda: templates_of(hospital))
    to_store = changes_to_store(templates, computed)
    return _Prepared(computation, stamp, marks, tree, to_store, earlier_years=earlier_years)


def _finish(prepared: _Prepared, today: dt.date) -> Recomputed:
    """Store the results and remove the marks they stand for; call inside a transaction."""
    computation = prepared.computation
    if prepared.is_empty:
        # The last value was taken back.
        for model in (ApprovedScore, Score, LeftOut, ApprovedIndicatorValue, IndicatorValue):
            model._default_manager.filter(unit__in=prepared.tree.units).delete()
    values = sum(carry_out(found) for found in prepared.to_store.indicator_values)
    scores = sum(carry_out(found) for found in prepared.to_store.scores)
    RecomputeMark.objects.filter(pk__in=[mark.pk for mark in prepared.marks]).delete()
    computation.computed_at = timezone.now()
    if prepared.earlier_years:
        computation.earlier_years_at = computation.computed_at
    computation.expected_through = _expected_through(today)
    computation.save()
    if read_stamp_at_rest() != prepared.stamp:
        # Definitions changed while they were being used; whoever changed them may not have known of us.
        mark_everything([computation.hospital])
    return Recomputed(len(prepared.marks), values, scores)


def _scope(computation: Computation, changes: list[Change], catalogue: Catalogue, today: dt.date) -> Scope:
    """Everything, where a change says so, the years with values are others than those computed so
    far, or a month has passed since, so that more is expected."""
    known = computation.years
    if (
        EVERYTHING not in changes
        and computation.expected_through == _expected_through(today)
        and all(c.period is None or c.period.year in known for c in changes)
        # A change of all periods is one taken back: a year may have gone.
        and (all(c.period is not None for c in changes) or known == _years(catalogue.tree, today))
    ):
        return scope_of_changes(changes, known, catalogue)
    years = _years(catalogue.tree, today)
    computation.first_year, computation.last_year = (years[0], years[-1]) if len(years) else (None, None)
    return scope_of_everything(years, catalogue)


def _expected_through(today: dt.date) -> Period:
    """The last month of which numbers are expected."""
    return month_of(today).shifted(-1)


def _years(tree: UnitTree, today: dt.date) -> range:
    """The years to compute: those with values, and this one where the last is near."""
    found = years_with_values(tree)
    if found is None:
        return range(0)
    first, last = found
    this_year = _expected_through(today).year
    # A hospital that stopped reporting years ago is not told every month what it still owes.
    return range(first, (max(last, this_year) if last >= this_year - 1 else last) + 1)


@transaction.atomic
def order_judgement(
    *, hospital: Hospital, years: range, definitions_of: dt.date, by: User | None, reason: str
) -> None:
    """Judge `years` under the formulas, ranges and weights of another day, from now on.

    Raises ValueError for a day on which there are none yet.
    """
    if definitions_of < ALWAYS:
        raise ValueError(_("there are no definitions before %s") % ALWAYS)
    JudgedUnder.objects.bulk_create(
        JudgedUnder(hospital=hospital, year=year, definitions_of=definitions_of, ordered_by=by, reason=reason)
        for year in years
    )
    mark_everything([hospital])


def mark_month_rolled_over(*, today: dt.date | None = None) -> int:
    """Mark every hospital whose expected inputs have grown since it was computed; returns how many."""
    through = _expected_through(today or timezone.localdate())
    behind = list(Computation.objects.exclude(expected_through=through).exclude(computed_at=None))
    for computation in behind:
        with transaction.atomic():
            mark_changed(hospital_id=computation.hospital_id, changes=[EVERYTHING])
    return len(behind)
