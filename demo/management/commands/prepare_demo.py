from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from demo.actions import load_missing_hospitals
from demo.people import PASSWORD, PEOPLE, add_people
from demo.sending import send_in
from hospitals.models import Hospital
from indicators.periods import month_of
from scorecard.actions import recompute_scores
from scorecard.environment import read


class Command(BaseCommand):
    help = "Make the database ready and fill it with the demo; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                _("The demo has sign-ins with a public password; it does not run with IMBANG_PRODUCTION set.")
            )
        call_command("migrate", verbosity=0, interactive=False)
        call_command("sync_definitions", stdout=self.stdout, verbosity=options["verbosity"])
        last_month = month_of(timezone.localdate()).shifted(-1)
        loaded = load_missing_hospitals(last_month)
        add_people()
        for hospital in loaded:
            send_in(hospital, last_month)
            self.stdout.write(_("Loaded: %s") % hospital)
        for hospital in Hospital.objects.all():
            recompute_scores(hospital_id=hospital.pk)
        self._show_sign_ins()

    def _show_sign_ins(self) -> None:
        port = read("int", "PORT", 8000, example="8080")
        self.stdout.write(f"\nhttp://127.0.0.1:{port}\n\n")
        rows = [(_("role"), _("sees"), _("user"), _("password"))]
        rows += [(person.role.value, person.sees, person.username, PASSWORD) for person in PEOPLE]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
