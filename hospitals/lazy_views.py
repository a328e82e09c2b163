"""Views that are loaded when they are needed: with the first request for them, or by `load_views`.

Every command, worker and web process reads all addresses when it starts, and few of them show a page:
were the addresses to import their views, each start would load the REST framework and all that computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string
from django.views import View

#: One thread at a time loads views: modules that import each other would else meet half loaded.
_loading = RLock()


class LazyView:
    """The function or class-based view with a dotted name, for `path(…)`; `options` are for its `as_view`.

    What is asked of it (`csrf_exempt`, or `cls` for the REST schema) the view itself answers. Only what
    Django asks of every address to know its name loads nothing, so `view_class` is not there.
    """

    def __init__(self, name: str, **options: Any) -> None:
        self.__module__, _dot, self.__name__ = name.rpartition(".")
        self.__qualname__ = self.__name__
        self._options = options
        self._view: Callable[..., HttpResponseBase] | None = None

    def load(self) -> Callable[..., HttpResponseBase]:
        """The view. Raises ImportError where the name is wrong."""
        if self._view is None:
            with _loading:
                found = import_string(f"{self.__module__}.{self.__name__}")
            is_class = isinstance(found, type) and issubclass(found, View)
            self._view = cast(type[View], found).as_view(**self._options) if is_class else found
        return self._view

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.load()(request, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "view_class":
            raise AttributeError(name)
        return getattr(self.load(), name)


def load_views(patterns: Iterable[URLPattern | URLResolver] | None = None) -> None:
    """Load all views of the site now: for a process that is going to answer requests for days.

    Raises ImportError where a name is wrong.
    """
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            load_views(pattern.url_patterns)
        elif isinstance(pattern.callback, LazyView):
            pattern.callback.load()


class LazyViews:
    """Stands for a module of views where addresses are listed: each of its names is a `LazyView`."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> LazyView:
        if name.startswith("_"):
            raise AttributeError(name)
        return LazyView(f"{self._module}.{name}")
