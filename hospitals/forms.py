from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hospitals.authentication import WrongPasswords


class SlowedDown(AuthenticationForm):
    """After some wrong passwords even the right one has to wait, and the answer says how long."""

    def clean(self) -> dict[str, Any]:
        if self.request is None or not self.cleaned_data.get("username"):
            return super().clean()
        wrong = WrongPasswords(self.request, self.cleaned_data["username"])
        if minutes := wrong.minutes_to_wait:
            said = ngettext(
                "Too many wrong passwords for this name. Try again in %(minutes)s minute, or ask the "
                "administrator of your hospital for a new password.",
                "Too many wrong passwords for this name. Try again in %(minutes)s minutes, or ask the "
                "administrator of your hospital for a new password.",
                minutes,
            )
            raise ValidationError(said % {"minutes": minutes}, code="too_many")
        try:
            return super().clean()
        except ValidationError:
            wrong.count()
            raise


class SignInForm(SlowedDown):
    """The form of the sign-in page, with an answer that says what to check."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is not right. Capital and small letters differ; check Caps Lock."
        ),
        "inactive": _("This account is closed. Ask the administrator of your hospital."),
    }


class AdminSignInForm(SlowedDown, AdminAuthenticationForm):
    """The form of the sign-in page of the Django admin."""
