"""Signing in and out, the language of the pages, one's own account."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from hospitals.models import User
from tests.cast import PASSWORD

INDONESIAN = {"HTTP_ACCEPT_LANGUAGE": "id"}
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def sign_in(client: Client, password: str = PASSWORD, **headers: str):
    return client.post("/login/", {"username": "budi", "password": password}, **headers)


def test_the_sign_in_page_speaks_both_languages(client: Client, db: None):
    assert "Nama pengguna" in client.get("/login/", **INDONESIAN).content.decode()
    assert "User name" in client.get("/login/", **ENGLISH).content.decode()


def test_the_language_can_be_chosen_before_signing_in(client: Client, db: None):
    answer = client.post("/language/", {"language": "en", "next": "/login/?next=/account/"})
    assert answer.url == "/login/?next=/account/"
    assert "User name" in client.get("/login/", **INDONESIAN).content.decode()


def test_a_wrong_password_is_said_clearly_and_the_name_is_kept(client: Client, budi: User):
    page = sign_in(client, "wrong", **INDONESIAN).content.decode()
    assert "Nama pengguna atau kata sandi salah." in page
    assert 'value="budi"' in page


def test_signing_in_takes_up_the_persons_language(client: Client, budi: User):
    budi.language = "en"
    budi.save()
    sign_in(client, **INDONESIAN)
    assert "My account" in client.get("/account/", **INDONESIAN).content.decode()


def test_a_language_chosen_on_the_sign_in_page_is_kept_for_the_person(client: Client, budi: User):
    client.post("/language/", {"language": "en"})
    sign_in(client)
    budi.refresh_from_db()
    assert budi.language == "en"


def test_signing_out_leaves_nothing_for_the_next_person(client: Client, budi: User):
    sign_in(client)
    answer = client.post("/logout/")
    assert answer.url == "/login/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert client.get("/account/").url == "/login/?next=/account/"


def test_signing_out_is_not_a_link(client: Client, budi: User):
    client.force_login(budi)
    assert client.get("/logout/").status_code == 405


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1"])
def test_choosing_a_language_never_leads_elsewhere(elsewhere: str, client: Client, db: None):
    assert client.post("/language/", {"language": "en", "next": elsewhere}).url == "/"


def test_an_unknown_language_changes_nothing(client: Client, budi: User):
    client.force_login(budi)
    client.post("/language/", {"language": "xx"})
    budi.refresh_from_db()
    assert budi.language == "id"


def test_the_account_says_which_roles_one_has(sri: User, as_person: Callable, django_assert_num_queries):
    client = as_person(sri)
    with django_assert_num_queries(3):
        page = client.get("/account/", **ENGLISH).content.decode()
    assert "Approver" in page
    assert "Bangsal Melati, RSUD Anggrek" in page


def test_the_password_can_be_changed(budi: User, as_person: Callable):
    new = "kenanga-putih-9"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    page = as_person(budi).post("/account/password/", fields, follow=True, **ENGLISH).content.decode()
    assert "Your password was changed." in page
    budi.refresh_from_db()
    assert budi.check_password(new)


@pytest.mark.parametrize("path", ["/account/", "/account/password/"])
def test_an_account_is_only_for_who_is_signed_in(path: str, client: Client, db: None):
    assert client.get(path).url == f"/login/?next={path}"
