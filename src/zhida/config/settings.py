"""Django's settings for every installation; what differs between two is read from ZHIDA_… in the environment.

ZHIDA_HOME          where keys, the SQLite database, snapshots and collected files stand (default ~/.zhida)
ZHIDA_DATABASE_URL  sqlite:///file or postgres://… (default: SQLite in the home)
ZHIDA_HOSTS         host names served, by comma (default: this machine only)
ZHIDA_HTTPS         1 where TLS stands in front: cookies are then sent over TLS only
ZHIDA_SECRET_KEY    the signing key of log-ins (default: made once and kept in the home)
ZHIDA_SEALING_LAG   minutes for which facts may stand unsealed before paying stops (default 240; 0 never stops)
ZHIDA_STEP_UP       minutes after which whoever moves money types the password again (default 15; 0 never asks)
ZHIDA_SECOND_FACTOR 1 where who moves money or changes an account needs one (default 1; 0 in the demonstration)
ZHIDA_DESK_IDLE     minutes after which a desk that was left alone is logged out (default 30; 0 never)
ZHIDA_RATES         how often one person or address may ask, as in claims=60/600 (requests/seconds; 0 never refuses)
ZHIDA_WAIT          seconds for which a request may wait for a free worker, by the proxy's word (default 3; 0 any)
ZHIDA_PROXIES       how many proxies of ours stand in front and write X-Forwarded-For (default 1 with TLS, else 0)
ZHIDA_DEBUG         1 on a developer's machine
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from zhida.config.database import database
from zhida.config.home import open_home, secret_key
from zhida.config.rates import USUAL_RATES, rates

HOME = open_home(os.environ.get("ZHIDA_HOME", ""))
SOURCE = Path(__file__).resolve().parent.parent

ZHIDA_STEP_UP = int(os.environ.get("ZHIDA_STEP_UP", "15"))
ZHIDA_DESK_IDLE = int(os.environ.get("ZHIDA_DESK_IDLE", "30"))
ZHIDA_WAIT = float(os.environ.get("ZHIDA_WAIT", "3"))
ZHIDA_SEALING_LAG = int(os.environ.get("ZHIDA_SEALING_LAG", "240"))

DEBUG = os.environ.get("ZHIDA_DEBUG") == "1"
SECRET_KEY = os.environ.get("ZHIDA_SECRET_KEY") or secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("ZHIDA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

KERNEL_APPS = (
    "accounts",
    "ledger",
    "outbox",
    "search",
    "offices",
    "registry",
    "catalogue",
    "notices",
    "entitlements",
    "funds",
    "credentials",
    "cases",
)
INSTALLED_APPS = [
    "zhida.surfaces.look",
    "zhida.surfaces.portal",
    "zhida.surfaces.desk",
    *(f"zhida.kernel.{name}" for name in KERNEL_APPS),
    "zhida.services.authoring",
    "zhida.services.controls",
    "zhida.services.consents",
    "zhida.services.drafts",
    "zhida.services.feedback",
    "zhida.services.figures",
    "zhida.services.identities",
    "zhida.services.inspection",
    "zhida.services.outreach",
    "zhida.services.worklists",
    "zhida.services.pacing",
    "zhida.services.simulation",
    "zhida.services.vouching",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhida.surfaces.look.plain_text.plain_text",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhida.surfaces.api.shedding.shedding",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhida.surfaces.look.modes.look_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhida.surfaces.portal.shared_logins.SharedLogins",
    "zhida.surfaces.api.pacing.Pacing",
    "zhida.surfaces.look.answers.ErrorPages",
]
ROOT_URLCONF = "zhida.config.urls"
WSGI_APPLICATION = "zhida.config.wsgi.application"
ZHIDA_WIRING = "zhida.config.wiring"
ZHIDA_PAYS_ONLY_GRANTS = True
ZHIDA_DEMO = (HOME / "demo").exists()
ZHIDA_SECOND_FACTOR = os.environ.get("ZHIDA_SECOND_FACTOR", "0" if ZHIDA_DEMO else "1") == "1"
ZHIDA_RATES = rates(os.environ.get("ZHIDA_RATES", "0" if ZHIDA_DEMO else USUAL_RATES))
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhida.surfaces.look.shell.shell",
            ]
        },
    }
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": True}},
}
DATABASES = {"default": database(os.environ.get("ZHIDA_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "surfaces" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "zhida.surfaces.portal.signing_in.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
MFA_TOTP_ISSUER = "Zhida"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "zhida.surfaces.portal.signing_in.SecondFactors"
MFA_FORMS = {
    f"{act}_webauthn": f"zhida.surfaces.portal.signing_in.{form}"
    for act, form in {
        "add": "AddPasskey",
        "edit": "RenamePasskey",
        "login": "PasskeyLogin",
        "authenticate": "PasskeyBeside",
        "reauthenticate": "PasskeyAgain",
    }.items()
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ZHIDA_PROXIES", os.environ.get("ZHIDA_HTTPS", "0")))
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:mine"

SESSION_ENGINE = "zhida.surfaces.look.sealed_sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("ZHIDA_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if SESSION_COOKIE_SECURE else []
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{f"{kind}-src": [SELF] for kind in ("default", "script", "style", "img", "font", "connect")},
        "object-src": [NONE],
        "frame-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Collected files are served under hashed names; before any collection, straight from the source folders.
IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not IS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = HOME / "files"
