"""What production needs and nobody can guess, as system checks: `manage.py check --deploy` names each with a hint."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

SHORTEST_KEY = 40
_SAMPLE_HOSTS = {"", "127.0.0.1", "localhost"}
_MAIL_THAT_GOES_NOWHERE = ("console", "dummy", "locmem", "filebased")


@register(Tags.security, deploy=True)
def production_settings(app_configs, **kwargs) -> list[CheckMessage]:
    """waymark.E001 to E005, W006, E007 and E008: only with `--deploy`, so that a laptop needs none of them."""
    return [*_secret_key(), *_hosts(), *_base_url(), *_mail(), *_database(), *_search(), *_links(), *_demo()]


def _secret_key() -> list[CheckMessage]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # what Django says of an empty one
        key = ""
    if len(key) >= SHORTEST_KEY:
        return []
    return [
        Error(
            _("The secret key is missing or too short."),
            hint=_("Set WAYMARK_SECRET_KEY to 40 or more random letters. Keep it to yourself."),
            id="waymark.E001",
        )
    ]


def _hosts() -> list[CheckMessage]:
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            _("Nobody has said which host names this site answers to."),
            hint=_("Set WAYMARK_ALLOWED_HOSTS, such as groups.example.org. Put commas between several."),
            id="waymark.E002",
        )
    ]


def _base_url() -> list[CheckMessage]:
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    if address.scheme == "https" and address.hostname not in _SAMPLE_HOSTS:
        return []
    return [
        Error(
            _("E-mails and feeds do not know the address of this site."),
            hint=_("Set WAYMARK_BASE_URL to its full address, such as https://groups.example.org."),
            id="waymark.E003",
        )
    ]


def _mail() -> list[CheckMessage]:
    goes_nowhere = any(word in settings.EMAIL_BACKEND for word in _MAIL_THAT_GOES_NOWHERE)
    if not goes_nowhere and not settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        return []
    return [
        Error(
            _("This site cannot send e-mail."),
            hint=_(
                "Set WAYMARK_EMAIL_URL, such as smtp+tls://name:password@host:587, and WAYMARK_FROM_EMAIL."
            ),
            id="waymark.E004",
        )
    ]


def _database() -> list[CheckMessage]:
    if str(settings.DATABASES["default"]["NAME"]) != str(settings.VAR_DIR / "waymark.sqlite3"):
        return []
    return [
        Error(
            _("Nobody has chosen a database, so this would be the one for trying things out."),
            hint=_(
                "Set WAYMARK_DATABASE_URL, such as postgres://name:password@host/waymark. "
                "For a small site on SQLite set WAYMARK_SQLITE_PATH."
            ),
            id="waymark.E005",
        )
    ]


def _search() -> list[CheckMessage]:
    server = settings.WAYMARK_ELASTICSEARCH
    wanted = "elasticsearch" in (settings.WAYMARK_SEARCH_ENGINE, settings.WAYMARK_ADMIN_SEARCH)
    if not wanted or server.get("hosts") or server.get("cloud_id"):
        return []
    return [
        Error(
            _("Elasticsearch is to answer searches, but nobody has said where it is."),
            hint=_(
                "Set WAYMARK_ELASTICSEARCH_URL, such as https://search.example.org:9200, or the cloud id."
            ),
            id="waymark.E007",
        )
    ]


def _links() -> list[CheckMessage]:
    if not settings.WAYMARK_LINKS_MAY_REACH:
        return []
    return [
        Error(
            _("The link checker may reach into private networks, wherever a volunteer's link leads."),
            hint=_("Leave WAYMARK_LINKS_MAY_REACH empty. It is for tests."),
            id="waymark.E008",
        )
    ]


def _demo() -> list[CheckMessage]:
    if not settings.WAYMARK_DEMO:
        return []
    return [
        Warning(
            _("This is a demo site: its sign-ins and their password are public."),
            hint=_("Set WAYMARK_DEMO=False before real people use it."),
            id="waymark.W006",
        )
    ]
