from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EntryConfig(AppConfig):
    name = "entry"
    verbose_name = _("Data entry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from entry import locks, signals
        from indicators.hooks import expectations, keepings, unapproved

        locks.connect()
        signals.connect()
        expectations.add("entry.queries.keeping.units_expected")
        keepings.add("entry.queries.keeping.units_keeping")
        unapproved.add("entry.queries.approval.approvals_in")
