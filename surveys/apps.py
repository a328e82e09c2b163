from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from indicators.expected import expectations
        from indicators.following import follow, whoever_uses
        from surveys.models import Questionnaire
        from surveys.queries import nothing_expected

        # What a survey publishes is expected of nobody.
        follow(Questionnaire, whoever_uses)

        if nothing_expected not in expectations:
            expectations.append(nothing_expected)
