"""Every address of an installation, handed to the surface that answers it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from zhida.surfaces.api import vouching
from zhida.surfaces.api.credentials import status_list
from zhida.surfaces.api.health import alive, metrics, ready
from zhida.surfaces.api.log import log_file, payloads
from zhida.surfaces.portal.views.entering import forgotten

urlpatterns: list[URLPattern | URLResolver] = [
    path("alive", alive, name="alive"),
    path("ready", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("account/password/reset/", forgotten, name="forgotten"),
    path("account/password/reset/<path:rest>", forgotten, name="forgotten"),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("status/<int:number>", status_list, name="status_list"),
    path("log/payloads/<int:index>", payloads, name="log_payloads"),
    path("log/<path:path>", log_file, name="log_file"),
    path(".well-known/openid-configuration", vouching.configuration, name="vouching_configuration"),
    path("oidc/keys", vouching.keys, name="vouching_keys"),
    path("oidc/token", vouching.token, name="vouching_token"),
    path("oidc/userinfo", vouching.userinfo, name="vouching_userinfo"),
    path("oidc/revoke", vouching.revoke, name="vouching_revoke"),
    path("api/", include("zhida.surfaces.api.urls")),
    path("desk/", include("zhida.surfaces.desk.urls")),
    path("", include("zhida.surfaces.portal.urls")),
]
