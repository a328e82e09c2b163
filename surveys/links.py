"""Secrets of links and browsers: made here, stored only as hashes."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

from django.conf import settings
from django.http import HttpRequest

from surveys.models import Campaign

#: How a token of a link looks; anything else is no link and never reaches the database.
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
#: What a browser makes up to continue its own answers: 24 random bytes or more, as text.
KEY = re.compile(r"[A-Za-z0-9_-]{32,64}")


def hash_of_link(token: str) -> str:
    """A token has too much chance in it to be guessed, so that a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_of_key(campaign: Campaign, key: str) -> str:
    """A browser's secret, valid for one campaign only."""
    return hashlib.sha256(f"{campaign.pk} {key}".encode()).hexdigest()


def hash_of_address(request: HttpRequest, hour: dt.datetime) -> str:
    """Stands for the visitor's network address for one hour, and cannot be turned back into it.

    Behind the proxy of a production site the last address it named is the visitor's.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.HTTPS and forwarded:
        address = forwarded.rsplit(",", 1)[-1].strip()
    message = f"{hour.isoformat()} {address}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, "sha256").hexdigest()
