import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospitals.models import Hospital, Unit
from indicators.agreements.wording import in_one_line
from indicators.engine.rounding import as_shown
from indicators.measures import measured, place_in_words
from indicators.written_periods import read_period
from scorecard.as_json import scorecard_as_json
from scorecard.lines import IndicatorLine
from scorecard.presenters.trend import of_node
from scorecard.presenters.verdicts import NOT_ENOUGH_KNOWN, known_in_words
from scorecard.queries import Node, Scorecard, scorecard_of
from scorecard.rollup import SCORE_DECIMALS
from scorecard.templates_in_force import NoTemplateError


class Command(BaseCommand):
    help = "Print the stored indicator values and scores of a hospital or unit for a period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hospital", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, help="2009-03, 2009-Q1, 2009-S1 or 2009")
        parser.add_argument("--unit", metavar="CODE", help="a unit of the hospital; default: the whole of it")
        parser.add_argument(
            "--approved-only", action="store_true", help="leave out numbers that nobody has approved yet"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        hospital = Hospital.objects.filter(code=options["hospital"]).first()
        if hospital is None:
            raise CommandError(_("There is no hospital with the code “%s”.") % options["hospital"])
        unit: Unit | None = hospital.root
        if options["unit"]:
            unit = hospital.units.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(
                _("%(hospital)s has no unit with the code “%(unit)s”.")
                % {"hospital": hospital, "unit": options["unit"]}
            )
        try:
            period = read_period(options["period"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        try:
            scorecard = scorecard_of(unit, period, approved_only=options["approved_only"])
        except NoTemplateError as error:
            raise CommandError(str(error)) from error
        if options["as_json"]:
            self.stdout.write(json.dumps(scorecard_as_json(scorecard), ensure_ascii=False, indent=2))
        else:
            self._print(scorecard)

    def _print(self, scorecard: Scorecard) -> None:
        write = self.stdout.write
        write(f"{scorecard.unit.name}, {scorecard.period}")
        if not scorecard.freshness.up_to_date:
            write(_("Not up to date: changes since %s wait.") % scorecard.freshness.waiting_since)
        if said := _approval(scorecard):
            write(said)
        if through := scorecard.running_through:
            write(
                _("Not over: numbers through %s, compared with the same months of the year before.") % through
            )
        self._write_node(scorecard.overall, scorecard)
        for perspective in scorecard.perspectives:
            write("")
            self._write_node(perspective, scorecard)
            for objective in perspective.children:
                for line in objective.lines:
                    self._write_line(line)
        if scorecard.others:
            write("")
            write(_("Not weighed:"))
            for line in scorecard.others:
                self._write_line(line)

    def _write_node(self, node: Node, scorecard: Scorecard) -> None:
        names = {line.indicator.code: line.indicator.code for line in scorecard.lines}
        trend = of_node(node, scorecard.period, names, scorecard.running_through)
        self.stdout.write(_node(node) + (f", {trend.text}" if trend else ""))
        if trend and trend.beside:
            self.stdout.write(f"  {trend.beside}")

    def _write_line(self, line: IndicatorLine) -> None:
        self.stdout.write(_line(line))
        if line.row is not None and line.row.value is not None:
            for part in line.left_out_said:
                self.stdout.write("    " + _("left out: %s") % part)
        if line.mark is not None:
            self.stdout.write(f"    {in_one_line(line.mark)}")


def _approval(scorecard: Scorecard) -> str:
    """Which numbers the scores stand on; empty where all are approved and nothing else was asked for."""
    count = scorecard.unapproved
    if scorecard.approved_only:
        said = ngettext(
            "Approved numbers only: others are left out of %(count)s indicator (*).",
            "Approved numbers only: others are left out of %(count)s indicators (*).",
            count,
        )
        return said % {"count": count}
    if count:
        said = ngettext(
            "%(count)s indicator stands on numbers that are not approved yet (*).",
            "%(count)s indicators stand on numbers that are not approved yet (*).",
            count,
        )
        return said % {"count": count}
    return ""


def _node(node: Node) -> str:
    score = _("no score") if node.score is None else _number(node.score, SCORE_DECIMALS)
    verdict = f" {node.verdict.label}" if node.verdict else ""
    if node.thin:
        verdict = f" {NOT_ENOUGH_KNOWN} ({known_in_words(node.known_weight)})"
    return f"{node.name}: {score}{verdict} ({node.known}/{node.total})"


def _line(line: IndicatorLine) -> str:
    indicator, row = line.indicator, line.row
    code = f"{indicator.code}{' *' if line.unapproved else ''}"
    if row is None or row.value is None:
        return f"  {code:<28} —  {line.gap}"
    low, high = (
        "" if edge is None else _number(edge, line.decimals) for edge in (row.range_low, row.range_high)
    )
    band = f"[{low}–{high}]" if low or high else ""
    score = "" if row.score is None else _number(row.score, SCORE_DECIMALS)
    verdict = line.verdict.label if line.verdict else ""
    counted = f"{row.present}/{row.expected}"
    place = ""
    if line.distance is not None:
        place = place_in_words(line.distance, line.decimals, indicator.unit_of_measure)
    word = line.compared_word
    value = measured(row.value, line.decimals, indicator.unit_of_measure)
    return f"  {code:<28} {value:<24} {band:<16} {place:<30} {score:>6} {verdict:<12} {word:<9} {counted}"


def _number(value: float, decimals: int) -> str:
    return number_format(as_shown(value, decimals), decimals, use_l10n=True, force_grouping=True)
