"""Django's settings, derived from the typed environment (`core/project/environment.py`). Nothing is read elsewhere."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF

from core.project.environment import CHECKOUT, get_environment
from core.project.logs import configure_logs

environment = get_environment()

QUESTIONS_PER_MINUTE = environment.questions_per_minute

BASE_DIR = CHECKOUT
HOME = environment.home
DEBUG = environment.debug
# Commands that touch neither sessions nor tokens (migrations, type checks) run without a key; the web process refuses to.
SECRET_KEY = environment.secret_key.get_secret_value() if environment.secret_key else ""
ENCRYPTION_KEYS = environment.encryption_keys.get_secret_value() if environment.encryption_keys else ""
PUBLIC_URL = environment.public_url.rstrip("/")
RAW_EVENT_DAYS = environment.raw_event_days
GATEWAY_PRIVATE_ADDRESSES = environment.gateway_private_addresses
GATEWAY_PROBE_SECONDS = environment.gateway_probe_seconds
READ_BACK_MINUTES = environment.read_back_minutes
READ_BACK_DAYS = environment.read_back_days
MODEL_PRIVATE_ADDRESSES = environment.model_private_addresses
WEBHOOK_PRIVATE_ADDRESSES = environment.webhook_private_addresses
OLLAMA_URL, OLLAMA_MODEL, OLLAMA_EMBEDDING_MODEL = environment.ollama_url, environment.ollama_model, environment.ollama_embedding_model
ANSWER_MODEL_SECONDS = environment.answer_model_seconds
ALLOWED_HOSTS = [host for host in environment.allowed_hosts.split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in environment.trusted_origins.split(",") if origin]

ROOT_URLCONF = "core.project.urls"
ASGI_APPLICATION = "core.project.asgi.application"
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "channels",
    "ninja",
    "core",
    "assistant",
    "bots",
    "web",
]

MIDDLEWARE = [
    "core.project.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "web.admin_scope.AdminScopeMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# -- data ---------------------------------------------------------------------------------------------------------------


def parse_database_url(url: str) -> dict[str, Any]:
    """A PostgreSQL address as Django's dictionary. A `host` in the query names a folder with a Unix socket."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", "")) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        # No prepared statements: they do not survive a pooler in transaction mode.
        "OPTIONS": {"prepare_threshold": None, "application_name": "evosense", **query},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


_database_url = environment.database_url.get_secret_value() if environment.database_url else "postgresql://evosense_app@127.0.0.1/evosense"
_owner_url = environment.database_owner_url.get_secret_value() if environment.database_owner_url else _database_url
DATABASES = {"default": parse_database_url(_database_url), "owner": parse_database_url(_owner_url)}
if environment.database_pool_size:
    # A request under ASGI has a thread of its own, so a connection that stays with its thread would never be used again.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": environment.database_pool_size, "timeout": 10}
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
# django-axes counts in the cache, so its tables are never made.
MIGRATION_MODULES = {"axes": None}
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}

REDIS_URL = (environment.redis_url.get_secret_value() if environment.redis_url else "redis://127.0.0.1:6379").rstrip("/")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"{REDIS_URL}/2", "KEY_PREFIX": "evosense"}}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The client's default time-out would close every socket that is quiet for five seconds.
        "CONFIG": {"hosts": [{"address": f"{REDIS_URL}/1", "socket_timeout": None}], "prefix": "evosense"},
    }
}

CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_TIME_LIMIT = 3000
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# What messages wait for goes first: 0 is the most urgent of the priorities that Redis knows, 9 the least.
CELERY_TASK_ROUTES = {
    "ingestion.tasks.task_process_*": {"priority": 0},
    "ingestion.tasks.task_analyse*": {"priority": 9},
    "ingestion.tasks.task_rescore*": {"priority": 9},
    "ingestion.tasks.task_plan_rescoring": {"priority": 6},
    "ingestion.tasks.task_fill_vectors*": {"priority": 9},
    "ingestion.tasks.task_purge_events": {"priority": 9},
    "bots.tasks.task_send*": {"priority": 0},
    "bots.tasks.task_hear": {"priority": 0},
    "bots.tasks.task_brief*": {"priority": 9},
    "bots.tasks.task_watch": {"priority": 9},
    "bots.tasks.task_alerts": {"priority": 9},
    "bots.tasks.task_ask_scheduled": {"priority": 9},
    "bots.tasks.task_purge_told": {"priority": 9},
    "assistant.tasks.task_check_verified*": {"priority": 9},
}
CELERY_BEAT_SCHEDULE = {
    # Events that were stored while the queue was down, or whose task got lost.
    "process-waiting": {"task": "ingestion.tasks.task_process_waiting", "schedule": timedelta(seconds=15)},
    "purge-events": {"task": "ingestion.tasks.task_purge_events", "schedule": timedelta(days=1)},
    # What a lost task or a dead worker left behind is found again.
    "analyse-waiting": {"task": "ingestion.tasks.task_analyse_waiting", "schedule": timedelta(minutes=1)},
    # History that another version of an analyser reads again: what an update asks for, and what a dead worker left.
    "rescore-waiting": {"task": "ingestion.tasks.task_rescore_waiting", "schedule": timedelta(minutes=1)},
    # New texts get a vector of the embedder that a tenant chose, too.
    "fill-vectors": {"task": "ingestion.tasks.task_fill_vectors_waiting", "schedule": timedelta(minutes=1)},
    # Subjects that a tenant's list of themes lacks: each tenant once a day.
    "find-themes": {"task": "ingestion.themes.tasks.task_find_themes_all", "schedule": timedelta(minutes=10)},
    # Verified questions are asked again while nobody asks.
    "check-verified": {"task": "assistant.tasks.task_check_verified_all", "schedule": crontab(hour=5, minute=23)},
    # What waited for its time to be sent, and what was written to us while the queue was down.
    "send-due": {"task": "bots.tasks.task_send_due", "schedule": timedelta(seconds=10)},
    "briefings": {"task": "bots.tasks.task_briefings", "schedule": timedelta(minutes=5)},
    "alerts": {"task": "bots.tasks.task_alerts", "schedule": timedelta(minutes=2)},
    # What webhooks are told and what is asked again and again.
    "outward": {"task": "bots.tasks.task_outward", "schedule": timedelta(seconds=10)},
    "purge-told": {"task": "bots.tasks.task_purge_told", "schedule": timedelta(days=1)},
    # The listener reads its channels back itself; this is for those that only the webhook serves, and for when it does not run.
    "read-back": {"task": "ingestion.evolution.tasks.task_read_back_all", "schedule": timedelta(minutes=READ_BACK_MINUTES)},
}

# -- e-mail -------------------------------------------------------------------------------------------------------------

EMAIL_HOST, EMAIL_PORT = environment.email_host, environment.email_port
EMAIL_HOST_USER = environment.email_user
EMAIL_HOST_PASSWORD = environment.email_password.get_secret_value() if environment.email_password else ""
# 465 speaks TLS from the first byte; elsewhere it begins plain and turns to TLS, but for a server on this machine that has none.
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and environment.email_tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = environment.email_from

# -- people -------------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "core.sign_in.EmailBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.secure_cookies
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600

# Failed sign-ins are counted in the cache: no table holds an e-mail outside of its tenant.
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_FAILURE_LIMIT = environment.sign_in_attempts
AXES_COOLOFF_TIME = timedelta(minutes=environment.sign_in_lock_minutes)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "web.lockout.respond"

NINJA_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=environment.access_token_minutes),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=environment.refresh_token_days),
    "SIGNING_KEY": SECRET_KEY,
    "USER_ID_CLAIM": "user_id",
}

# -- pages --------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "core" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
UI_BUNDLE = HOME / "web-dist"
STATICFILES_DIRS = [("ui", UI_BUNDLE)] if UI_BUNDLE.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.secure_cookies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # Charts and the admin theme set style attributes; style sheets come from here alone.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

UNFOLD = {
    "SITE_TITLE": "EvoSense",
    "SITE_HEADER": "EvoSense",
    "SITE_SYMBOL": "monitoring",
    "SHOW_VIEW_ON_SITE": True,
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: f"{STATIC_URL}ui/favicon.svg"}],
    # The greens of the page (web/ui/src/design/tokens.css), from paper to ink.
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .012 165)",
            "100": "oklch(93.5% .028 165)",
            "200": "oklch(87% .055 166)",
            "300": "oklch(80% .095 168)",
            "400": "oklch(68% .095 169)",
            "500": "oklch(55% .085 170)",
            "600": "oklch(35.5% .062 172)",
            "700": "oklch(30% .055 172)",
            "800": "oklch(26% .048 172)",
            "900": "oklch(22% .04 172)",
            "950": "oklch(17% .03 172)",
        }
    },
}

LOGGING = configure_logs(environment.log_level)
