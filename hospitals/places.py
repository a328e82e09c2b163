"""What the codes of a request stand for, as far as the person may see it."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from hospitals.access import Person, visible_units
from hospitals.models import Unit

#: The same words whether there is no such place or it is another's: the answer must not tell which.
NO_SUCH_PLACE = _("There is no such hospital or unit, or it is not yours to see.")


class NoSuchPlaceError(LookupError):
    """A code stands for nothing that the person may see."""

    def __str__(self) -> str:
        return str(NO_SUCH_PLACE)


def find_unit(person: Person, *, hospital: str, unit: str = "") -> Unit:
    """The unit with that code, or the whole hospital. Raises NoSuchPlaceError."""
    found = visible_units(person).select_related("hospital").filter(hospital__code=hospital)
    found = found.filter(code=unit) if unit else found.filter(parent__isnull=True)
    try:
        return found.get()
    except Unit.DoesNotExist as error:
        raise NoSuchPlaceError from error


def find_units(person: Person, *, hospitals: Collection[str], units: Collection[str]) -> list[Unit]:
    """The visible units of `hospitals` (of all when empty) with one of the codes `units` (or all).

    Raises NoSuchPlaceError when one of the codes stands for nothing.
    """
    found = visible_units(person).select_related("hospital")
    if hospitals:
        found = found.filter(hospital__code__in=hospitals)
    if units:
        found = found.filter(code__in=units)
    seen = list(found)
    if not ({u.hospital.code for u in seen} >= set(hospitals) and {u.code for u in seen} >= set(units)):
        raise NoSuchPlaceError
    return seen
