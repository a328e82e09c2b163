"""Fixtures of the tests of this room."""

from collections.abc import Callable

import pytest
from django.test import Client

from hospitals.models import User


@pytest.fixture
def page(joko: User, as_person: Callable[[User], Client]) -> Client:
    """The administration, in English, as the administrator sees it."""
    client = as_person(joko)
    client.cookies.load({"django_language": "en"})
    return client
