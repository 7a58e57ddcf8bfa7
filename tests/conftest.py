"""What every test stands on: no network, media of its own, strict templates, a clean tree of pages."""

import socket
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.template import engines
from django.test import override_settings

from portal import site
from tests import database

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
OURS = tuple(str(django_settings.BASE_DIR / part) for part in ("templates", "portal", "search", "groups"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Start with the tests that take longest, so that no worker is left with one at the end."""
    items.sort(key=lambda item: [item.get_closest_marker(mark) is None for mark in ("postgresql", "long")])


# --- what a test may not do -----------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Refuse connections to other hosts. Sockets in the file system and loopback stay open."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise OSError(f"A test tried to reach {address[0]}. Tests stay on this machine.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


class UndefinedVariable(str):
    """A template variable that does not exist: an error in our templates, empty in other people's."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe(1)
        while frame is not None:
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if frame.f_code.co_name in ("render", "render_annotated") and origin is not None:
                if str(origin.name).startswith(OURS):
                    raise AssertionError(f"{origin.name} uses {variable}, which does not exist.")
                return ""
            frame = frame.f_back
        return ""


@pytest.fixture(autouse=True, scope="session")
def undefined_template_variables_fail():
    engines["django"].engine.string_if_invalid = UndefinedVariable()


@pytest.fixture(autouse=True, scope="session")
def media_of_their_own(tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(autouse=True)
def nothing_cached():
    """A primary key comes again after a rollback; what was cached for its last owner, a photo's sizes say, must not."""
    yield
    cache.clear()
    site.forget()


# --- the database -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def kept_database(django_db_modify_db_settings, django_db_createdb, django_db_blocker):
    """Where the test database starts from; closed once it is made. `--create-db` migrates anew."""
    made = ExitStack()
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            made.enter_context(database.kept_between_runs(anew=django_db_createdb))
    return made


@pytest.fixture(scope="session")
def name_in_earnest():
    return connection.settings_dict["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(name_in_earnest, kept_database, django_db_setup, django_db_blocker):
    """Django's own, from the kept database, with a tree of pages. Gives what puts the database back as it is then.

    Where no test asks for a database Django makes none, and the one in earnest stands open: it is left alone.
    """
    with django_db_blocker.unblock():
        kept_database.close()
        if connection.settings_dict["NAME"] == name_in_earnest:
            yield None
            return
        _plant()
        if connection.vendor == "sqlite":
            with database.put_back_after_real_transactions() as put_back:
                yield put_back
        else:
            yield lambda: call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True, scope="module")
def nothing_left_behind(django_db_setup, django_db_blocker):
    """A module whose real transactions outlived it (a browser's last request, say) leaves nothing to the next."""
    yield
    with django_db_blocker.unblock():
        if django_db_setup and connection.vendor == "sqlite" and get_user_model().objects.exists():
            django_db_setup()


# --- what a test may ask for ----------------------------------------------------------------------


@pytest.fixture
def site_tree(db, gazetteer):
    """The default site with an empty home page and one index of groups, which is returned.

    Pages that name an area look it up, so it brings the gazetteer.
    """
    with _planted() as index:
        yield index


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """A transaction around the module, for rows that its tests share. What a test changes is undone down to these rows."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def shared_site_tree(module_rows, gazetteer):
    """`site_tree`, once for the module."""
    with _planted() as index:
        yield index


@contextmanager
def _planted():
    """Every database has the tree; where a test with real transactions has flushed it (PostgreSQL), it is planted anew."""
    from wagtail.models import Site

    from groups.models import GroupIndexPage

    Site.clear_site_root_paths_cache()
    yield GroupIndexPage.objects.first() or _plant()
    Site.clear_site_root_paths_cache()


def _plant():
    from wagtail.models import Collection, Locale, Page, Site

    from groups.models import GroupIndexPage, HomePage

    Locale.objects.get_or_create(language_code="en-gb")
    Collection.objects.filter(depth=1).exists() or Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=HomePage(title="Home", slug="waymark"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home}
    )
    Page.objects.filter(depth=2).exclude(pk=home.pk).delete()
    return home.add_child(instance=GroupIndexPage(title="Groups", slug="groups"))


def uproot():
    """Back to the page that Wagtail makes, for what plants a tree of its own."""
    from wagtail.models import Page, Site

    from groups.models import HomePage

    welcome = Page.get_first_root_node().add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.update(root_page=welcome)
    HomePage.objects.get().delete()


@pytest.fixture
def vocabulary(db):
    """The vocabulary the house ships with."""
    call_command("load_vocabulary", verbosity=0)


@pytest.fixture(scope="session")
def gazetteer():
    """Postcodes and places as `make setup` builds them; built here where they are missing."""
    folder = Path(django_settings.WAYMARK_PLACES_DIR)
    if not (folder / "postcodes.columns").exists():
        call_command("load_postcodes", verbosity=0)
    if not (folder / "places.columns").exists():
        call_command("load_places", verbosity=0)
