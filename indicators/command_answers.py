"""How a command takes answers to the questions with which it refused a file; see `indicators.questions`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def add_answer_arguments(parser: ArgumentParser) -> None:
    """Add `--confirm CODE`, which may stand several times, and `--why TEXT`."""
    parser.add_argument(
        "--confirm",
        action="append",
        default=[],
        metavar="CODE",
        help="answer a question that the file was refused with: its code, or that of all of its kind",
    )
    parser.add_argument("--why", default="", metavar="TEXT", help="with --confirm: why it is right")


def answers_in(options: Mapping[str, Any]) -> dict[str, str]:
    """The reason by code. Raises CommandError where something is confirmed without one."""
    if options["confirm"] and not options["why"].strip():
        raise CommandError(_("Say why, with --why TEXT."))
    return dict.fromkeys(options["confirm"], options["why"])
