"""Pages that do not exist, and of some why."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


class SaidNotFound(Http404):
    """Tells whoever wrote the address, in a sentence. What others say may be theirs to know or not."""


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    said = str(exception) if isinstance(exception, SaidNotFound) else ""
    return render(request, "404.html", {"said": said}, status=404)
