"""REST: indicator values, and whether they have caught up with the numbers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hospitals.access import visible_hospitals
from hospitals.places import NO_SUCH_PLACE
from hospitals.query_parameters import (
    WRONG_PARAMETER,
    ChoiceCodesFilter,
    CodesFilter,
    TrueFalseFilter,
    refuse_unknown,
)
from indicators.api_filters import UnitsAndPeriodsFilter
from indicators.compared import Compared
from indicators.freshness import freshness_of
from indicators.models import Indicator, IndicatorValue, Perspective, Verdict
from indicators.periods import PeriodKind
from indicators.queries import (
    of_kinds,
    stored_values,
    values_as_json,
)

PERSPECTIVES = tuple(Perspective.values)
VERDICTS = {verdict.code: verdict for verdict in reversed(Verdict)}


class IndicatorValueFilter(UnitsAndPeriodsFilter):
    """Several codes in one filter mean any of them; several filters mean all of them."""

    named = "indicator"
    model = Indicator
    no_such = gettext_lazy("There is no indicator “%(code)s”.")

    indicator = CodesFilter(help_text="Indicator codes, for example `bor,avlos`.")
    perspective = ChoiceCodesFilter(
        field_name="indicator__perspective",
        among=PERSPECTIVES,
        help_text="Any of them.",
    )
    period_kind = ChoiceCodesFilter(method="of_kind", among=[*PeriodKind], help_text="Any of them.")
    verdict = ChoiceCodesFilter(method="with_verdict", among=VERDICTS, help_text="Any of them.")
    has_value = TrueFalseFilter(
        method="known", help_text="`true`: only known values; `false`: only gaps, each with its reason."
    )
    approved_only = TrueFalseFilter(
        method="leave", help_text="`true`: leave out numbers that nobody has approved yet."
    )

    def of_kind(self, rows: QuerySet, name: str, kinds: list[str]) -> QuerySet:
        return of_kinds(rows, [PeriodKind(kind) for kind in kinds])

    def with_verdict(self, rows: QuerySet, name: str, codes: list[str]) -> QuerySet:
        return rows.filter(verdict__in=[VERDICTS[code] for code in codes])

    def leave(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        """It chooses the rows to be filtered, which is the view's business."""
        return rows

    def known(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.filter(value__isnull=not wanted)


class RangeSerializer(serializers.Serializer):
    low = serializers.FloatField(allow_null=True, help_text="Null where the side is open.")
    high = serializers.FloatField(allow_null=True, help_text="Null where the side is open.")


class LeftOutSerializer(serializers.Serializer):
    """Describes what `indicators.left_out.as_json` answers with."""

    unit = serializers.CharField(help_text="Code of the unit whose numbers do not count.")
    first_month = serializers.CharField(help_text="From this month on, for example `2009-01`.")
    last_month = serializers.CharField(help_text="Up to and with this month.")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the data elements that are not known there."
    )


class ContradictionSerializer(serializers.Serializer):
    """A result as reported has no score until somebody confirms it: see `answers` of sent data values."""

    indicators = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the indicators whose results it contradicts."
    )
    implied = serializers.FloatField(help_text="What those imply.")
    question = serializers.CharField(help_text="Code under which it is confirmed.")


class JudgementSerializer(serializers.Serializer):
    """A value against its ideal range and against the year before."""

    range = RangeSerializer(help_text="The ideal range in force.")
    place = serializers.ChoiceField(
        choices=["inside", "below", "above"],
        allow_null=True,
        help_text="Where the value lies; null without value or range. Value and edges as shown.",
    )
    distance = serializers.FloatField(
        allow_null=True,
        help_text="How far outside, in `unit_of_measure` (of % in percentage points): negative below.",
    )
    score = serializers.FloatField(allow_null=True, help_text="0 to 100, unrounded; null without a range.")
    verdict = serializers.ChoiceField(
        choices=list(VERDICTS), allow_null=True, help_text="Outside the range at best `fair`."
    )
    than_last_year = serializers.ChoiceField(
        choices=[*Compared],
        allow_null=True,
        help_text="Against the same period a year before, of one that is not over against the same months.",
    )


