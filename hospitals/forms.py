from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """The form of the sign-in page, with an answer that says what to check."""

    error_messages = {
        "invalid_login": _(
            "The user name or the password is not right. Capital and small letters differ; check Caps Lock."
        ),
        "inactive": _("This account is closed. Ask the administrator of your hospital."),
    }
