from django.urls import path

from indicators.agreements import views

urlpatterns = [
    path("hospitals/<slug:code>/results/", views.confirm_results_page, name="confirm_results"),
]
