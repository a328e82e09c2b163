"""REST: signing in, and the codes of hospitals and units."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import FilterSet
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from knox.views import LoginView as KnoxLoginView
from knox.views import LogoutAllView as KnoxLogoutAllView
from knox.views import LogoutView as KnoxLogoutView
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from hospitals.access import visible_hospitals, visible_units
from hospitals.authentication import SignInsOfAddress, SignInsOfName, TokenAuthentication
from hospitals.models import Hospital, Unit, UnitKind
from hospitals.places import NO_SUCH_PLACE
from hospitals.query_parameters import WRONG_PARAMETER, ChoiceCodesFilter, CodesFilter


class TokenScheme(KnoxTokenScheme):
    """How the schema describes the token of a request."""

    target_class = "hospitals.authentication.TokenAuthentication"
    name = "token"


class CredentialsSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class TokenSerializer(serializers.Serializer):
    """The token is shown this once: only its digest is kept."""

    token = serializers.CharField(help_text="Send it as `Authorization: Token …`.")
    expiry = serializers.DateTimeField(help_text="From then on the token is refused; sign in again.")


class LoginView(KnoxLoginView):
    """A new token for a user name and its password."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (SignInsOfAddress, SignInsOfName)

    @extend_schema(
        operation_id="login",
        tags=["auth"],
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            400: OpenApiResponse(description="User name or password is wrong."),
            429: OpenApiResponse(description="Too many attempts; wait as long as `Retry-After` says."),
        },
        examples=[OpenApiExample("A director", {"username": "budi", "password": "…"}, request_only=True)],
    )
    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002  # knox's name
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            raise ValidationError({"detail": _("User name or password is wrong.")})
        request.user = user
        return super().post(request, format=format)


class LogoutView(KnoxLogoutView):
    """Makes the token of this request useless."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="logout", tags=["auth"], request=None, responses={204: None})
    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002
        return super().post(request, format=format)


class LogoutAllView(KnoxLogoutAllView):
    """Makes every token of the person useless."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(operation_id="logoutall", tags=["auth"], request=None, responses={204: None})
    def post(self, request: Request, format: str | None = None) -> Response:  # noqa: A002
        return super().post(request, format=format)


class HospitalSerializer(serializers.ModelSerializer):
    class Meta:
        model = Hospital
        fields = ["code", "name", "kind", "city", "currency", "is_synthetic"]


class UnitSerializer(serializers.ModelSerializer):
    hospital = serializers.CharField(source="hospital.code", help_text="Code of the hospital.")
    parent = serializers.CharField(  # type: ignore[assignment]  # also a name of the framework's
        source="parent.code",
        allow_null=True,
        default=None,
        help_text="Code of the unit it is part of; null for the whole hospital.",
    )

    class Meta:
        model = Unit
        fields = ["hospital", "code", "name", "kind", "parent", "opened_on", "closed_on"]


class UnitFilter(FilterSet):
    hospital = CodesFilter(
        field_name="hospital__code", method="in_hospitals", help_text="Hospital codes; several with commas."
    )
    kind = ChoiceCodesFilter(among=UnitKind.values, help_text="Kinds of unit.")

    class Meta:
        model = Unit
        fields: list[str] = []

    def in_hospitals(self, queryset: QuerySet[Unit], name: str, codes: list[str]) -> QuerySet[Unit]:
        if codes:
            known = visible_hospitals(self.request.user).filter(code__in=codes)
            if known.count() < len(codes):
                raise NotFound(NO_SUCH_PLACE)
            queryset = queryset.filter(hospital__in=known)
        return queryset


@extend_schema_view(
    get=extend_schema(
        operation_id="hospitals",
        tags=["places"],
        responses={200: HospitalSerializer(many=True), 400: WRONG_PARAMETER},
    )
)
class HospitalListView(generics.ListAPIView):
    """The hospitals in which you have a role."""

    serializer_class = HospitalSerializer
    queryset = Hospital.objects.none()

    def get_queryset(self) -> QuerySet[Hospital]:
        return visible_hospitals(self.request.user)


@extend_schema_view(
    get=extend_schema(
        operation_id="units",
        tags=["places"],
        responses={
            200: UnitSerializer(many=True),
            400: WRONG_PARAMETER,
            404: OpenApiResponse(description="No such hospital, or not yours to see."),
        },
    )
)
class UnitListView(generics.ListAPIView):
    """The units at which you have a role, given there or further up."""

    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    queryset = Unit.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return visible_units(self.request.user).select_related("hospital", "parent")
