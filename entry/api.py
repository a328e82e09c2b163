"""REST: the numbers themselves, read and sent in by programs."""

from __future__ import annotations

from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from entry.pushed_values import MOST_VALUES, STATUSES, BadValuesError, read_values
from entry.queries.keeping import asked_of_others
from entry.value_files import Names
from hospitals.access import visible_units
from hospitals.models import Hospital, User
from hospitals.places import NO_SUCH_PLACE
from hospitals.query_parameters import WRONG_PARAMETER, CodesFilter, refuse_unknown
from indicators.actions import NewValue, ValueRefusedError
from indicators.api_filters import UnitsAndPeriodsFilter
from indicators.models import DataElement, DataValue, Status
from indicators.questions import UnansweredError, save_values_and_answers

_WORDS = {status: word for word, status in STATUSES.items()}


class DataValueFilter(UnitsAndPeriodsFilter):
    """Several codes in one filter mean any of them; several filters mean all of them."""

    named = "element"
    model = DataElement
    no_such = gettext_lazy("There is no data element “%(code)s”.")

    element = CodesFilter(help_text="Codes of data elements, for example `patient_days,beds`.")


class DataValueSerializer(serializers.Serializer):
    hospital = serializers.CharField(source="unit.hospital.code", help_text="Code of the hospital.")
    unit = serializers.CharField(source="unit.code", help_text="Code of the unit.")
    element = serializers.CharField(source="element.code", help_text="Code of the data element.")
    period = serializers.CharField(help_text="`2009-03`, `2009-Q1`, `2009-S1` or `2009`.")
    value = serializers.FloatField(allow_null=True, help_text="Null when `status` says why.")
    status = serializers.SerializerMethodField()

    def get_status(self, row: DataValue) -> str:
        return _WORDS[Status(row.status)]


class SentValueSerializer(serializers.Serializer):
    unit = serializers.CharField(
        required=False,
        help_text="Unit code; without it the whole hospital. Of a unit that is not yours, only what a form "
        "asks that you fill in about it.",
    )
    element = serializers.CharField(
        help_text="Code of the data element, or of an indicator whose counts are lost."
    )
    period = serializers.CharField(help_text="`2009-03`, `2009-Q1`, `2009-S1` or `2009`.")
    value = serializers.FloatField(allow_null=True, required=False)
    status = serializers.ChoiceField(
        choices=list(STATUSES), default="reported", help_text="`withdrawn` takes back what was reported."
    )


class SentSerializer(serializers.Serializer):
    hospital = serializers.CharField(help_text="Hospital code.")
    dry_run = serializers.BooleanField(default=False, help_text="Check everything, save nothing.")
    values = SentValueSerializer(many=True, help_text=f"At most {MOST_VALUES} at a time; all or nothing.")
    answers = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="Why it is right all the same, by the code of a question that was asked.",
    )


class SavedSerializer(serializers.Serializer):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class QuestionSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="Send the answer under it in `answers`.")
    text = serializers.CharField(help_text="In the language of `Accept-Language`.")
    values = serializers.ListField(
        child=serializers.IntegerField(), help_text="Positions of the `values` it is about, from 0."
    )


class AskedSerializer(serializers.Serializer):
    """Nothing was saved: send it again with the answers. Of a locked form there are no questions."""

    detail = serializers.CharField()
    questions = QuestionSerializer(many=True, required=False)


class Locked(APIException):
    status_code = 409
    default_code = "locked"


_EXAMPLE = {
    "hospital": "general",
    "values": [
        {"unit": "ward-a", "element": "patient_days", "period": "2009-03", "value": 420},
        {"unit": "ward-a", "element": "length_of_stay_days", "period": "2009-03", "status": "not_collected"},
    ],
}


