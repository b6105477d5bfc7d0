"""The desk denies by default: every one of its views names the duties it is for."""

import pytest
from django.urls import URLPattern

from zhida.surfaces.desk import urls
from zhida.surfaces.desk.views import reviewing

LANDING = {"mine": reviewing.work}
"""Where a log-in lands: it asks only for a log-in, then hands over to a view that names its duty."""


@pytest.mark.parametrize("route", urls.urlpatterns, ids=lambda route: str(route.name))
def test_every_view_names_its_duties(route: URLPattern) -> None:
    view = LANDING.get(str(route.name), route.callback)
    duties = getattr(view, "duties", None) or getattr(getattr(view, "__wrapped__", None), "duties", ())
    assert duties
