"""A hundred broken files: each gives a report or one clear sentence, never a traceback, never half a write."""

import json

import pytest
from django.core.management import CommandError, call_command

from groups.models import GroupFacts, GroupPage, SourceRecord, Venue
from tests.groups.imports.conftest import HEADER, KNITTERS, SPEC

pytestmark = pytest.mark.django_db

HEAD = ",".join(HEADER)
ROW = ",".join(f'"{KNITTERS[name]}"' for name in HEADER)
GOOD = f"{HEAD}\n{ROW}\n".encode()
JSON_ROW = json.dumps(KNITTERS)


def cell(name: str, value: str) -> bytes:
    """A file with one row that has `value` in one cell."""
    row = {**KNITTERS, name: value}
    quoted = ",".join('"' + row[column].replace('"', '""') + '"' for column in HEADER)
    return f"{HEAD}\n{quoted}\n".encode("utf-8", "surrogatepass")


def json_with(**values) -> bytes:
    return json.dumps([{**KNITTERS, **values}]).encode("utf-8", "surrogatepass")


_NASTY = {
    "nul": "\x00", "controls": "\x01\x02\x1b[31m", "bom inside": "\ufeff", "only spaces": " \u00a0\u2003 ",
    "rtl": "\u202egnp.exe",
    "huge word": "x" * 900_000, "huge words": "tea " * 200_000, "emoji": "\U0001f9f6" * 50, "sql": "'); DROP TABLE x;--",
    "html bomb": "<div>" * 20_000, "unclosed html": "<p <b <i", "entities": "&#99999999;&nope;&#0;", "percent": "%s %(x)s %",
    "braces": "{0} {name} {", "formula": "=1+1", "newlines": "\n" * 5000, "zalgo": "a" + "\u0301" * 2000, "number": "1e999",
    "minus": "-1", "path": "../../etc/passwd", "comma": ",,,,", "quotes": '"""', "null word": "null", "cdata": "<![CDATA[x]]>",
}  # fmt: skip

