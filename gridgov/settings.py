"""One settings file; whatever differs between places comes from the environment (see docs/operations.md)."""

import datetime as dt
import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from gridgov.colours import UNFOLD  # noqa: F401
from gridgov.connections import database
from gridgov.core.logs import logging_as
from gridgov.openapi_settings import SPECTACULAR
from gridgov.policy import PERMISSIONS, content_policy
from gridgov.tiles import tile_layers
from gridgov.up.found import found

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("GRIDGOV_DATA", BASE_DIR / ".data"))


def secret(name: str, default: str | None = None) -> str:
    """Value of NAME, or the content of the file that NAME_FILE points to (Docker and systemd secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} or {name}_FILE must be set")
    return value


def switched_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


# What `make run` found or started (None in production, where everything is said in the environment).
_started = found(DATA_DIR)

# The same as in pyproject.toml, which the image leaves out.
VERSION = "0.1.0"
DEBUG = switched_on("GRIDGOV_DEBUG")
SECRET_KEY = secret("GRIDGOV_SECRET_KEY", _started.get("GRIDGOV_SECRET_KEY"))
# What signed before: sessions and codes of those days hold on, and what it sealed can be read.
SECRET_KEY_FALLBACKS = secret("GRIDGOV_SECRET_KEY_FALLBACKS", "").split()
# What secrets of other systems and people's data are sealed with (gridgov.core.secrets, gridgov.core.sealed): the first
# seals, all of them open. Empty: SECRET_KEY does.
SECRET_KEYS = secret("GRIDGOV_SECRET_KEYS", "").split()
# Signing in by the office's identity provider and by WeChat's official account (docs/sign-in.md); empty: not set up.
OIDC = {
    "issuer": os.environ.get("GRIDGOV_OIDC_ISSUER", "").rstrip("/"),
    "client_id": os.environ.get("GRIDGOV_OIDC_CLIENT_ID", ""),
    "client_secret": secret("GRIDGOV_OIDC_CLIENT_SECRET", ""),
    "scopes": os.environ.get("GRIDGOV_OIDC_SCOPES", "openid profile"),
    "name": os.environ.get("GRIDGOV_OIDC_NAME") or _("Unified sign-in"),
    # The claim that holds the user name here, where the provider keeps it for us; without one people bind their account once.
    "account_claim": os.environ.get("GRIDGOV_OIDC_ACCOUNT_CLAIM", ""),
}
WECHAT = {
    "appid": os.environ.get("GRIDGOV_WECHAT_APPID", ""),
    "secret": secret("GRIDGOV_WECHAT_SECRET", ""),
    "open": os.environ.get("GRIDGOV_WECHAT_OPEN", "https://open.weixin.qq.com"),
    "api": os.environ.get("GRIDGOV_WECHAT_API", "https://api.weixin.qq.com"),
}
ALLOWED_HOSTS = os.environ.get("GRIDGOV_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("GRIDGOV_ORIGINS", "").split(",") if o]
# Where people reach the house: printed into QR codes. Without it, the address by which whoever prints them came in.
PUBLIC_ORIGIN = (os.environ.get("GRIDGOV_PUBLIC_ORIGIN") or next(iter(CSRF_TRUSTED_ORIGINS), "")).rstrip("/")

INSTALLED_APPS = [
    "unfold",
    "gridgov.apps.FrontConfig",
    "gridgov.core",
    "rest_framework_api_key",
    "accounts",
    "grids",
    "resources",
    "cases",
    "door",
    "fieldwork",
    "volunteers",
    "mediation",
    "privacy",
    "integrations",
    "gridgov.demo",
    "gridgov.admin_site.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "mptt",
    "leaflet",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
]

MIDDLEWARE = [
    "gridgov.core.access.AccessMiddleware",
    "gridgov.core.middleware.PackingMiddleware",
    "gridgov.core.calls.CallsMiddleware",
    "gridgov.core.middleware.ApiWordsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gridgov.core.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "gridgov.phone.framing.FramingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "gridgov.sessions.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gridgov.core.costly.CostlyMiddleware",
    "gridgov.core.looking.LooksMiddleware",
    "gridgov.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "gridgov.urls"
WSGI_APPLICATION = "gridgov.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gridgov.phone.look.look",
                "gridgov.sso.ways.shown",
            ],
        },
    },
]

# Connections are kept for the life of a thread and tested once a request, so that a restarted database is noticed.
# Through PgBouncer in transaction mode (docs/scaling.md).
POOLED = switched_on("GRIDGOV_POOLED")
DATABASES = {
    "default": database(
        secret("DATABASE_URL", _started.get("DATABASE_URL", "postgres://gridgov@localhost/gridgov")),
        os.environ,
        pooled=POOLED,
    )
}
if password_file := os.environ.get("DATABASE_PASSWORD_FILE"):
    DATABASES["default"]["PASSWORD"] = Path(password_file).read_text().strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = secret("REDIS_URL", _started.get("REDIS_URL", "redis://localhost:6379/0"))

AUTH_USER_MODEL = "accounts.User"
# Tries are counted and locked there, whatever the door (docs/sign-in.md).
AUTHENTICATION_BACKENDS = ["accounts.api.door.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.rules.passwords.HousePassword"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Signing in (accounts.choices.signing): minutes, hours and days.
SIGN_IN: dict[str, Any] = {
    # Only for trying out: `make run` sets it, nothing else does. The doctor and `check --deploy` tell of it.
    "easy": switched_on("GRIDGOV_EASY_SIGN_IN"),
    "idle_hands": int(os.environ.get("GRIDGOV_IDLE_HANDS", "15")),
    "idle_desk": int(os.environ.get("GRIDGOV_IDLE_DESK", "30")),
    "idle_phone": int(os.environ.get("GRIDGOV_IDLE_PHONE", "240")),
    "longest_hours": int(os.environ.get("GRIDGOV_SESSION_HOURS", "12")),
    "password_days_hands": int(os.environ.get("GRIDGOV_PASSWORD_DAYS_HANDS", "90")),
    "password_days": int(os.environ.get("GRIDGOV_PASSWORD_DAYS", "0")),
    "token_days": int(os.environ.get("GRIDGOV_TOKEN_DAYS", "90")),
}
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "gridgov.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
# From source (make run, tests) nothing is collected: WhiteNoise finds the files where they lie.
WHITENOISE_USE_FINDERS = switched_on("GRIDGOV_STATIC_FROM_SOURCE")
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else Path(os.environ.get("GRIDGOV_STATIC", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
if STATIC_ROOT:  # collected once: packed, and named after their content, so that a browser never asks twice
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
# Files are never served by their path: the photo view asks the case's scope first.
MEDIA_ROOT = Path(os.environ.get("GRIDGOV_MEDIA", DATA_DIR / "media"))
# The file whose age says when the last backup ended; without it nobody here knows.
BACKUP_STAMP = Path(stamp) if (stamp := os.environ.get("GRIDGOV_BACKUP_STAMP")) else None
# Where pg_dump, pg_restore and psql are, where neither the engines' package nor the PATH has them (the image says it).
PG_BIN = os.environ.get("GRIDGOV_PG_BIN", "")
PHOTO_MAX_BYTES = 10 * 1024 * 1024
# Of all that comes with one request: as many photos as a case keeps would not come at once.
BODY_MAX_BYTES = 100 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The grid of proof rules sends four boxes for each of some hundred matters.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# When ordinary notices reach people; tier A and emergencies are told at once, day and night.
NOTICE_HOURS: dict[str, Any] = {
    "quiet_from": dt.time.fromisoformat(os.environ.get("GRIDGOV_QUIET_FROM", "20:00")),
    "quiet_until": dt.time.fromisoformat(os.environ.get("GRIDGOV_QUIET_UNTIL", "08:00")),
    "digest_at": dt.time.fromisoformat(os.environ.get("GRIDGOV_DIGEST_AT", "08:30")),
    "late_after": dt.timedelta(minutes=int(os.environ.get("GRIDGOV_LATE_MINUTES", "60"))),
    "round_to": dt.timedelta(minutes=max(1, int(os.environ.get("GRIDGOV_CATCH_UP_MINUTES", "10")))),
}

# Nobody is on patrol, and on the record, outside these hours; the daily report is asked for at the last of them.
FIELD_HOURS = {
    "patrol_from": dt.time.fromisoformat(os.environ.get("GRIDGOV_PATROL_FROM", "06:00")),
    "patrol_until": dt.time.fromisoformat(os.environ.get("GRIDGOV_PATROL_UNTIL", "22:00")),
    "daily_by": dt.time.fromisoformat(os.environ.get("GRIDGOV_DAILY_BY", "17:30")),
}

# How many people's names or numbers one person may look at within an hour (gridgov.core.looking).
REVEALS_PER_HOUR = max(1, int(os.environ.get("GRIDGOV_REVEALS_PER_HOUR", "30")))
# How long a telephone shows the own open orders that it carries without a network (docs/adr/0010); 0: it carries none.
PHONE_CARRIES_HOURS = max(0, int(os.environ.get("GRIDGOV_PHONE_CARRIES_HOURS", "12")))

# How many proxies of our own stand before the house: the address of whoever asks is read behind so many, and no more.
PROXIES = int(os.environ.get("GRIDGOV_PROXIES") or switched_on("GRIDGOV_HTTPS"))

# Hosts, addresses and networks (10.20.0.0/16) that this house may send to although they are private or without TLS, and a file
# with the certificates of the office's own authority (gridgov.core.outgoing).
OUTGOING_ALLOWED = tuple(filter(None, os.environ.get("GRIDGOV_OUTGOING_ALLOWED", "").split(",")))
OUTGOING_CA = os.environ.get("GRIDGOV_OUTGOING_CA", "")

# How often, in seconds, a process looks whether webhooks were changed; less than the ten after which a subscription begins.
HOOKS_LOOK_AGAIN = float(os.environ.get("GRIDGOV_HOOKS_LOOK_AGAIN", "5"))


def limit(name: str, usual: str) -> tuple[int, int]:
    """Two numbers, `soft/hard`."""
    soft, hard = os.environ.get(name, usual).split("/")
    return int(soft), int(hard)


# The residents' door. Reports in ten minutes from one address and to one street: beyond the first number a proof is asked for,
# beyond the second they wait. Wrong codes in a quarter of an hour: for one number, and from one address. "Me too" in a day to one
# report from one address: beyond the first a proof, beyond the second none.
DOOR_LIMITS = {
    "address": limit("GRIDGOV_DOOR_ADDRESS", "10/100"),
    "street": limit("GRIDGOV_DOOR_STREET", "200/2000"),
    "guesses": limit("GRIDGOV_DOOR_GUESSES", "6/30"),
    "joins": limit("GRIDGOV_DOOR_JOINS", "3/50"),
}

# Requests in a minute from one address: tries to sign in, pages of grids and cards, linked files, looking at the residents' door;
# of one account: sheets and printed pages.
MINUTE_LIMITS = {
    "login": int(os.environ.get("GRIDGOV_LOGIN_TRIES", "20")),
    "public": int(os.environ.get("GRIDGOV_PUBLIC_PAGES", "120")),
    "files": 600,
    "costly": int(os.environ.get("GRIDGOV_SHEETS", "30")),
    "door": int(os.environ.get("GRIDGOV_DOOR_PAGES", "600")),
}

# Open311 in a minute: reads from one address.
OPEN311_LIMITS = {"reads": int(os.environ.get("GRIDGOV_OPEN311_READS", "120"))}

SESSION_ENGINE = "gridgov.sessions"
SESSION_COOKIE_AGE = SIGN_IN["longest_hours"] * 3600
# Behind TLS all of it is TLS: the cookies (which no neighbouring host can then set for ours: `__Host-`), whoever comes without
# is sent there, and browsers remember. The proxy says how somebody came; the probes ask the process itself.
HTTPS = switched_on("GRIDGOV_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
    SECURE_HSTS_SECONDS = int(os.environ.get("GRIDGOV_HSTS_DAYS", "30")) * 86400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = switched_on("GRIDGOV_HSTS_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = switched_on("GRIDGOV_HSTS_PRELOAD")
# Both are promises about names that are not ours alone; who can make them says so by the two variables above.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
# For browsers that know no `frame-ancestors`, which says more (gridgov.policy, gridgov.phone.framing).
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = content_policy(layers=tile_layers(os.environ), framed_by=())
PERMISSIONS_POLICY = PERMISSIONS

# Celery does the running; what is to be run stands in the database (gridgov.core.jobs), so a lost message loses nothing.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# Nothing but JSON is taken from the broker: whoever could write there could otherwise have code run.
CELERY_ACCEPT_CONTENT, CELERY_TASK_SERIALIZER = ["json"], "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process of the worker that has grown beyond it is replaced once its job is done, before the kernel does it in the middle.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = int(os.environ.get("GRIDGOV_WORKER_MB", "600")) * 1024
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
# Who waits for other systems waits in a queue of its own: deadlines never do (gridgov.core.errands).
CELERY_TASK_ROUTES = {"core.errands": {"queue": "errands"}}
# One try: a request that asks for a sweep must not wait for a broker that is away (three tries took six seconds). Worker and
# beat have a patience of their own.
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "gridgov.beat:Steady"
JOB_SWEEP_SECONDS = float(os.environ.get("GRIDGOV_SWEEP_SECONDS", "1"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gridgov.core.tokens.PersonToken",
        "gridgov.core.keys.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "gridgov.core.keys.InScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["gridgov.core.parsing.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "gridgov.core.paging.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["gridgov.core.asking.Filters", "gridgov.core.asking.Ordering"],
    "DEFAULT_SCHEMA_CLASS": "gridgov.core.schema.Schema",
    "EXCEPTION_HANDLER": "gridgov.core.errors.exception_handler",
    "PAGE_SIZE": 50,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = SPECTACULAR

# Borders on a plain ground; tiles only where the office names a server or has a key.
LEAFLET_CONFIG = {
    "TILES": tile_layers(os.environ),
    "MAX_ZOOM": 20,
    "SCALE": "metric",
    "ATTRIBUTION_PREFIX": "",
    "RESET_VIEW": False,
}

# Lines for a person, or one JSON object each for what gathers them (gridgov.core.logs).
# What Django tells of a fault beside them, to whomever.
DEFAULT_EXCEPTION_REPORTER_FILTER = "gridgov.core.faults.HouseFilter"
LOG_SHAPE = os.environ.get("GRIDGOV_LOG_FORMAT", "plain")
LOGGING = logging_as(LOG_SHAPE, os.environ.get("GRIDGOV_LOG", "INFO"))
# From how many milliseconds on a query is told as slow.
SLOW_QUERY_MS = float(os.environ.get("GRIDGOV_SLOW_QUERY_MS", "500"))
# Who reads /metrics: whoever sends the token, and those who ask from these networks; with neither there is no such page.
METRICS_TOKEN = secret("GRIDGOV_METRICS_TOKEN", "")
METRICS_NETWORKS = tuple(
    ip_network(one.strip(), strict=False)
    for one in os.environ.get("GRIDGOV_METRICS_NETWORKS", "").split(",")
    if one.strip()
)
