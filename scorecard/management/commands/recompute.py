import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from hospitals.models import Hospital
from indicators.marks import mark_everything
from indicators.periods import FIRST_YEAR, LAST_YEAR
from indicators.written_periods import year_not_taken
from scorecard.actions import order_judgement, recompute_scores
from scorecard.templates_in_force import NoTemplateError


class Command(BaseCommand):
    help = "Recompute all indicator values and scores of a hospital."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hospital", required=True, metavar="CODE")
        parser.add_argument(
            "--async", action="store_true", dest="by_worker", help="leave the work to a Celery worker"
        )
        parser.add_argument("--year", type=int, help="with --definitions-of: the year to judge anew")
        parser.add_argument(
            "--definitions-of",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="judge --year under the formulas, ranges and weights of this day, from now on",
        )
        parser.add_argument("--reason", default="", help="why the year is judged anew")

    def handle(self, *args: Any, **options: Any) -> None:
        hospital = Hospital.objects.filter(code=options["hospital"]).first()
        if hospital is None:
            raise CommandError(_("There is no hospital with the code “%s”.") % options["hospital"])
        year, day = options["year"], options["definitions_of"]
        if (year is None) != (day is None):
            raise CommandError(_("--year and --definitions-of belong together."))
        if year is not None:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise CommandError(f"{year_not_taken(str(year))}.")
            try:
                order_judgement(
                    hospital=hospital,
                    years=range(year, year + 1),
                    definitions_of=day,
                    by=None,
                    reason=options["reason"],
                )
            except ValueError as error:
                raise CommandError(str(error)) from error
        else:
            mark_everything([hospital])
        if options["by_worker"]:
            self.stdout.write(_("Marked; a worker will recompute %s.") % hospital)
            return
        try:
            done = recompute_scores(hospital_id=hospital.pk)
        except NoTemplateError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(hospital)s: %(values)s indicator values and %(scores)s scores written.")
            % {"hospital": hospital, "values": done.indicator_values, "scores": done.scores}
        )
