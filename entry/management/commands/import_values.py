from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entry.value_files import Names, ValueFile, read_value_file
from hospitals.actions import create_hospital
from hospitals.models import Hospital
from indicators.actions import Saved
from indicators.command_answers import add_answer_arguments, answers_in
from indicators.models import Standard, StandardChoice
from indicators.questions import UnansweredError, save_values_and_answers


class Command(BaseCommand):
    help = "Import data values from a CSV file (columns unit,element,period,value), all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hospital", required=True, metavar="CODE")
        parser.add_argument(
            "--create-hospital", metavar="NAME", help="make the hospital with this name if there is none"
        )
        parser.add_argument(
            "--standard",
            metavar="CODE",
            help="the standard a new hospital is compared with; default: depkes_2004",
        )
        add_answer_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="check the file and save nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        answers = answers_in(options)
        with transaction.atomic():
            known = Hospital.objects.filter(code=options["hospital"]).exists()
            hospital = self._hospital(options["hospital"], options["create_hospital"], options["standard"])
            read = read_value_file(content, Names.of(hospital))
            if read.bad:
                self._refuse(file, read)
            saved = self._save(read, file, answers)
            # Only now: what lies far before all else is asked about while nothing says that it does not.
            if not known and read.values:
                first = min(value.period.start for value in read.values)
                # The first may be a budget of a month to come; the running month is taken all the same.
                hospital.begins_on = min(first, timezone.localdate().replace(day=1))
                hospital.save()
            if dry_run:
                transaction.set_rollback(True)
        self._report(hospital, saved, dry_run)

    def _hospital(self, code: str, name: str | None, standard_code: str | None) -> Hospital:
        hospital = Hospital.objects.filter(code=code).first()
        if hospital is not None and standard_code:
            raise CommandError(
                _("%s has chosen its standard already; an administrator changes it, with a date.") % hospital
            )
        if hospital is not None:
            return hospital
        if not name:
            raise CommandError(
                _("There is no hospital with the code “%s”; make it with --create-hospital NAME.") % code
            )
        standard = Standard.objects.filter(code=standard_code).first() if standard_code else None
        if standard_code and standard is None:
            known = ", ".join(Standard.objects.values_list("code", flat=True))
            raise CommandError(
                _("There is no standard “%(code)s”; there are %(known)s.")
                % {"code": standard_code, "known": known}
            )
        try:
            hospital = create_hospital(code=code, name=name)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        if standard is not None:
            StandardChoice.objects.create(hospital=hospital, standard=standard)
        return hospital

    def _refuse(self, file: Path, read: ValueFile) -> None:
        for bad in read.bad:
            self.stderr.write(f"{file.name}: {bad}")
        raise CommandError(_("Nothing was imported: %s lines are not right.") % len(read.bad))

    def _save(self, read: ValueFile, file: Path, answers: dict[str, str]) -> Saved:
        why = ": ".join([f"import_values {file.name}", *dict.fromkeys(answers.values())])
        try:
            return save_values_and_answers(read.values, answers=answers, by=None, why=why)
        except UnansweredError as asked:
            for question in asked.questions:
                self.stderr.write(f"{file.name}: {question.code}: {question.text}")
            raise CommandError(
                _("Nothing was imported. If that is right, say so: --confirm %s --why TEXT")
                % asked.questions[0].code
            ) from asked

    def _report(self, hospital: Hospital, saved: Saved, dry_run: bool) -> None:
        counts = {"new": saved.created, "changed": saved.changed, "same": saved.unchanged}
        if dry_run:
            self.stdout.write(
                _("Would import: %(new)s new, %(changed)s changed, %(same)s unchanged. Nothing was saved.")
                % counts
            )
            return
        self.stdout.write(
            _("%(hospital)s: %(new)s new, %(changed)s changed, %(same)s unchanged.")
            % {"hospital": hospital, **counts}
        )
