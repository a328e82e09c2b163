"""Who a REST request comes from, and how often a program may guess at a password."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

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


class SignInsOfName(SimpleRateThrottle):
    """Attempts to sign in under one name, from wherever they come."""

    scope = "sign_ins_of_name"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        claimed = request.data.get("username") if hasattr(request.data, "get") else None
        if not isinstance(claimed, str):
            return None
        # A digest: a cache key must be short and plain, a claimed name may be anything.
        digest = hashlib.sha256(claimed.strip().casefold().encode(errors="replace")).hexdigest()
        return self.cache_format % {"scope": self.scope, "ident": digest}
