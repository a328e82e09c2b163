from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from indicators.expected import expectations
        from surveys.queries import nothing_expected

        if nothing_expected not in expectations:
            expectations.append(nothing_expected)
