"""Django settings, read from the environment only.

Every setting has a working default for one machine without servers (SQLite, broker in a folder),
except with IMBANG_PRODUCTION=1, where what must be chosen by hand is mandatory.
"""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from scorecard.environment import (
    SettingError,
    read,
    read_broker,
    read_database,
    read_folder,
    read_site,
    secret_key,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# IMBANG_PRODUCTION: "1" where real data of patients' hospitals is served. Makes SECRET_KEY,
# ALLOWED_HOSTS, DATABASE_URL and CELERY_BROKER_URL mandatory and cookies secure.
PRODUCTION = read("bool", "IMBANG_PRODUCTION", False, example="1")

# IMBANG_VAR: folder of everything written at run time: database, queue, secret key, static files.
VAR = read_folder("IMBANG_VAR", BASE_DIR / "var", example="/var/lib/imbang")

# DEBUG: "1" shows stack traces in the browser. Never where others can reach it.
DEBUG = read("bool", "DEBUG", False, example="1")

# SECRET_KEY: signs sessions and links; the same for every process. Without it one is made in IMBANG_VAR.
SECRET_KEY = read("str", "SECRET_KEY", None, example="$(openssl rand -base64 48)", required=PRODUCTION)
if SECRET_KEY is None:
    SECRET_KEY = secret_key(VAR / "secret_key")
elif PRODUCTION and len(SECRET_KEY) < 32:
    raise SettingError("SECRET_KEY", "is shorter than 32 characters", "$(openssl rand -base64 48)")

# ALLOWED_HOSTS: host names the site is reached by, separated by commas.
_host = "scorecard.hospital.example"
ALLOWED_HOSTS = read(
    "list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], example=_host, required=PRODUCTION
)
if not all(ALLOWED_HOSTS):
    raise SettingError("ALLOWED_HOSTS", "holds an empty name", _host)
if PRODUCTION:
    ALLOWED_HOSTS.append("127.0.0.1")  # the health check asks from inside

INSTALLED_APPS = [
    "demo",
    "scorecard",
    "finance",
    "surveys",
    "workforce",
    "referrals",
    "entry",
    "indicators",
    "hospitals",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # A page of forty charts is 300 kB, a tenth of it compressed. It adds bytes at random, so that
    # the length gives no secret away; static files come compressed already.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "scorecard.urls"
WSGI_APPLICATION = "scorecard.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# DATABASE_URL: where the numbers are kept; an SQLite file in IMBANG_VAR without it.
_database = read_database(f"sqlite:///{VAR / 'imbang.sqlite3'}", required=PRODUCTION)
if _database["ENGINE"].endswith("sqlite3"):
    # A write transaction takes its lock at once and waits its turn: with Django's defaults four of
    # five concurrent writes fail. WAL lets pages read while a number is being saved.
    _database.setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    )
    # Tests use a file as well: worker processes and threads of the test server share it.
    _database["TEST"] = {"NAME": VAR / "test.sqlite3"}
else:
    # Connections are kept and checked before use, so that a restarted server costs no failed page.
    _database.update({"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True})
    _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES = {"default": _database}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People
AUTH_USER_MODEL = "hospitals.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# EMAIL_URL: the mail server that reminders go through; without it they are printed, not sent.
_console = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
_email_example = "smtp://user:password@mail.hospital.example:587/?tls=True"
_email = read("dj_email_url", "EMAIL_URL", _console, example=_email_example)
if "EMAIL_BACKEND" not in _email:
    raise SettingError("EMAIL_URL", "names no way of sending that is known", _email_example)
vars().update(_email)
EMAIL_TIMEOUT = 10
# EMAIL_FROM: who the reminders come from.
DEFAULT_FROM_EMAIL = read("str", "EMAIL_FROM", "imbang@localhost", example="imbang@hospital.example")

# SITE_URL: the address people open, so that letters can link to it; without it they name the page.
SITE_URL = read_site("SITE_URL", example=f"https://{_host}")

# Languages and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# Not everywhere: years, codes and ids in pages and links must stay plain. Templates group the
# digits of measured values themselves (django.contrib.humanize).
USE_THOUSAND_SEPARATOR = False
# TIME_ZONE: the zone in which a month begins and pages show times.
TIME_ZONE = read("str", "TIME_ZONE", "Asia/Jakarta", example="Asia/Makassar")
try:
    ZoneInfo(TIME_ZONE)
except (KeyError, ValueError, OSError) as error:
    raise SettingError("TIME_ZONE", f"names no known time zone ({TIME_ZONE})", "Asia/Makassar") from error

# Css, js and icons: built by `make setup`, served by WhiteNoise with the content's hash in the name,
# so that browsers keep them.
# IMBANG_STATIC: folder in which they are collected.
STATIC_URL = "/static/"
STATIC_ROOT = read("path", "IMBANG_STATIC", VAR / "static", example="/var/lib/imbang/static").absolute()
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "gif", "webp", "woff", "woff2")
MEDIA_ROOT = VAR / "media"

# Security. Only our own scripts run, and no page can be framed. Inline styles stay allowed: plotly
# sets them on every chart, and a bar's width is one.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# IMBANG_HTTPS: "0" only where production runs in a closed network without certificates.
HTTPS = read("bool", "IMBANG_HTTPS", PRODUCTION, example="0")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # The proxy in front must set this header itself and drop the visitor's own.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    # Whether the hospital's other sites are reached by HTTPS only is not ours to decide.
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# CSRF_TRUSTED_ORIGINS: addresses of the site if a proxy changes the host name.
CSRF_TRUSTED_ORIGINS = read("list", "CSRF_TRUSTED_ORIGINS", [], example=f"https://{_host}")
if any("://" not in origin for origin in CSRF_TRUSTED_ORIGINS):
    raise SettingError("CSRF_TRUSTED_ORIGINS", "lacks https://", f"https://{_host}")

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hospitals.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["hospitals.query_parameters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "hospitals.paging.KeyPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": [
        "hospitals.parsing.BoundedJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "scorecard.api.answer_error",
    # Counted by each web process for itself.
    "DEFAULT_THROTTLE_RATES": {"sign_ins_of_address": "60/min", "sign_ins_of_name": "10/min"},
    # A visitor can write anything into X-Forwarded-For; only the proxy's own entry is believed.
    "NUM_PROXIES": 1 if HTTPS else 0,
}
REST_KNOX = {
    # A program signs in anew twice a day at most; a token that leaked is worthless by tomorrow.
    "TOKEN_TTL": timedelta(hours=12),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Imbang",
    "DESCRIPTION": (
        "Scores and indicator values of hospitals. Sign in at `/api/v1/auth/login/` and send "
        "`Authorization: Token …`. Parameters that are not listed here are refused, so that a mistyped "
        "filter never answers with everything. Messages follow `Accept-Language` (id, en)."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "ENUM_NAME_OVERRIDES": {
        "PerspectiveCode": "indicators.api.PERSPECTIVES",
        "VerdictCode": "indicators.api.VERDICTS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "TAGS": [
        {"name": "auth", "description": "Signing in and out."},
        {"name": "places", "description": "Codes of hospitals and units."},
        {"name": "indicators", "description": "Indicator values, unit by unit and period by period."},
        {"name": "scores", "description": "Scorecards, and whether they are up to date."},
    ],
}

# Work in the background; what holds for either broker is in scorecard/queue.py.
CELERY_APP = "scorecard.celery.app"
# CELERY_BROKER_URL: how a saved number reaches the worker; a folder in IMBANG_VAR without it.
CELERY_BROKER_URL = read_broker("filesystem://", required=PRODUCTION)
# WORKER_CONCURRENCY: how many hospitals one worker recomputes at the same time.
WORKER_CONCURRENCY = read("int", "WORKER_CONCURRENCY", 2, example="4")
if WORKER_CONCURRENCY < 1:
    raise SettingError("WORKER_CONCURRENCY", "must be at least 1", "4")

# LOG_LEVEL: how much is written to standard error.
LOG_LEVEL = read("str", "LOG_LEVEL", "INFO", example="WARNING").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise SettingError("LOG_LEVEL", "must be DEBUG, INFO, WARNING, ERROR or CRITICAL", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
