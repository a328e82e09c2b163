"""Signing in and out, the language of the pages, one's own account."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hospitals import language
from hospitals.forms import SignInForm
from hospitals.models import Membership, User


class SignIn(auth_views.LoginView):
    """Signs in, and takes up the person's language unless another was chosen on the sign-in page."""

    template_name = "hospitals/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user, chosen = form.get_user(), language.chosen_by_visitor(self.request)
        if chosen:
            language.keep_for(user, chosen)
        else:
            language.remember(response, user.language)
        return response


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    language.forget(response)
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Back to the page in another language, which a person signed in keeps for the next time."""
    following = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        following, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        following = resolve_url(settings.LOGIN_REDIRECT_URL)
    response = HttpResponseRedirect(following)
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        language.remember(response, chosen)
        if request.user.is_authenticated:
            language.keep_for(request.user, chosen)
    return response


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is, and which roles one has where."""
    roles = Membership.objects.filter(user=cast(User, request.user)).select_related("unit__hospital")
    return render(
        request,
        "hospitals/account.html",
        {"roles": roles.order_by("unit__hospital__name", "unit__code", "role")},
    )


@method_decorator(login_required, name="dispatch")
class ChangePassword(auth_views.PasswordChangeView):
    template_name = "hospitals/change_password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password was changed."))
        return response
