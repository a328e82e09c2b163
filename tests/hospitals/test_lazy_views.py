"""Addresses know their views by name, and load them with the first request."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from hospitals.lazy_views import LazyView, LazyViews, load_views
from hospitals.models import User


class Greeting(View):
    """A class-based view with an option."""

    word = "good day"

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return HttpResponse(f"{self.word}, {name}")


@csrf_exempt
def open_to_other_sites(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def lazy_views(patterns: list | None = None) -> Iterator[LazyView]:
    """Those of every address of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from lazy_views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and isinstance(pattern.callback, LazyView):
            yield pattern.callback


def test_every_name_in_the_addresses_is_that_of_a_view():
    found = list(lazy_views())
    assert len(found) > 40
    for view in found:
        assert callable(view.load()), view.__name__


def test_finding_and_naming_an_address_loads_nothing():
    pattern = path("board/", LazyView("no_such_module.board"))
    assert pattern.check() == []
    assert pattern.lookup_str == "no_such_module.board"
    assert pattern.resolve("board/").view_name == "no_such_module.board"


def test_a_wrong_name_is_told_when_the_page_is_asked_for():
    view = LazyViews("hospitals.views").no_such_page
    with pytest.raises(ImportError, match="no_such_page"):
        view(RequestFactory().get("/"))


def test_a_class_is_made_a_view_with_its_options():
    plain, other = (LazyView(f"{__name__}.Greeting", **options) for options in ({}, {"word": "good night"}))
    request = RequestFactory().get("/")
    assert plain(request, name="Wati").content == b"good day, Wati"
    assert other(request, name="Wati").content == b"good night, Wati"


def test_only_a_view_that_says_so_takes_forms_of_other_sites():
    assert LazyView(f"{__name__}.open_to_other_sites").csrf_exempt
    assert not getattr(LazyView(f"{__name__}.Greeting"), "csrf_exempt", False)


def test_pages_refuse_forms_of_other_sites_and_rest_asks_for_no_form_token(budi: User):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/language/", {"language": "en"}).status_code == 403
    assert client.post("/api/v1/auth/login/", {"username": "budi", "password": "wrong"}).status_code == 400


def test_a_process_that_answers_for_days_loads_all_views_at_once():
    views = [LazyView(f"{__name__}.Greeting"), LazyView(f"{__name__}.open_to_other_sites")]
    load_views([path("a/", views[0]), path("b/", include([path("c/", views[1])]))])
    assert all(view._view is not None for view in views)


def test_a_wrong_name_in_the_addresses_stops_its_start():
    with pytest.raises(ImportError, match="no_such_module"):
        load_views([path("board/", LazyView("no_such_module.board"))])
