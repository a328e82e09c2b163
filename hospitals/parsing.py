"""Reading the body of a REST request, as far as it is of a sensible size and shape."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser


class TooLarge(APIException):
    """More than `DATA_UPLOAD_MAX_MEMORY_SIZE`, which is enough for a year of a large hospital's wards."""

    status_code = 413
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(
            _("Send at most %(most)s bytes at a time.") % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
        )


class BoundedJSONParser(JSONParser):
    """JSON; what is too large, or nested beyond reason, is refused with a sentence."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge
        try:
            return super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This is nested too deeply to be understood.")) from error
