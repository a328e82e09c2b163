from django.urls import path

from hospitals.lazy_views import LazyViews

views = LazyViews("indicators.agreements.views")

urlpatterns = [
    path("hospitals/<slug:code>/results/", views.confirm_results_page, name="confirm_results"),
]