class IndicatorValueSerializer(JudgementSerializer):
    """Describes what `values_as_json` answers with."""

    hospital = serializers.CharField(help_text="Code of the hospital.")
    unit = serializers.CharField(help_text="Code of the unit; the hospital's own code is the whole of it.")
    indicator = serializers.CharField(help_text="Code of the indicator.")
    period = serializers.CharField(help_text="`2009-03`, `2009-Q1`, `2009-S1` or `2009`.")
    value = serializers.FloatField(allow_null=True, help_text="Unrounded; null when `reason` says why.")
    unit_of_measure = serializers.CharField()
    compared_through = serializers.CharField(
        allow_null=True,
        help_text="While the period is not over: the last month of a year before that it is compared with.",
    )
    reason = serializers.CharField(
        allow_null=True, help_text="Why there is no value, in the language of `Accept-Language`."
    )
    completeness = serializers.FloatField(
        allow_null=True, help_text="present / expected, 0 to 1; null when nothing is expected."
    )
    present = serializers.IntegerField(help_text="Unit-months (stocks: units) whose inputs are there.")
    expected = serializers.IntegerField(help_text="Unit-months (stocks: units) that should be there.")
    as_reported = serializers.BooleanField(help_text="Entered as a result; not computed from counts.")
    contradicts = ContradictionSerializer(
        allow_null=True, help_text="Null unless it was reported, contradicts others, and nobody confirmed it."
    )
    unapproved = serializers.BooleanField(
        help_text="Some of its numbers are not approved yet: they are in it, or left out if so asked."
    )
    basis = serializers.ListField(
        child=serializers.CharField(),
        help_text="Data elements the value stands on, where the formula has alternatives.",
    )
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the data elements that are missing."
    )
    left_out = LeftOutSerializer(many=True, help_text="What does not count in the value, though it should.")


_EXAMPLE = {
    "hospital": "general",
    "unit": "ward-a",
    "indicator": "bor",
    "period": "2009-Q1",
    "value": 76.54320987654321,
    "unit_of_measure": "%",
    "compared_through": None,
    "reason": None,
    "completeness": 1.0,
    "present": 6,
    "expected": 6,
    "range": {"low": 75.0, "high": 85.0},
    "place": "inside",
    "distance": 0.0,
    "score": 100.0,
    "verdict": "good",
    "than_last_year": "better",
    "as_reported": False,
    "contradicts": None,
    "unapproved": False,
    "basis": [],
    "missing": [],
    "left_out": [],
}


@extend_schema_view(
    get=extend_schema(
        operation_id="indicator_values",
        tags=["indicators"],
        responses={
            200: IndicatorValueSerializer(many=True),
            400: WRONG_PARAMETER,
            404: OpenApiResponse(description="No such hospital or unit, or not yours to see."),
        },
        examples=[OpenApiExample("A ward in a quarter", _EXAMPLE, response_only=True, status_codes=["200"])],
    )
)
class IndicatorValueListView(generics.ListAPIView):
    """Stored indicator values of everything you may see, unit by unit, indicator by indicator."""

    queryset = IndicatorValue.objects.all()
    serializer_class = IndicatorValueSerializer
    filterset_class = IndicatorValueFilter
    ordering_fields = ("period", "value", "score")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        approved_only = request.query_params.get("approved_only", "").lower() == "true"
        chosen = stored_values(approved_only=approved_only)
        rows = self.paginate_queryset([self.filter_queryset(queryset) for queryset in chosen])
        return self.get_paginated_response(values_as_json(rows or [], approved_only=approved_only))


class FreshnessParameters(serializers.Serializer):
    hospital = serializers.CharField(max_length=64, help_text="Hospital code.")


class FreshnessSerializer(serializers.Serializer):
    hospital = serializers.CharField(help_text="Hospital code.")
    up_to_date = serializers.BooleanField(help_text="Every saved number is in the scores.")
    computed_at = serializers.DateTimeField(allow_null=True, help_text="When scores were last computed.")
    waiting_since = serializers.DateTimeField(
        allow_null=True, help_text="The oldest change that is not in the scores yet."
    )


class FreshnessView(APIView):
    """Whether the scores of a hospital have caught up with its numbers, and since when not."""

    @extend_schema(
        operation_id="freshness",
        tags=["scores"],
        parameters=[FreshnessParameters],
        responses={
            200: FreshnessSerializer,
            400: OpenApiResponse(description="A parameter is missing or unknown; the answer names it."),
            404: OpenApiResponse(description="No such hospital, or not yours to see."),
        },
        examples=[
            OpenApiExample(
                "Waiting",
                {
                    "hospital": "general",
                    "up_to_date": False,
                    "computed_at": "2026-11-21T08:00:00Z",
                    "waiting_since": "2026-11-21T08:00:02Z",
                },
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request.query_params, known=FreshnessParameters().fields)
        asked = FreshnessParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        hospital = visible_hospitals(request.user).filter(code=asked.validated_data["hospital"]).first()
        if hospital is None:
            raise NotFound(NO_SUCH_PLACE)
        fresh = freshness_of(hospital)
        return Response(
            {
                "hospital": hospital.code,
                "up_to_date": fresh.up_to_date,
                "computed_at": fresh.computed_at,
                "waiting_since": fresh.waiting_since,
            }
        )
