from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from hospitals.models import Hospital
from indicators.actions import ValueRefusedError
from indicators.command_answers import add_answer_arguments, answers_in
from indicators.periods import FIRST_YEAR, LAST_YEAR, Period
from indicators.questions import UnansweredError
from indicators.written_periods import year_not_taken
from surveys.actions import campaign_of_year, save_tally
from surveys.models import Campaign
from surveys.queries import newest_questionnaire, tally_form
from surveys.tally_files import Tally, read_tally_file


class Command(BaseCommand):
    help = (
        "Import the counts of a paper survey from a CSV file "
        "(columns item,answer,expectation_count,reality_count), all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hospital", required=True, metavar="CODE")
        parser.add_argument("--questionnaire", required=True, metavar="CODE")
        parser.add_argument("--segment", default="", help="who was asked, for example inpatient")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument(
            "--respondents", type=int, help="how many answered; without it, what most items add up to"
        )
        add_answer_arguments(parser)

    def handle(self, *args: Any, file: Path, year: int, segment: str, **options: Any) -> None:
        hospital = hospital_named(options["hospital"])
        questionnaire = newest_questionnaire(hospital, options["questionnaire"])
        if questionnaire is None:
            raise CommandError(
                _("There is no questionnaire “%s”; sync_definitions brings in those of Imbang.")
                % options["questionnaire"]
            )
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CommandError(f"{year_not_taken(str(year))}.")
        answers = answers_in(options)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        with transaction.atomic():
            campaign = campaign_of_year(
                hospital=hospital, questionnaire=questionnaire, segment=segment, year=year
            )
            form = tally_form(campaign.questionnaire)
            tally = read_tally_file(content, form, respondents=options["respondents"])
            if tally.bad:
                self._refuse(file, tally)
            self._save(file, campaign, tally, year, answers)
        if tally.missing:
            self.stderr.write(_("Without counts: %s.") % ", ".join(tally.missing))
        self.stdout.write(
            _("%(campaign)s: %(respondents)s respondents.")
            % {"campaign": campaign, "respondents": tally.respondents}
        )

    def _save(self, file: Path, campaign: Campaign, tally: Tally, year: int, answers: dict[str, str]) -> None:
        try:
            save_tally(
                campaign=campaign,
                unit=campaign.unit,
                period=Period.of_year(year),
                segment=campaign.segment,
                tally=tally,
                answers=answers,
                by=None,
            )
        except UnansweredError as asked:
            for question in asked.questions:
                self.stderr.write(f"{file.name}: {question.code}: {question.text}")
            raise CommandError(
                _("Nothing was imported. If that is right, say so: --confirm %s --why TEXT")
                % asked.questions[0].code
            ) from asked
        except ValueRefusedError as error:
            raise CommandError(str(error)) from error

    def _refuse(self, file: Path, tally: Tally) -> None:
        for bad in tally.bad:
            self.stderr.write(f"{file.name}: {bad}")
        raise CommandError(_("Nothing was imported: %s lines are not right.") % len(tally.bad))


def hospital_named(code: str) -> Hospital:
    hospital = Hospital.objects.filter(code=code).first()
    if hospital is None:
        raise CommandError(_("There is no hospital with the code “%s”.") % code)
    return hospital
