import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from surveys.analysis.summary import SingleSummary, as_json, is_withheld
from surveys.management.commands.import_tally import hospital_named
from surveys.models import Campaign
from surveys.queries import collect, newest_questionnaire
from surveys.summaries import summary_of
from surveys.sums import arrived


class Command(BaseCommand):
    help = "Weights, conformity and satisfaction of a questionnaire's answers, over all its campaigns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hospital", required=True, metavar="CODE")
        parser.add_argument("--questionnaire", required=True, metavar="CODE")
        parser.add_argument("--segment", help="only this segment")
        parser.add_argument("--year", type=int, help="only this year")
        parser.add_argument("--json", action="store_true", dest="as_json", help="for programs, not rounded")

    def handle(self, *args: Any, **options: Any) -> None:
        hospital = hospital_named(options["hospital"])
        code = options["questionnaire"]
        if newest_questionnaire(hospital, code) is None:
            raise CommandError(_("There is no questionnaire “%s”.") % code)
        campaigns = Campaign.objects.filter(unit__hospital=hospital, questionnaire__code=code)
        chosen = list(campaigns.select_related("questionnaire", "unit__hospital"))
        # The few whose answers wait are in no figure that could be subtracted from the scorecard's.
        waiting = arrived(chosen[0]) if chosen else None
        few = waiting.few_of_years if waiting else ()
        collected = collect(chosen, segment=options["segment"], year=options["year"], few=few)
        if collected is None or collected.counts.respondents == 0:
            collected = collect(chosen, segment=options["segment"], year=options["year"])
        if collected is None or collected.counts.respondents == 0:
            raise CommandError(_("There are no answers to it."))
        if collected.left_out:
            self.stderr.write(
                _("Left out, because they were answered on another scale: %s campaigns.") % collected.left_out
            )
        summary = summary_of(collected.counts, collected.questionnaire)
        if options["as_json"]:
            self.stdout.write(json.dumps(as_json(summary), ensure_ascii=False, indent=2))
            return
        self.stdout.write(_("%s respondents") % summary.respondents)
        if is_withheld(summary.respondents):
            self.stdout.write(_("Fewer than five people: their answers are not shown."))
            return
        names = {item.code: item.text for item in collected.items}
        names |= {item.dimension.code: item.dimension.name for item in collected.items}
        for line in [*summary.items, *summary.dimensions, summary.overall]:
            value = getattr(line, "conformity_percent", None) or getattr(line, "satisfied_percent", None)
            shown = "–" if value is None else f"{value:.1f}%"
            name = names.get(line.code, _("Overall"))
            self.stdout.write(f"{line.code:<16} {shown:>8}  {name}")
        found = summary.public_satisfaction if isinstance(summary, SingleSummary) else None
        if found is not None:
            name = _("Public satisfaction index")
            self.stdout.write(f"{'index':<16} {found.index:>8}  {name} ({found.grade})")
