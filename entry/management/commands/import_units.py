from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from entry.unit_files import import_units
from hospitals.models import Hospital


class Command(BaseCommand):
    help = (
        "Create or change units from a CSV file (columns code,name,kind and, if wanted, "
        "parent,opened_on,closed_on), all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--hospital", required=True, metavar="CODE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        hospital = Hospital.objects.filter(code=options["hospital"]).first()
        if hospital is None:
            raise CommandError(_("There is no hospital with the code “%s”.") % options["hospital"])
        try:
            content = file.read_bytes()
        except OSError as error:
            reason = {"file": file, "reason": error.strerror}
            raise CommandError(_("%(file)s cannot be read: %(reason)s") % reason) from error
        done = import_units(content, hospital)
        for bad in done.bad:
            self.stderr.write(f"{file.name}: {bad}")
        if done.bad:
            raise CommandError(_("Nothing was imported: %s lines are not right.") % len(done.bad))
        counts = {"hospital": hospital, "new": done.created, "changed": done.changed}
        self.stdout.write(_("%(hospital)s: %(new)s units new, %(changed)s changed.") % counts)
