"""Chromium, axe, and the site as production answers it, with the demo's Chelmsford in it."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.test.testcases import LiveServerThread
from wagtail.models import Site
from whitenoise.compress import main as compress

from groups.demo import content
from groups.management.commands import demo
from tests.conftest import uproot
from tests.search.conftest import forget_rows, forget_vocabulary
from tests.services import absent

CHROMIUM = os.environ.get("WAYMARK_CHROMIUM", "/usr/bin/chromium")
AXE = Path(os.environ.get("WAYMARK_AXE", settings.BASE_DIR / "var/axe/node_modules/axe-core/axe.min.js"))
STATIC_FILES = [
    "css/waymark.css",
    "js/waymark.js",
    "js/exit.js",
    "js/map.js",
    "js/password.js",
    "leaflet/leaflet.css",
    "leaflet/leaflet.js",
    "img/icon.svg",
]
"""What public pages load. The rest of the static files is the admin's, and would take a minute to compress."""


def missing(what: str, remedy: str) -> None:
    """Skip the test with a reason on a laptop; fail it in CI, where nothing may be left out unseen."""
    absent(f"No {what}: {remedy}")


@pytest.fixture(scope="package")
def browser():
    if not Path(CHROMIUM).exists():
        missing(f"Chromium at {CHROMIUM}", "apt-get install -y chromium, or set WAYMARK_CHROMIUM")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop runs in this thread, and Django takes that for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            yield browser
            browser.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        missing(f"axe-core at {AXE}", "npm install --prefix var/axe axe-core, or set WAYMARK_AXE")
    return AXE.read_text(encoding="utf-8")


_OF_COLOURS = ["color-contrast", "link-in-text-block"]


def findings(page, axe: str) -> list[tuple]:
    """What axe finds in light colours, and of its rules about colours in dark; an unsure contrast counts."""
    page.evaluate(axe)
    found = []
    for scheme, only in (("light", {}), ("dark", {"runOnly": _OF_COLOURS})):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        run = page.evaluate(
            "chosen => axe.run(chosen)", {"resultTypes": ["violations", "incomplete"], **only}
        )
        unsure = [rule for rule in run["incomplete"] if rule["id"] == "color-contrast"]
        found += [
            (scheme, rule["id"], node["target"], node["failureSummary"])
            for rule in run["violations"] + unsure
            for node in rule["nodes"]
        ]
    return found


@pytest.fixture(scope="module")
def demo_site(django_db_setup, django_db_blocker, gazetteer, tmp_path_factory):
    """The address of a server with the demo's Chelmsford, loaded once for the module and taken out after it.

    Static files are compressed and served by WhiteNoise as in production, so that weights are real.
    """
    static = tmp_path_factory.mktemp("static")
    for name in STATIC_FILES:
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(finders.find(name), static / name)
    compress(["--quiet", str(static)])
    production_like = override_settings(
        WAYMARK_DEMO=True,
        WAYMARK_MEANING_MODEL="none",
        STATIC_ROOT=static,
        WHITENOISE_AUTOREFRESH=False,
        WHITENOISE_USE_FINDERS=False,
    )
    with production_like, django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "LISTING_FILES", ("chelmsford",))
        # Wagtail's own indexes serve the admin, which these journeys leave alone.
        patch.setattr(demo, "renew_wagtails_indexes", lambda: None)
        uproot()
        Site.clear_site_root_paths_cache()
        # An earlier test's vocabulary may have had the same number as this one's.
        forget_vocabulary()
        call_command("demo", verbosity=0)
        forget_rows()
        server = _serve()
        yield f"http://{server.host}:{server.port}"
        # The connection stays open to other threads: one may still be parting from a browser.
        server.terminate()
        django_db_setup()
        Site.clear_site_root_paths_cache()
        forget_vocabulary()
        forget_rows()


def _serve() -> LiveServerThread:
    shared = {one.alias: one for one in connections.all() if one.vendor == "sqlite" and one.is_in_memory_db()}
    for connection in shared.values():
        connection.inc_thread_sharing()
    # The site itself, without Django's test handlers for static files and media around it.
    server = LiveServerThread("127.0.0.1", lambda media: media.application, connections_override=shared)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    return server
