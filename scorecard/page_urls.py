from django.urls import path

from hospitals.lazy_views import LazyViews

views = LazyViews("scorecard.views")

urlpatterns = [
    path("", views.home, name="home"),
    path("hospitals/<slug:code>/", views.overview, name="overview"),
    path("hospitals/<slug:code>/others/", views.other_indicators, name="other_indicators"),
    path("hospitals/<slug:code>/freshness/", views.freshness, name="freshness"),
]
