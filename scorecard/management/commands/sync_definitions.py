from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from entry.form_sync import sync_forms
from indicators.definition_changes import Changed
from indicators.definition_files import DefinitionError
from indicators.definition_sync import sync_definitions
from scorecard.template_sync import sync_templates
from surveys.questionnaire_sync import sync_questionnaires


class Command(BaseCommand):
    help = "Bring the shipped definitions (elements to questionnaires) into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--correct",
            action="store_true",
            help="a shipped definition was wrong: change it also for periods already scored",
        )

        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would change, and in which years, and change nothing",
        )

    def handle(self, *args: Any, correct: bool, dry_run: bool, **options: Any) -> None:
        try:
            with transaction.atomic():
                changes: list[Changed | str] = [
                    *sync_definitions(correct=correct),
                    *sync_templates(correct=correct),
                    *sync_forms(),
                    *sync_questionnaires(),
                ]
                self._say(changes, everything=dry_run or options["verbosity"] > 1)
                if dry_run:
                    transaction.set_rollback(True)
        except DefinitionError as error:
            raise CommandError(str(error)) from error
        if not changes:
            self.stdout.write("Definitions are up to date.")
        else:
            self.stdout.write(f"{len(changes)} definitions {'would change' if dry_run else 'changed'}.")

    def _say(self, changes: list[Changed | str], *, everything: bool) -> None:
        """What figures follow is always said, before it is so; words only if asked."""
        for change in changes:
            if everything or (isinstance(change, Changed) and change.since is not None):
                self.stdout.write(str(change))
