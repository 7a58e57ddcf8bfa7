"""Settings every environment shares. Anything that differs between machines comes from the environment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("WAYMARK_ALLOWED_HOSTS", default=[])
SECRET_KEY = env.str("WAYMARK_SECRET_KEY", default="")

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "search.apps.SearchConfig",
    "groups.apps.GroupsConfig",
    "wagtailgeowidget",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "groups.admin.people.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "leaflet",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.security.AdminContentSecurityPolicy",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.door.Door",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last, since it answers: every other middleware's look at the view comes before.
    "groups.admin.transactions.OneTransactionForEachAdminPost",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.site.context",
            ],
        },
    }
]


def sqlite(name: str | Path) -> dict:
    """A SQLite database that many readers and one writer share without "database is locked"."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(name),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000;"
            ),
        },
    }


if env.str("WAYMARK_DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("WAYMARK_DATABASE_URL")}
    DATABASES["default"].setdefault("CONN_MAX_AGE", 600)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
else:
    DATABASES = {"default": sqlite(env.str("WAYMARK_SQLITE_PATH", default=str(VAR_DIR / "waymark.sqlite3")))}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "groups.User"
LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/my-group/"
# Passwords are one way in among others: a forgotten one needs no reset, and mail goes by the outbox alone.
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
# Tries are counted by us, with an end; django-otp's own waiting doubles without one.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_TOTP_ISSUER = "Waymark"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("WAYMARK_MEDIA_ROOT", default=str(VAR_DIR / "media"))
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Nothing a visitor types may leave by a Referer header or be kept by another site's frame.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# The one host a public page may reach besides ours, and only after "Show map".
WAYMARK_TILE_URL = env.str("WAYMARK_TILE_URL", default="https://tile.openstreetmap.org/{z}/{x}/{y}.png")
WAYMARK_TILE_ATTRIBUTION = env.str("WAYMARK_TILE_ATTRIBUTION", default="© OpenStreetMap contributors")
_tile_origin = "/".join(WAYMARK_TILE_URL.split("/")[:3]).replace("{s}", "*") if WAYMARK_TILE_URL else ""

CONTENT_SECURITY_POLICY = {
    # Wagtail's admin writes inline scripts and styles of its own; its pages get their policy in portal.security.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *([_tile_origin] if _tile_origin else [])],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# --- Wagtail -----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Waymark"
WAGTAILADMIN_BASE_URL = env.str("WAYMARK_BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = False
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif", "heic"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "txt", "docx", "odt"]
# Staff's own search in the admin: pages by title, pictures, documents. On the search server the database stands by.
WAYMARK_ADMIN_SEARCH = env.str("WAYMARK_ADMIN_SEARCH", default="database")
WAGTAILSEARCH_BACKENDS: dict[str, dict] = {"default": {"BACKEND": "wagtail.search.backends.database"}}
if WAYMARK_ADMIN_SEARCH == "elasticsearch":
    WAGTAILSEARCH_BACKENDS["database"] = WAGTAILSEARCH_BACKENDS["default"]
    WAGTAILSEARCH_BACKENDS["default"] = {"BACKEND": "search.staff"}
TAGGIT_CASE_INSENSITIVE = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- wagtail-geo-widget (made safe in groups.places.geo_widget) ---------------------------------------
GEO_WIDGET_DEFAULT_LOCATION = {"lat": 53.0, "lng": -1.6}
GEO_WIDGET_ZOOM = 6
GEO_WIDGET_LEAFLET_TILE_LAYER = WAYMARK_TILE_URL
GEO_WIDGET_LEAFLET_TILE_LAYER_OPTIONS = {"attribution": WAYMARK_TILE_ATTRIBUTION, "maxZoom": 19}

# --- Waymark -----------------------------------------------------------------------------------------
# Reference data that commands build and every process maps into memory (postcodes, towns).
WAYMARK_PLACES_DIR = env.path("WAYMARK_PLACES_DIR", default=str(VAR_DIR / "places"))
# Northern Ireland's postcodes are not open for commercial use: leave them out with False.
WAYMARK_NORTHERN_IRELAND_POSTCODES = env.bool("WAYMARK_NORTHERN_IRELAND_POSTCODES", default=True)
# Which engine answers searches: "embedded" is the database's own full text; "elasticsearch" needs the settings below.
WAYMARK_SEARCH_ENGINE = env.str("WAYMARK_SEARCH_ENGINE", default="embedded")
# Where the search server is and how to sign in; what is left out is not sent.
WAYMARK_ELASTICSEARCH = {
    name: value
    for name, value in {
        "hosts": env.list("WAYMARK_ELASTICSEARCH_URL", default=[]),
        "cloud_id": env.str("WAYMARK_ELASTICSEARCH_CLOUD_ID", default=""),
        "api_key": env.str("WAYMARK_ELASTICSEARCH_API_KEY", default=""),
        "ca_certs": env.str("WAYMARK_ELASTICSEARCH_CA_CERTS", default=""),
    }.items()
    if value
}
# The alias that searches use; numbered indexes stand behind it.
WAYMARK_ELASTICSEARCH_INDEX = env.str("WAYMARK_ELASTICSEARCH_INDEX", default="waymark")
WAYMARK_ELASTICSEARCH_SHARDS = env.int("WAYMARK_ELASTICSEARCH_SHARDS", default=1)
WAYMARK_ELASTICSEARCH_REPLICAS = env.int("WAYMARK_ELASTICSEARCH_REPLICAS", default=0)
# A folder in the usual sentence-transformers layout; "" uses the installed package, "none" turns meaning off.
WAYMARK_MEANING_MODEL = env.str("WAYMARK_MEANING_MODEL", default="")
# How vectors follow a listing's commit: "thread", "now" (before the next line runs) or "later" (manage.py make_vectors).
WAYMARK_VECTORS = env.str("WAYMARK_VECTORS", default="thread")
# Addresses of private networks that the link checker may reach all the same. For tests; production refuses any.
WAYMARK_LINKS_MAY_REACH: list[str] = []
WAYMARK_DEMO = env.bool("WAYMARK_DEMO", default=False)
# Staff, moderators and link workers type a second code when they sign in.
WAYMARK_SECOND_FACTOR = True
# How many of our own proxies stand before this process: throttling looks that far back in X-Forwarded-For.
WAYMARK_PROXIES = env.int("WAYMARK_PROXIES", default=0)
# How e-mails follow their commit: "queue" (manage.py send_queued_mail sends them) or "now" (sent in the same request).
WAYMARK_MAIL = env.str("WAYMARK_MAIL", default="queue")
# Shows every e-mail to everyone at /mail/. For one's own machine only.
WAYMARK_SHOW_MAIL = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # What visitors type stays out of the logs.
    "filters": {"without_queries": {"()": "portal.logging.WithoutQueryStrings"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_queries"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Each saved row is a "task" to these two: a line a row would drown every command's own words.
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "elastic_transport": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
