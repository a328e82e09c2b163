"""REST: the scorecard of a hospital or unit, and the answer when something fails."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler, set_rollback

from hospitals.parsing import TooLarge
from hospitals.places import NoSuchPlaceError, find_unit
from hospitals.query_parameters import refuse_unknown
from indicators.api import (
    PERSPECTIVES,
    VERDICTS,
    ContradictionSerializer,
    JudgementSerializer,
    LeftOutSerializer,
)
from indicators.periods import Period
from indicators.written_periods import read_period
from scorecard.as_json import scorecard_as_json
from scorecard.queries import scorecard_of
from scorecard.templates_in_force import NoTemplateError

log = logging.getLogger(__name__)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Errors as JSON. What nobody foresaw goes to the log, and never to the client."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    response = exception_handler(error, context)
    if response is not None:
        return response
    request = context["request"]
    got_request_exception.send(sender=type(context["view"]), request=request._request)
    log.error("%s %s", request.method, request.path, exc_info=error)
    set_rollback()
    return Response({"detail": _("Something went wrong here; it has been written down.")}, status=500)


@extend_schema_field(OpenApiTypes.STR)
class PeriodText(serializers.Field):
    def to_internal_value(self, data: Any) -> Period:
        try:
            return read_period(str(data))
        except ValueError as error:
            raise serializers.ValidationError(f"{error}.") from error


class TrueFalse(serializers.BooleanField):
    """`true` or `false`, and nothing that only looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if str(data).lower() not in ("true", "false"):
            raise serializers.ValidationError(_("Write true or false."))
        return str(data).lower() == "true"


class ScoresParameters(serializers.Serializer):
    hospital = serializers.CharField(
        max_length=64,
        help_text="Hospital code.",
        error_messages={"required": gettext_lazy("Say which hospital: hospital=CODE.")},
    )
    period = PeriodText(
        help_text="`2009-03`, `2009-Q1`, `2009-S1` or `2009`.",
        error_messages={"required": gettext_lazy("Say which period, for example period=2009-03.")},
    )
    unit = serializers.CharField(
        max_length=64, required=False, help_text="Unit code; without it the whole hospital."
    )
    approved_only = TrueFalse(
        required=False, default=False, help_text="Leave out numbers that nobody has approved yet."
    )


class LineSerializer(JudgementSerializer):
    code = serializers.CharField(help_text="Code of the indicator.")
    name = serializers.CharField()
    perspective = serializers.ChoiceField(choices=PERSPECTIVES)
    value = serializers.FloatField(allow_null=True, help_text="Unrounded; null when `reason` says why.")
    unit_of_measure = serializers.CharField()
    decimals = serializers.IntegerField(help_text="How many are shown, and judged by.")
    completeness = serializers.FloatField(allow_null=True, help_text="present / expected, 0 to 1.")
    present = serializers.IntegerField()
    expected = serializers.IntegerField()
    reason = serializers.CharField(allow_null=True, help_text="Why there is no value.")
    missing = serializers.ListField(child=serializers.CharField())
    left_out = LeftOutSerializer(many=True, help_text="What does not count in the value, though it should.")
    basis = serializers.ListField(child=serializers.CharField())
    as_reported = serializers.BooleanField()
    contradicts = ContradictionSerializer(
        allow_null=True, help_text="Null unless it was reported, contradicts others, and nobody confirmed it."
    )
    unapproved = serializers.BooleanField(
        help_text="Some of its numbers are not approved yet: they are in it, or left out if so asked."
    )
    weight = serializers.FloatField(allow_null=True, help_text="Null: shown, and not weighed.")


class OverallSerializer(serializers.Serializer):
    score = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    verdict = serializers.ChoiceField(
        choices=list(VERDICTS),
        allow_null=True,
        help_text="Null without a score, and where less of the weight is known than the scorecard asks for.",
    )
    coverage = serializers.FloatField(allow_null=True, help_text="known / total, 0 to 1.")
    known = serializers.IntegerField(help_text="Indicators that count and have a score.")
    total = serializers.IntegerField(help_text="Indicators that count: they have a weight and a range.")
    known_weight = serializers.FloatField(help_text="How much of the weight is known, 0 to 1.")
    change = serializers.FloatField(
        allow_null=True,
        help_text="Points more than a year before, over the indicators known in both years only; null "
        "where there is none and while the period is not over.",
    )
    change_of = serializers.IntegerField(
        allow_null=True, help_text="How many indicators are known in both years."
    )
    became_known = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of indicators that have a score in this year only."
    )
    became_unknown = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of indicators that had a score a year before only."
    )


