"""Addresses under /api/: version 1 of the REST API, its schema and a reader for it."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from entry import api as entry
from hospitals import api as hospitals
from indicators import api as indicators
from scorecard import api as scorecard

urlpatterns = [
    path("v1/auth/login/", hospitals.LoginView.as_view(), name="api_login"),
    path("v1/auth/logout/", hospitals.LogoutView.as_view(), name="api_logout"),
    path("v1/auth/logoutall/", hospitals.LogoutAllView.as_view(), name="api_logoutall"),
    path("v1/hospitals/", hospitals.HospitalListView.as_view(), name="api_hospitals"),
    path("v1/units/", hospitals.UnitListView.as_view(), name="api_units"),
    path("v1/data-values/", entry.DataValueListView.as_view(), name="api_data_values"),
    path("v1/indicator-values/", indicators.IndicatorValueListView.as_view(), name="api_indicator_values"),
    path("v1/freshness/", indicators.FreshnessView.as_view(), name="api_freshness"),
    path("v1/scores/", scorecard.ScoresView.as_view(), name="api_scores"),
    path("schema/", SpectacularAPIView.as_view(), name="api_schema"),
    # Page and script apart: the content security policy allows no inline script.
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
