from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from entry.form_sync import sync_forms
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

    def handle(self, *args: Any, correct: bool, **options: Any) -> None:
        try:
            with transaction.atomic():
                changes = sync_definitions(correct=correct) + sync_templates(correct=correct)
                changes += sync_forms() + sync_questionnaires()
        except DefinitionError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 1:
            for change in changes:
                self.stdout.write(change)
        self.stdout.write(
            f"{len(changes)} definitions changed." if changes else "Definitions are up to date."
        )
