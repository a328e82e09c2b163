"""Every address of the site; each room adds its own."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the process answers; asks nothing of database or broker."""
    return HttpResponse("ok\n", content_type="text/plain")


handler404 = "hospitals.not_found.page_not_found"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("scorecard.page_urls")),
    path("", include("hospitals.urls")),
    path("", include("indicators.urls")),
    path("forms/", include("entry.urls")),
    path("", include("surveys.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("scorecard.api_urls")),
]
