"""Facts are packed as numpy reads them."""

import numpy as np
import pytest

from search.index import records


@pytest.mark.parametrize(
    ("row", "dtype"),
    [
        (records.Facts(2**63 + 1, 1, 2, 3, 4, 255, 6, 31), records.FACTS),
        (records.Session(-1, 2, 2**40, 4, 5, 6, 2**447 + 2**64 + 1), records.SESSIONS),
        (records.Session(), records.SESSIONS),
    ],
    ids=["facts", "session", "no session"],
)
def test_a_record_is_read_as_it_was_written(row, dtype):
    (read,) = np.frombuffer(row.packed(), dtype)
    said = row._asdict()
    if "days" in said:
        said["days"] = [said["days"] >> 64 * word & 2**64 - 1 for word in range(records.OCCURRENCE_WORDS)]
    assert list(said) == list(dtype.names)
    assert {name: read[name].tolist() for name in said} == said
