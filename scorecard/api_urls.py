"""Addresses under /api/: version 1 of the REST API, its schema and a reader for it."""

from django.urls import path

from hospitals.lazy_views import LazyView, LazyViews

entry = LazyViews("entry.api")
hospitals = LazyViews("hospitals.api")
indicators = LazyViews("indicators.api")
scorecard = LazyViews("scorecard.api")

urlpatterns = [
    path("v1/auth/login/", hospitals.LoginView, name="api_login"),
    path("v1/auth/logout/", hospitals.LogoutView, name="api_logout"),
    path("v1/auth/logoutall/", hospitals.LogoutAllView, name="api_logoutall"),
    path("v1/hospitals/", hospitals.HospitalListView, name="api_hospitals"),
    path("v1/units/", hospitals.UnitListView, name="api_units"),
    path("v1/data-values/", entry.DataValueListView, name="api_data_values"),
    path("v1/indicator-values/", indicators.IndicatorValueListView, name="api_indicator_values"),
    path("v1/freshness/", indicators.FreshnessView, name="api_freshness"),
    path("v1/scores/", scorecard.ScoresView, name="api_scores"),
    path("schema/", LazyView("drf_spectacular.views.SpectacularAPIView"), name="api_schema"),
    # Page and script apart: the content security policy allows no inline script.
    path(
        "docs/",
        LazyView("drf_spectacular.views.SpectacularSwaggerSplitView", url_name="api_schema"),
        name="api_docs",
    ),
]
