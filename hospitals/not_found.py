"""Pages that do not exist, and of some why."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache


class SaidNotFound(Http404):
    """Tells whoever wrote the address, in a sentence. What others say may be theirs to know or not.

    `heading` stands above it, and `instead` are pages that the person may have looked for: address, name.
    """

    def __init__(self, said: str, *, heading: str = "", instead: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(said)
        self.heading = heading
        self.instead = instead


@never_cache
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = exception if isinstance(exception, SaidNotFound) else None
    return render(request, "404.html", {"said": said}, status=404)
