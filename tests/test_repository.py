"""The repository itself: its layers, migrations, links, templates, and what must not stand in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import engines

ROOT = Path(__file__).parent.parent
PACKAGES = ("groups", "search", "portal")
TEXT = {".py", ".md", ".html", ".txt", ".yaml", ".yml", ".toml", ".css", ".js", ".sh", ".csv", ".tsv", ""}


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def read_all(*patterns):
    return "\n".join(path.read_text(encoding="utf-8") for path in tracked(*patterns))


def test_portal_imports_search_imports_groups_never_the_other_way():
    # In a process of its own: it switches off every logger of the one it runs in.
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", tracked("*.md"), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_in_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (path.parent / target.split("#")[0]).exists(), target


def test_documents_name_files_that_exist():
    for path in tracked("README.md", "docs/*.md"):
        for name in re.findall(
            r"`((?:groups|search|portal|tests|docs|static|templates)/[\w./-]+)`", path.read_text()
        ):
            assert list(ROOT.glob(name.rstrip("/") + "*")), f"{path.name} names {name}"


def test_every_template_is_used():
    """Each is named in code, in another template, or found by name by Django itself (404, 500).

    E-mails are named without their folder: queue_mail("invitation", …).
    """
    words = read_all("*.py", "*.html")
    names = [str(path.relative_to(ROOT / "templates")) for path in tracked("templates/*")]
    found_by_name = {"404.html", "500.html", "403.html", "400.html"}
    overrides = ("wagtailadmin/", "admin/", "wagtailusers/")
    unused = [n for n in names if n not in words and n not in found_by_name and not n.startswith(overrides)]
    e_mails = {n for n in unused if re.match(r"mail/\w+\.txt$", n) and f'"{Path(n).stem}"' in words}
    assert set(unused) - e_mails == set()


def test_every_template_parses():
    for path in tracked("templates/*.html"):
        engines["django"].get_template(str(path.relative_to(ROOT / "templates")))


def test_no_path_or_host_of_a_private_machine():
    forbidden = re.compile(
        r"/(?:home|root|Users)/\w+/|/work/(?:main|shared)|--index-url|extra-index|artifactory|pypi\.org/simple"
    )
    for path in tracked():
        if path.suffix in TEXT and path != Path(__file__):
            found = forbidden.search(path.read_text(encoding="utf-8", errors="ignore"))
            assert not found, f"{path.relative_to(ROOT)}: {found[0]}"
