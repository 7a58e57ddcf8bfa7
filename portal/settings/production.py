"""Production. What must be set and is not is a system check with a hint (portal.checks), never a guess."""

from .base import *  # noqa: F403
from .base import env

SECURE_SSL_REDIRECT = env.bool("WAYMARK_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("WAYMARK_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
_mail = env.email_url("WAYMARK_EMAIL_URL", default="consolemail://")
globals().update(_mail)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("WAYMARK_FROM_EMAIL", default="waymark@localhost")
WAYMARK_PROXIES = env.int("WAYMARK_PROXIES", default=1)