BROKEN_CSV = {
    "empty": b"",
    "only a byte-order mark": b"\xef\xbb\xbf",
    "only newlines": b"\n\n\n",
    "only a header": HEAD.encode(),
    "no header": ROW.encode(),
    "missing column": GOOD.replace(b"about", b"abuot", 1),
    "header twice": GOOD.replace(b"web", b"name", 1),
    "used column twice": f"{HEAD},name\n{ROW},Other\n".encode(),
    "empty header": GOOD.replace(HEAD.encode(), b",,,,,,,,", 1),
    "semicolons": GOOD.replace(b",", b";"),
    "tabs": GOOD.replace(b",", b"\t"),
    "pipes": GOOD.replace(b'","', b'"|"').replace(HEAD.encode(), HEAD.replace(",", "|").encode()),
    "colons": GOOD.replace(b",", b":"),
    "unclosed quote": GOOD + b'9,"never closed,a,b\n',
    "unclosed quote, long": GOOD + b'9,"' + b"x" * 1_500_000,
    "quote in the header": b'"' + GOOD,
    "cell too long": GOOD + b"9," + b"x" * 1_200_000 + b",a,b,c,d,e,f,g\n",
    "too few cells": GOOD + b"9,Short\n",
    "too many cells": GOOD + ROW.encode() + b",more,and more\n",
    "utf-16": GOOD.decode().encode("utf-16"),
    "utf-16 without a mark": GOOD.decode().encode("utf-16-le"),
    "utf-16 cut off": GOOD.decode().encode("utf-16")[:-1],
    "utf-32": GOOD.decode().encode("utf-32"),
    "windows-1252": cell("name", "Caf\u00e9").decode().encode("cp1252"),
    "not any encoding": GOOD + b"9,\x81\x8d\x8f\xff,a,b,c,d,e,f,g\n",
    "byte-order mark": b"\xef\xbb\xbf" + GOOD,
    "old mac lines": GOOD.replace(b"\n", b"\r"),
    "windows lines": GOOD.replace(b"\n", b"\r\n"),
    "mixed lines": GOOD + b"\r\r\n\n\r" + ROW.encode(),
    "zip": b"PK\x03\x04" + b"\x00" * 50,
    "gzip": b"\x1f\x8b\x08" + b"\x00" * 50,
    "pdf": b"%PDF-1.7\n%\xe2\xe3",
    "old spreadsheet": b"\xd0\xcf\x11\xe0" + b"\x00" * 50,
    "database": b"SQLite format 3\x00",
    "picture": b"\x89PNG\r\n\x1a\n",
    "web page": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "xml": b"<?xml version='1.0'?><rows/>",
    "json in a csv": f"[{JSON_ROW}]".encode(),
    "all nul": b"\x00" * 2000,
    "noise": bytes(range(256)) * 40,
    "the same row 500 times": GOOD + (ROW + "\n").encode() * 500,
    "ten thousand columns": (",".join(f"c{n}" for n in range(10_000)) + "\n").encode(),
    "one good and one broken row": GOOD + b"9,,,,,,,,\n",
    **{f"name: {what}": cell("name", text) for what, text in _NASTY.items()},
    **{f"text: {what}": cell("about", text) for what, text in list(_NASTY.items())[:12]},
    **{f"times: {what}": cell("times", text) for what, text in list(_NASTY.items())[:6]},
    **{f"id: {what}": cell("id", text) for what, text in list(_NASTY.items())[:6]},
    **{f"web: {what}": cell("web", text) for what, text in list(_NASTY.items())[:4]},
    **{f"postcode: {what}": cell("postcode", text) for what, text in list(_NASTY.items())[:4]},
}
BROKEN_JSON = {
    "empty": b"",
    "cut off": f"[{JSON_ROW}, {{".encode(),
    "two values": f"[{JSON_ROW}] [{JSON_ROW}]".encode(),
    "single quotes": b"[{'name': 'x'}]",
    "a comment": f"// list\n[{JSON_ROW}]".encode(),
    "trailing comma": f"[{JSON_ROW},]".encode(),
    "a number": b"42",
    "a text": b'"rows"',
    "null": b"null",
    "a table": JSON_ROW.encode(),
    "an empty list": b"[]",
    "a list of numbers": b"[1, 2, 3]",
    "a list of lists": b"[[1], [2]]",
    "nothing we know": b'[{"a": 1}]',
    "nested 100,000 deep": b"[" * 100_000,
    "tables 100,000 deep": b'{"a":' * 100_000,
    "a cell 900 deep": json_with(name="x").replace(b'"x"', b"[" * 900 + b"1" + b"]" * 900),
    "a huge number": b'[{"id": ' + b"9" * 10_000 + b"}]",
    "not a number": b'[{"id": NaN, "name": Infinity}]',
    "numbers as names": json_with(name=12345, id=7),
    "truth as a name": json_with(name=True),
    "a table as a name": json_with(name={"en": "Knitters"}),
    "a list as a name": json_with(name=["Oaklands", ["deep"], None]),
    "nulls everywhere": json.dumps([dict.fromkeys(KNITTERS)]).encode(),
    "lone surrogate": b'[{"id": "1", "name": "\\ud800 Club", "about": "Tea and a chat for all of us.", "web": "", "hall": "",'
    b' "address": "", "postcode": "", "times": "", "state": ""}]',
    "nul escapes": json_with(name="Oak\x00lands"),
    "one row is no table": f"[{JSON_ROW}, 5, null, [], {JSON_ROW.replace('Oaklands Knitters', 'Weavers')}]".encode(),
    "csv in a json": GOOD,
    "web page": b"<html></html>",
    "keys twice": b'[{"id": 1, "id": 2, "name": "x", "name": "y"}]',
}


def counted():
    return [model.objects.count() for model in (GroupPage, GroupFacts, SourceRecord)]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        *(pytest.param("csv", data, id=f"csv: {name}") for name, data in BROKEN_CSV.items()),
        *(pytest.param("json", data, id=f"json: {name}") for name, data in BROKEN_JSON.items()),
    ],
)
def test_a_broken_file_gives_a_report_or_one_sentence(site_tree, tmp_path, capsys, kind, data):
    file, mapping, report = tmp_path / f"list.{kind}", tmp_path / "mapping.yaml", tmp_path / "report.json"
    file.write_bytes(data)
    mapping.write_text(json.dumps({**SPEC, "format": kind}), encoding="utf-8")
    try:
        call_command("import_listings", file, mapping=str(mapping), commit=True, report=report)
    except CommandError as error:
        message = str(error)
        assert 10 < len(message) < 500
        assert "Traceback" not in message
        assert counted() == [0, 0, 0]
        assert not Venue.objects.exists()
        return
    said = json.loads(report.read_text(encoding="utf-8"))
    assert said["rows_read"] == sum(said[name] for name in ("new", "refused", "repeated", "attached"))
    pages = GroupPage.objects.all()
    assert counted() == [said["new"], said["new"], said["new"] + said["attached"]]
    for page in pages:
        assert page.live_revision.as_object().title == page.title
        assert len(page.title) <= 200
        assert "\x00" not in page.title + page.summary + page.description
    assert "Import" not in capsys.readouterr().err


def test_there_are_a_hundred_of_them():
    assert len(BROKEN_CSV) + len(BROKEN_JSON) >= 100


@pytest.mark.parametrize("name", ["", "nowhere.csv", "."])
def test_a_file_that_is_none_is_one_sentence(site_tree, tmp_path, name):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(json.dumps(SPEC), encoding="utf-8")
    with pytest.raises(CommandError, match="no file"):
        call_command("import_listings", tmp_path / name, mapping=str(mapping))
