"""The test suite: fast hashing, no demo banner, mail in memory. PostgreSQL by WAYMARK_DATABASE_URL."""

from .base import *  # noqa: F403
from .base import VAR_DIR

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR_DIR / "test-media"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
WAYMARK_VECTORS = "later"
WAYMARK_SECOND_FACTOR = False  # tests of it turn it on
