from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScorecardConfig(AppConfig):
    name = "scorecard"
    verbose_name = _("Scorecard")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from scorecard import signals

        signals.connect()
