"""What a person reads on a page. A form has a random token: look for no short number in its markup."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse


def text_of(answer: HttpResponse) -> str:
    """What a person reads, without tags and with single blanks."""
    page = re.sub(r"<script.*?</script>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(page).split())
