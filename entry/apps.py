from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "entry"
    verbose_name = _("Data entry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from entry import locks, signals
        from entry.queries.approval import waiting_for_approval
        from entry.queries.keeping import units_expected, units_keeping
        from indicators.expected import expectations, keepings
        from indicators.reading import unapproved

        locks.connect()
        signals.connect()
        if units_expected not in expectations:
            expectations.append(units_expected)
        if units_keeping not in keepings:
            keepings.append(units_keeping)
        if waiting_for_approval not in unapproved:
            unapproved.append(waiting_for_approval)