@extend_schema_view(
    get=extend_schema(
        operation_id="data_values",
        tags=["data values"],
        responses={
            200: DataValueSerializer(many=True),
            400: WRONG_PARAMETER,
            404: OpenApiResponse(description="No such hospital or unit, or not yours to see."),
        },
    ),
    post=extend_schema(
        operation_id="send_data_values",
        tags=["data values"],
        request=SentSerializer,
        responses={
            200: SavedSerializer,
            400: OpenApiResponse(
                description="`values` names every bad one by its position, counted from 0. Nothing is saved."
            ),
            404: OpenApiResponse(description="No such hospital, or not yours to report for."),
            409: OpenApiResponse(
                AskedSerializer,
                description="A form that is submitted or approved holds one of them. Or there are "
                "`questions`, each with its `code` and the positions of the `values` it is about: send the "
                "same again with `answers`.",
            ),
            413: OpenApiResponse(description="Too many at a time."),
        },
        examples=[OpenApiExample("A ward", _EXAMPLE, request_only=True)],
    ),
)
class DataValueListView(generics.ListAPIView):
    """The numbers that units reported. Sending them again changes nothing; scores follow by themselves."""

    queryset = DataValue.objects.select_related("unit__hospital", "element")
    serializer_class = DataValueSerializer
    filterset_class = DataValueFilter

    def post(self, request: Request) -> Response:
        refuse_unknown(request.query_params, known=())
        hospital, given, answers, dry_run = _understood(request.data)
        person = cast(User, request.user)
        names = _names(person, hospital)
        try:
            values = read_values(given, names)
        except BadValuesError as error:
            raise ValidationError(
                {"values": {str(n): [said] for n, said in error.problems.items()}}
            ) from error
        try:
            with transaction.atomic():
                saved = save_values_and_answers(
                    values, answers=answers, by=person, why=": ".join(["API", *answers.values()])
                )
                if dry_run:
                    transaction.set_rollback(True)
        except ValueRefusedError as error:
            raise Locked(str(error)) from error
        except UnansweredError as asked:
            return Response(_questions(asked, values), status=Locked.status_code)
        return Response(
            {
                "created": saved.created,
                "changed": saved.changed,
                "withdrawn": saved.removed,
                "unchanged": saved.unchanged,
            }
        )


def _questions(asked: UnansweredError, values: list[NewValue]) -> dict[str, Any]:
    """What has to be answered before anything is saved, and of which values, counted from 0."""
    return {
        "detail": _("Nothing was saved: send it again with answers to these questions."),
        "questions": [
            {
                "code": question.code,
                "text": question.text,
                "values": [n for n, value in enumerate(values) if question.is_about(value)],
            }
            for question in asked.questions
        ],
    }


def _understood(body: Any) -> tuple[str, list[Any], dict[str, str], bool]:
    """Hospital code, values, answers to questions and whether only to check. Raises ValidationError."""
    if not isinstance(body, dict):
        raise ValidationError({"detail": _("Send an object with hospital and values.")})
    if unknown := body.keys() - {"hospital", "values", "answers", "dry_run"}:
        raise ValidationError({sorted(unknown)[0]: [_("There is no such field.")]})
    hospital, given, dry_run = body.get("hospital"), body.get("values"), body.get("dry_run", False)
    if not isinstance(hospital, str) or not hospital:
        raise ValidationError({"hospital": [_("Say which hospital, by its code.")]})
    if not isinstance(given, list) or not given:
        raise ValidationError({"values": [_("Send a list of values.")]})
    if len(given) > MOST_VALUES:
        raise ValidationError({"values": [_("Send at most %(most)s at a time.") % {"most": MOST_VALUES}]})
    if not isinstance(dry_run, bool):
        raise ValidationError({"dry_run": [_("Write true or false.")]})
    answers = body.get("answers", {})
    if not isinstance(answers, dict) or not all(isinstance(why, str) for why in answers.values()):
        raise ValidationError(
            {"answers": [_("Write an object: the code of a question, and why it is right.")]}
        )
    return hospital, given, answers, dry_run


def _names(person: User, code: str) -> Names:
    """The units that the person reports for, those that their forms speak of, and the data elements.
    Raises NotFound without any."""
    units = {
        unit.code: unit
        for unit in visible_units(person, "enter").filter(hospital__code=code).select_related("hospital")
    }
    if not units:
        raise NotFound(NO_SUCH_PLACE)
    hospital = Hospital.objects.get(code=code)
    asked = asked_of_others(hospital, filled_by={unit.pk for unit in units.values()})
    units |= {a.duty.unit.code: a.duty.unit for of_unit in asked.values() for a in of_unit}
    names = Names.of(hospital)
    return Names(
        root=units.get(code),
        units=units,
        elements=names.elements,
        begins=names.begins,
        through_forms=asked,
        not_kept=names.not_kept,
    )
