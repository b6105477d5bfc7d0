"""Every address of an installation, handed to the surface that answers it."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

SURFACES = (
    ("api/", "zhida.surfaces.api.urls"),
    ("desk/", "zhida.surfaces.desk.urls"),
    ("", "zhida.surfaces.portal.urls"),
)


def _is_there(module: str) -> bool:
    parent = module.rpartition(".")[0]
    return all(find_spec(name) for name in (parent.rpartition(".")[0], parent, module))


urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    *(path(prefix, include(module)) for prefix, module in SURFACES if _is_there(module)),
]
