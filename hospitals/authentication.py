"""Who a REST request comes from, and how often a password may be guessed at."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    # Not at run time: the REST framework imports this module while it is being imported itself.
    from rest_framework.views import APIView


class TokenAuthentication(KnoxTokenAuthentication):
    """`Authorization: Token …`; bytes that are no text are a wrong token like any other."""

    def authenticate_credentials(self, token: bytes):
        if not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class SignInsOfAddress(SimpleRateThrottle):
    """Attempts to sign in from one network address, whoever they claim to be."""

    scope = "sign_ins_of_address"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class WrongPasswords(SimpleRateThrottle):
    """Wrong passwords for one name from one address, on the pages.

    Only these are counted, and together: a hospital is often one address for everybody in it, and
    nobody is to keep a colleague out. Counted by each web process for itself.
    """

    most, seconds = 10, 15 * 60
    rate = f"{most}/{seconds}"

    def __init__(self, request: HttpRequest, name: str) -> None:
        super().__init__()
        ident = self.get_ident(request)  # type: ignore[arg-type]  # asks for META only
        digest = _digest(f"{ident} {_plain(name)}")
        self.key = self.cache_format % {"scope": "wrong_passwords", "ident": digest}
        now = self.timer()
        counted = self.cache.get(self.key, [])
        self.history = [moment for moment in counted if moment > now - self.seconds]

    def parse_rate(self, rate: str | None) -> tuple[int, int]:
        return self.most, self.seconds

    @property
    def minutes_to_wait(self) -> int:
        """0 while another attempt is allowed."""
        if len(self.history) < self.most:
            return 0
        return math.ceil((self.history[-1] + self.seconds - self.timer()) / 60)

    def count(self) -> None:
        self.cache.set(self.key, [self.timer(), *self.history], self.seconds)


class SignInsOfName(SimpleRateThrottle):
    """Attempts to sign in under one name, from wherever they come."""

    scope = "sign_ins_of_name"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        claimed = request.data.get("username") if hasattr(request.data, "get") else None
        if not isinstance(claimed, str):
            return None
        return self.cache_format % {"scope": self.scope, "ident": _digest(_plain(claimed))}


def _plain(name: str) -> str:
    return name.strip().casefold()


def _digest(claimed: str) -> str:
    """A cache key must be short and plain, a claimed name may be anything."""
    return hashlib.sha256(claimed.encode(errors="replace")).hexdigest()
