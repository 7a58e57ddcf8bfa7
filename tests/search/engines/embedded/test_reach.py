"""What lies within reach of a place is the same, whether looked for or taken out of a wider circle."""

from datetime import datetime

import numpy as np
import pytest

from groups.places.spots import Kind, Spot
from groups.schedule.rules import LONDON
from search import engines
from search.engines.embedded.reach import within
from tests.search.contract.conftest import EmbeddedHarness
from tests.search.contract.mixed import mixed_listings
from tests.search.listings import OAKLANDS

pytestmark = pytest.mark.usefixtures("fresh_process")
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=LONDON)
HERE = Spot(OAKLANDS.latitude, OAKLANDS.longitude, "Oaklands", "", "E07000070", Kind.PLACE, 3.0)


@pytest.fixture
def view(db):
    EmbeddedHarness().put(mixed_listings(80))
    return engines.get("embedded").columns.current()


def told(reach):
    return [
        reach.positions.tolist(),
        reach.sessions.tolist(),
        reach.owner.tolist(),
        np.nan_to_num(reach.miles, nan=-1.0).tolist(),
    ]


def test_a_narrower_circle_taken_out_of_a_wider_one(view):
    wide = within(view, HERE, 60.0, NOW)
    found = [told(within(view, HERE, miles, NOW)) for miles in (0.1, 1.0, 3.0, 10.0, 60.0)]
    assert found == [told(wide.closer(miles)) for miles in (0.1, 1.0, 3.0, 10.0, 60.0)]
    assert len({len(positions) for positions, *_rest in found}) > 2


def test_listings_that_lie_within_reach_whole(view):
    reach = within(view, HERE, 1.0, NOW)
    sessions, owner = view.sessions_of(reach.positions)
    here = np.isin(sessions, reach.sessions)
    expected = [bool(here[owner == place].all()) for place in range(len(reach.positions))]
    assert reach.whole(view).tolist() == expected
    assert len(set(expected)) == 2
