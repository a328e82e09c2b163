"""Words and marks of the forms' states, for pages."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from entry.queries.completeness import Standing
from entry.queries.work import Group


class Word(NamedTuple):
    text: str
    icon: str


def group_headings() -> dict[Group, Word]:
    return {
        Group.RETURNED: Word(_("Returned to be mended"), "arrow-back-up"),
        Group.LATE: Word(_("Late"), "alert-octagon"),
        Group.FOR_ME: Word(_("Waiting for my approval"), "list-check"),
        Group.DUE: Word(_("Due"), "calendar"),
        Group.RUNNING: Word(_("The running month"), "pencil"),
        Group.WITH_OTHERS: Word(_("With others"), "users"),
        Group.DONE: Word(_("Done"), "circle-check"),
    }


def standing_words() -> dict[Standing, Word]:
    return {
        Standing.NOT_ASKED: Word(_("not asked for"), "minus"),
        Standing.NOT_YET: Word(_("not due yet"), "clock"),
        Standing.DUE: Word(_("due"), "pencil"),
        Standing.LATE: Word(_("late"), "alert-octagon"),
        Standing.RETURNED: Word(_("returned"), "arrow-back-up"),
        Standing.SUBMITTED: Word(pgettext("form", "submitted"), "list-check"),
        Standing.APPROVED: Word(_("approved"), "circle-check"),
    }


def way_of(why: str) -> str:
    """How a number came in, from the reason that the actions keep with its history."""
    kind, _blank, name = why.partition(" ")
    match kind:
        case "form":
            return _("typed into the form")
        case "file":
            return _("file %s") % name
        case "API":
            return _("sent in over REST")
        case "import_values":
            return _("imported by command from %s") % name
        case "survey":
            return _("from a survey")
        case "parts":
            return _("since then it follows from its parts")
        case "moved":
            return _("moved from %s") % name
        case "given":
            return _("moved to %s") % name
    return why


def texts_for_script() -> dict[str, str]:
    """What static/src/entry*.js says, in the language of the page."""
    return {
        "saved": _("saved"),
        "saving": _("saving…"),
        "waiting": _("waiting for the network, kept in this browser"),
        "signedOut": _("kept in this browser; sign in again to send it"),
        "signIn": _("You are signed out; sign in again, everything typed is kept."),
        "notSaved": _("not saved"),
        "gone": _("This form is not yours to fill in any more."),
        "waitingCount": _("Waiting to be sent: %(count)s. Totals, checks and indicators follow then."),
        "stuckCount": _("Not stored, and yours to decide: %(count)s."),
        "submitWaits": _("Not submitted yet. Numbers still to be sent: %(count)s."),
        "nothing": _("nothing"),
        "meanwhile": _("stored meanwhile: %(answer)s"),
        "pasted": _("Pasted: %(count)s."),
        "pasteLeft": _("Left out because no open cell is there: %(count)s."),
        "pasteColumns": _("Nothing was pasted: the block has several columns of numbers. Copy one of them."),
        "discard": _("Discard"),
    }
