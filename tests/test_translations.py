"""Every text has an Indonesian translation that asks for the same values."""

import re
from collections import Counter
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "id" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[a-z]")


def translations() -> list[tuple[str, str, bool]]:
    """English, Indonesian, and whether the translation is only a guess of the collecting program."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    found = []
    for message in catalogue:
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[0]
            indonesian = message.string if isinstance(message.string, str) else message.string[0]
            found.append((english, indonesian, message.fuzzy))
    return found


def test_no_text_is_left_untranslated():
    assert [english for english, indonesian, guessed in translations() if not indonesian or guessed] == []


def test_translations_ask_for_the_same_values():
    different = [
        english
        for english, indonesian, _guessed in translations()
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(indonesian))
    ]
    assert different == []


def test_no_text_stands_twice():
    """Collecting stops at one that does; two branches that were merged may each have brought it."""
    entries = re.findall(
        r'^(?:msgctxt (".*"(?:\n".*")*)\n)?msgid (".*"(?:\n".*")*)',
        CATALOGUE.read_text("utf-8"),
        re.MULTILINE,
    )
    assert len(entries) > 1000
    assert [text for text, count in Counter(entries).items() if count > 1] == []
