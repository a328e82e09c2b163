"""Guessing at a password on the pages: slowed down per name and address, and nobody else with it."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from hospitals.authentication import WrongPasswords
from hospitals.models import User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
PAGES = pytest.mark.parametrize("page", ["/login/", "/admin/login/"])


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def guess(name: str, password: str, page: str = "/login/", address: str = "10.0.0.1", **more: str):
    """The answer to one attempt; 302 is success."""
    return Client().post(page, {"username": name, "password": password}, REMOTE_ADDR=address, **more)


def guess_often(name: str, times: int = WrongPasswords.most, page: str = "/login/") -> None:
    for n in range(times):
        assert guess(name, f"guess-{n}", page).status_code == 200


@PAGES
def test_after_ten_wrong_passwords_even_the_right_one_waits(joko: User, page: str) -> None:
    guess_often("joko", page=page)
    late = guess("JOKO ", PASSWORD, page, HTTP_ACCEPT_LANGUAGE="en")
    assert late.status_code == 200
    assert "Try again in 15 minutes" in late.content.decode()
    late = guess("joko", PASSWORD, page, HTTP_ACCEPT_LANGUAGE="id")
    assert "Coba lagi dalam 15 menit" in late.content.decode()


@PAGES
def test_waiting_helps(joko: User, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guess_often("joko", page=page)
    now = WrongPasswords.timer()
    monkeypatch.setattr(WrongPasswords, "timer", staticmethod(lambda: now + WrongPasswords.seconds + 1))
    assert guess("joko", PASSWORD, page).status_code == 302


def test_colleagues_behind_the_same_address_sign_in_meanwhile(wati: User, sri: User) -> None:
    guess_often("wati")
    assert guess("sri", PASSWORD).status_code == 302


def test_the_person_signs_in_from_elsewhere_meanwhile(wati: User) -> None:
    guess_often("wati")
    assert guess("wati", PASSWORD, address="10.0.0.2").status_code == 302


def test_the_right_password_is_not_counted(wati: User) -> None:
    guess_often("wati", WrongPasswords.most - 1)
    for _day in range(3):
        assert guess("wati", PASSWORD).status_code == 302
    guess_often("wati", 1)
    assert guess("wati", PASSWORD).status_code == 200


def test_a_forged_proxy_header_does_not_make_a_new_address(wati: User) -> None:
    for n in range(WrongPasswords.most):
        guess("wati", "guess", HTTP_X_FORWARDED_FOR=f"10.1.0.{n}")
    assert guess("wati", PASSWORD, HTTP_X_FORWARDED_FOR="10.1.1.1").status_code == 200
