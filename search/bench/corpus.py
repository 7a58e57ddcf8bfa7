"""Scratch databases to measure on: the demo's real pages first, then made-up listings up to the number wanted.

At 10,000 these are real pages too, written into the index by a rebuild. Above, listings go through the index's own writer, as
an import's do; only their pages are left out. A database is kept, with a stamp of what it was made from, and used again while
the stamp holds.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from groups.listings.changes import ChangeCounter, renumber
from groups.listings.models import GroupPage
from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import lexicon
from search.bench.made_up import SEED, Maker
from search.bench.real_pages import publish_all
from search.index import words
from search.index.models import IndexedListing, ListingVector
from search.index.writer import rebuild, write_listings
from search.meaning.model import model
from search.meaning.vectors import quantise

FORMAT = 1
BATCH = 5_000
REAL_PAGES = 10_000
DIMENSIONS = 384
_KEPT_DAYS = 30
Progress = Callable[[int, int], None]


def database(name: str | int) -> Path:
    return Path(settings.VAR_DIR) / "bench" / f"{name}.sqlite3"


def stamp_of(path: Path) -> dict[str, Any]:
    """What the stamp beside a database says; empty without one."""
    stamp = path.with_suffix(".json")
    return json.loads(stamp.read_text()) if stamp.exists() else {}


def write_stamp(path: Path, **figures: Any) -> None:
    stamp = {"made_of": made_of(path.stem), "made_on": date.today().isoformat(), **figures}
    path.with_suffix(".json").write_text(json.dumps(stamp, indent=1))


def is_fresh(path: Path) -> bool:
    stamp = stamp_of(path)
    return (
        path.exists()
        and stamp.get("made_of") == made_of(path.stem)
        and (date.today() - date.fromisoformat(stamp["made_on"])).days < _KEPT_DAYS
    )


def made_of(name: str) -> str:
    """Changes with anything that decides what stands in that corpus: the maker, the index's documents, the vocabulary."""
    root = Path(settings.BASE_DIR)
    sources = [
        *(root / "search" / "index" / name for name in ("document.py", "records.py", "words.py")),
        root / "search" / "bench" / "made_up.py",
        *sorted((root / "groups" / "vocabulary" / "data").glob("*.yaml")),
        *sorted(root.glob("*/migrations/*.py")),
    ]
    if name == str(REAL_PAGES):
        sources.append(root / "search" / "bench" / "real_pages.py")
    texts = b"".join(path.read_bytes() for path in sources)
    return hashlib.sha256(texts + f"{FORMAT} {SEED}".encode()).hexdigest()[:16]


def environment(name: str | int) -> dict[str, str]:
    """Of a process that works on that database."""
    return {"WAYMARK_SQLITE_PATH": str(database(name)), "WAYMARK_DATABASE_URL": ""}


def run_in(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of this project in a process of its own, on the database of that environment. Raises CalledProcessError."""
    subprocess.run(command(*arguments), env=surroundings(environment), check=True)  # noqa: S603 (our own command)


def command(*arguments: str) -> list[str]:
    """This project's `manage.py` with these arguments."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments]


def surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a process of the bench: the meaning of listings is made up, one thread works."""
    mine = {"WAYMARK_VECTORS": "later", "WAYMARK_DEMO": "True", "OPENBLAS_NUM_THREADS": "1"}
    return {**os.environ, **mine, **environment}


def remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    path.with_suffix(".json").unlink(missing_ok=True)


def ensure(name: str) -> Path:
    """The database of that name, made where there is none that fits: the demo's site, then what `bench_search --fill` adds."""
    base, path = database("demo"), database(name)
    base.parent.mkdir(parents=True, exist_ok=True)
    if is_fresh(path):
        return path
    if not is_fresh(base):
        remove(base)
        for arguments in ("migrate", "demo", "make_vectors"):
            run_in(environment("demo"), arguments, "--verbosity=0")
        write_stamp(base)
    remove(path)
    shutil.copy(base, path)
    run_in(environment(name), "bench_search", f"--fill={name}")
    return path


def fill(size: int, progress: Progress) -> None:
    """Add made-up listings to this process's database until it holds `size`, and stamp it with what they take on disk."""
    there = IndexedListing.objects.count()
    maker = Maker(lexicon(), date.today())
    if size == REAL_PAGES:
        publish_all([maker.listing(number) for number in range(size - there)], progress)
    before = _bytes()
    if size == REAL_PAGES:
        rebuild(progress)
    else:
        for first in range(0, size - there, BATCH):
            write_made_up(
                [maker.listing(number) for number in range(first, min(first + BATCH, size - there))]
            )
            progress(there + min(first + BATCH, size - there), size)
        words.tidy()
    indexed = _bytes() - before
    add_vectors(maker)
    write_stamp(
        database(size),
        listings=size,
        pages=GroupPage.objects.count(),
        index_bytes=indexed,
        vector_bytes=_bytes() - before - indexed,
    )


def write_made_up(listings: Sequence[PublicListing]) -> None:
    """Through the index's own writer, in one transaction, as the door would."""
    with transaction.atomic():
        versions = renumber([listing.uid for listing in listings])
        write_listings([(listing.uid, versions[listing.uid], listing) for listing in listings])


def _bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return pages * cursor.fetchone()[0]


def add_vectors(maker: Maker) -> None:
    """A made-up vector for each listing: somewhere around that of an activity, so that some are near what is typed."""
    generator = np.random.default_rng(maker.seed)
    opened = model()
    labels = [topic.label for topic in maker.topics["activity"]]
    centres = opened.encode(labels) if opened else generator.normal(size=(len(labels), DIMENSIONS))
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    name = opened.name if opened else "made up"
    rows = IndexedListing.objects.filter(vector=None).order_by("pk").values_list("pk", "version")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:BATCH]):
        last = some[-1][0]
        around = centres[generator.integers(len(centres), size=len(some))]
        noise = generator.normal(size=around.shape) / np.sqrt(around.shape[1])
        vectors = around + noise * 1.5
        rounded = quantise((vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
        with transaction.atomic():
            change = ChangeCounter.raise_by(ChangeCounter.VECTORS, 1)
            ListingVector.objects.bulk_create(
                ListingVector(
                    listing_id=pk,
                    change=change,
                    version=version,
                    model=name,
                    source="",
                    vectors=row.tobytes(),
                )
                for (pk, version), row in zip(some, rounded, strict=True)
            )
