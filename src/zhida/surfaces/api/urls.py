"""The API's addresses."""

from __future__ import annotations

from django.urls import path

from zhida.surfaces.api.problems import no_such_address
from zhida.surfaces.api.service import api

urlpatterns = [path("v1/", api.urls), path("<path:rest>", no_such_address)]
