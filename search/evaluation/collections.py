"""The three collections that search is measured on, each in a scratch database of its own.

They go in the way any listing does: the demo by its command, real lists through `import_listings`.
"""

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml
from django.conf import settings

import groups.imports

DATA = Path(__file__).parent / "data"
COLLECTIONS = ("demo", "trafford", "warm")
SOURCE = "evaluation"
_MAPPINGS = Path(groups.imports.__file__).parent / "mappings"
_WARM_AREAS = re.compile(r"^(M|SK|WA|OL|BL|WN|BN|CM)[0-9]")


class MissingData(Exception):  # noqa: N818 (it says what is the matter)
    """The real listings are not on this machine."""


def shared_data() -> Path:
    """The folder of real listings: WAYMARK_SHARED_DATA, or `shared/data` beside the project.

    Raises:
        MissingData: it is not there.
    """
    folder = Path(os.environ.get("WAYMARK_SHARED_DATA") or settings.BASE_DIR.parent / "shared" / "data")
    if not folder.is_dir():
        raise MissingData(
            f"The real listings are not in {folder.name}/: set WAYMARK_SHARED_DATA to their folder."
        )
    return folder


def database(collection: str) -> Path:
    return settings.VAR_DIR / "evaluation" / f"{collection}.sqlite3"


def prepare(collection: str, *, fresh: bool = False) -> dict[str, str]:
    """Fill the scratch database of a collection unless it is filled already; returns the environment to use it in."""
    path = database(collection)
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "WAYMARK_SQLITE_PATH": str(path),
        "WAYMARK_DATABASE_URL": "",
        "WAYMARK_DEMO": "1",
        "WAYMARK_VECTORS": "later",
        "WAYMARK_ELASTICSEARCH_URL": os.environ.get("WAYMARK_TEST_ELASTICSEARCH_URL", ""),
        "WAYMARK_ELASTICSEARCH_INDEX": "waymark-evaluation",
    }
    stamp, wanted = path.with_suffix(".stamp"), _stamp(collection)
    if fresh or not stamp.exists() or stamp.read_text() != wanted:
        for old in path.parent.glob(f"{collection}.sqlite3*"):
            old.unlink()
        _manage(environment, "migrate", "--verbosity", "0")
        if collection == "demo":
            _manage(environment, "demo", "--verbosity", "0")
        else:
            _manage(environment, "load_vocabulary", "--verbosity", "0")
            _manage(environment, "evaluate", "--fill", collection)
        stamp.write_text(wanted)
    _manage(environment, "rebuild_search_index")
    _manage(environment, "make_vectors")
    return environment


def _manage(environment: dict[str, str], *arguments: str) -> None:
    # Our own command line, with our own arguments.
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=environment, check=True
    )


def _stamp(collection: str) -> str:
    """Changes when what goes in changes; the vocabulary and the code of the index are applied anew each time."""
    files = sorted((settings.BASE_DIR / "groups" / "demo" / "content").glob("*.yaml"))
    if collection != "demo":
        files = [shared_data() / name for name, _mapping in _FILES[collection]]
    files += sorted((settings.BASE_DIR / "groups" / "vocabulary" / "data").glob("*.yaml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


_FILES = {
    "trafford": [
        ("trafford/charities_operating_in_trafford.csv", "trafford_charities"),
        ("trafford/trafford_mental_health_services.csv", "trafford_mental_health_services"),
    ],
    "warm": [("warm_spaces.csv", "warm_spaces")],
}


def write_files(collection: str, folder: Path) -> Iterable[tuple[Path, Path]]:
    """CSV files that carry each row's id of the judgements, and the shipped mapping told to use it."""
    for name, mapping_name in _FILES[collection]:
        rows = list(_rows(shared_data() / name, mapping_name))
        listings, mapping = folder / f"{mapping_name}.csv", folder / f"{mapping_name}.yaml"
        with listings.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        shipped = yaml.safe_load((_MAPPINGS / f"{mapping_name}.yaml").read_text(encoding="utf-8"))
        # The judges looked at what helps, not at how old a list is: without a date, all are equally fresh.
        shipped.pop("date", None)
        mapping.write_text(yaml.safe_dump({**shipped, "ref": "doc", "source": SOURCE}), encoding="utf-8")
        yield listings, mapping


def _rows(path: Path, mapping_name: str) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=1):
            if mapping_name == "trafford_charities":
                yield {**row, "doc": row["registered_charity_number"]}
            elif mapping_name == "trafford_mental_health_services":
                yield {**row, "doc": f"mh:{number}"}
            elif _WARM_AREAS.match(row["postcode"]):
                yield {**row, "doc": f"row:{number}"}
