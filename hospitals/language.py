"""The language of the pages: a cookie while nobody is signed in, the person's own afterwards."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hospitals.models import User

_ONE_YEAR_SECONDS = 365 * 24 * 3600


def remember(response: HttpResponse, language: str) -> None:
    """Have the browser ask for `language` from the next page on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_ONE_YEAR_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget(response: HttpResponse) -> None:
    """The next person at this computer has a language of their own."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")


def chosen_by_visitor(request: HttpRequest) -> str | None:
    """The language chosen on this computer since the last sign-out, if it is one of ours."""
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return language if language in dict(settings.LANGUAGES) else None


def keep_for(user: User, language: str) -> None:
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
