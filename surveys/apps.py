from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from indicators.following import follow, whoever_uses
        from indicators.hooks import expectations
        from surveys.models import Questionnaire

        # What a survey publishes is expected of nobody.
        follow(Questionnaire, whoever_uses)
        expectations.add("surveys.queries.nothing_expected")