class PerspectiveSerializer(OverallSerializer):
    code = serializers.ChoiceField(choices=PERSPECTIVES)
    name = serializers.CharField()


class ScoresSerializer(serializers.Serializer):
    """Describes what `scorecard_as_json` answers with."""

    hospital = serializers.CharField()
    unit = serializers.CharField()
    period = serializers.CharField()
    approved_only = serializers.BooleanField(help_text="Made of approved numbers alone.")
    unapproved = serializers.IntegerField(
        help_text="Indicators of which some numbers are not approved yet: they are in the scores, or "
        "left out if so asked."
    )
    running_through = serializers.CharField(
        allow_null=True,
        help_text="Where the period is not over: the last month of which numbers are expected.",
    )
    compared_with = serializers.CharField(help_text="The period that changes are against.")
    compared_through = serializers.CharField(
        allow_null=True, help_text="While the period is not over: its months up to this one are compared."
    )
    up_to_date = serializers.BooleanField()
    computed_at = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    indicators = LineSerializer(many=True)
    perspectives = PerspectiveSerializer(many=True)
    overall = OverallSerializer()


_EXAMPLE = {
    "hospital": "general",
    "unit": "general",
    "period": "2009",
    "approved_only": False,
    "unapproved": 0,
    "running_through": None,
    "compared_with": "2008",
    "compared_through": None,
    "up_to_date": True,
    "computed_at": "2026-11-21T08:00:00+00:00",
    "waiting_since": None,
    "indicators": [
        {
            "code": "bor",
            "name": "Bed occupancy rate",
            "perspective": "internal_process",
            "value": 76.54320987654321,
            "unit_of_measure": "%",
            "decimals": 2,
            "completeness": 0.9166666666666666,
            "present": 22,
            "expected": 24,
            "range": {"low": 75.0, "high": 85.0},
            "place": "inside",
            "distance": 0.0,
            "score": 100.0,
            "verdict": "good",
            "than_last_year": "better",
            "reason": None,
            "missing": [],
            "left_out": [
                {
                    "unit": "ward-c",
                    "first_month": "2009-11",
                    "last_month": "2009-12",
                    "missing": ["beds"],
                }
            ],
            "basis": [],
            "as_reported": False,
            "contradicts": None,
            "unapproved": False,
            "weight": 1.0,
        }
    ],
    "perspectives": [
        {
            "code": "internal_process",
            "name": "Internal business processes",
            "score": 82.5,
            "verdict": "good",
            "coverage": 0.75,
            "known": 6,
            "total": 8,
            "known_weight": 0.75,
            "change": 1.5,
            "change_of": 5,
            "became_known": ["innovation"],
            "became_unknown": [],
        }
    ],
    "overall": {
        "score": 71.25,
        "verdict": "fair",
        "coverage": 0.8,
        "known": 20,
        "total": 25,
        "known_weight": 0.78,
        "change": None,
        "change_of": 0,
        "became_known": [],
        "became_unknown": [],
    },
}


class NotReady(APIException):
    status_code = 503
    default_code = "not_ready"


class ScoresView(APIView):
    """The stored scorecard of a hospital or unit: indicators, perspectives and the whole.

    The whole hospital is shown to those with a role at its root.
    """

    @extend_schema(
        operation_id="scores",
        tags=["scores"],
        parameters=[ScoresParameters],
        responses={
            200: ScoresSerializer,
            400: OpenApiResponse(description="A parameter is missing, malformed or unknown; it is named."),
            404: OpenApiResponse(description="No such hospital or unit, or not yours to see."),
            503: OpenApiResponse(description="No scorecard has been set up."),
        },
        examples=[
            OpenApiExample("A year", _EXAMPLE, response_only=True, status_codes=["200"]),
        ],
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request.query_params, known=ScoresParameters().fields)
        asked = ScoresParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = asked.validated_data
        try:
            unit = find_unit(request.user, hospital=wanted["hospital"], unit=wanted.get("unit", ""))
            scorecard = scorecard_of(unit, wanted["period"], approved_only=wanted["approved_only"])
        except NoSuchPlaceError as error:
            raise NotFound(str(error)) from error
        except NoTemplateError as error:
            raise NotReady(_("No scorecard has been set up.")) from error
        return Response(scorecard_as_json(scorecard))
