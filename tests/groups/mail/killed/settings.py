"""The suite's settings, with e-mail that really leaves the process."""

import os

from portal.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["WAYMARK_TEST_SMTP_PORT"])
