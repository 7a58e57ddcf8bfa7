"""A laptop: the demo, with nothing to start."""

from .base import *  # noqa: F403
from .base import env

DEBUG = env.bool("WAYMARK_DEBUG", default=False)
SECRET_KEY = "only-for-this-machine"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
WAYMARK_DEMO = env.bool("WAYMARK_DEMO", default=True)
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.str("WAYMARK_MAIL_DIR", default="var/mail")
WAYMARK_MAIL = env.str("WAYMARK_MAIL", default="now")
WAYMARK_SHOW_MAIL = True
# The demo's sign-ins are printed for everyone; a second code would only keep newcomers out.
WAYMARK_SECOND_FACTOR = not WAYMARK_DEMO
