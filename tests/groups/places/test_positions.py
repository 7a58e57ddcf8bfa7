"""Grids, distances and boxes against published and independently computed values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.places.distance import EARTH_RADIUS_MILES, bounding_box, miles_between, miles_to_all, rounded
from groups.places.national_grid import IRISH_GRID, NATIONAL_GRID, to_wgs84

# Easting, northing, latitude, longitude by PROJ 9 (EPSG:27700 and EPSG:29902 to EPSG:4326).
BRITISH = [
    (651409.903, 313177.27, 52.6579786, 1.716052),
    (530000, 180000, 51.5039908, -0.1283539),
    (90000, 10000, 49.9096707, -6.319381),
    (460000, 1205000, 60.7236111, -0.9020345),
    (427900, 436300, 53.8222296, -1.577665),
    (318200, 176400, 51.4806182, -3.1793338),
]
IRISH = [
    (333600, 373900, 54.595677, -5.9337156),
    (243500, 416500, 54.9940903, -7.3211207),
    (308900, 326000, 54.171475, -6.3331948),
]

latitudes = st.floats(49, 61)
longitudes = st.floats(-8.5, 2)


def metres_apart(latitude, longitude, other_latitude, other_longitude):
    return miles_between(latitude, longitude, other_latitude, other_longitude) * 1609.344


@pytest.mark.parametrize(("points", "grid"), [(BRITISH, NATIONAL_GRID), (IRISH, IRISH_GRID)])
def test_a_grid_reference_agrees_with_proj_within_12_centimetres(points, grid):
    east, north, latitude, longitude = np.array(points).T
    found = to_wgs84(east, north, grid)
    for row in range(len(points)):
        assert metres_apart(latitude[row], longitude[row], found[0][row], found[1][row]) < 0.12


def test_an_unknown_grid_reference_stays_unknown():
    latitudes_, longitudes_ = to_wgs84([np.nan, 400000.0], [200000.0, 200000.0])
    assert np.isnan(latitudes_).tolist() == np.isnan(longitudes_).tolist() == [True, False]


def test_london_to_paris_is_about_213_miles():
    assert miles_between(51.5074, -0.1278, 48.8566, 2.3522) == pytest.approx(213.5, abs=0.3)


def test_a_degree_of_latitude_is_the_arc_of_the_one_radius():
    assert miles_between(51, 0, 52, 0) == pytest.approx(EARTH_RADIUS_MILES * math.pi / 180, abs=1e-9)


@given(latitudes, longitudes, latitudes, longitudes)
def test_one_and_many_agree_to_the_last_decimals(latitude, longitude, other, further):
    one = miles_between(latitude, longitude, other, further)
    many = miles_to_all(latitude, longitude, np.array([other]), np.array([further]))
    assert many.dtype == np.float64
    assert many[0] == pytest.approx(one, abs=1e-9)


@given(latitudes, longitudes, st.floats(0, 100), st.floats(0, 360), st.floats(0, 1))
def test_the_box_holds_every_point_of_the_circle(latitude, longitude, miles, bearing, share):
    angle, turn = miles * share / EARTH_RADIUS_MILES, math.radians(bearing)
    phi = math.radians(latitude)
    there = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    east = math.radians(longitude) + math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(there)
    )
    south, west, north, right = bounding_box(latitude, longitude, miles)
    assert south <= math.degrees(there) <= north
    assert west <= math.degrees(east) <= right


def test_the_box_is_not_much_wider_than_the_circle():
    south, west, north, east = bounding_box(52, 0, 10)
    assert miles_between(52, 0, north, 0) == pytest.approx(10, abs=0.001)
    assert miles_between(52, 0, south, 0) == pytest.approx(10, abs=0.001)
    assert miles_between(52, west, 52, 0) == pytest.approx(10, abs=0.01) == miles_between(52, 0, 52, east)


@pytest.mark.parametrize("miles", [-1, math.inf, math.nan])
def test_a_box_needs_a_real_distance(miles):
    with pytest.raises(ValueError, match="finite"):
        bounding_box(52, 0, miles)


def test_a_box_over_a_pole_holds_all_longitudes():
    assert bounding_box(89.99, 10, 50)[1::2] == (-180, 180)


def test_rounding_keeps_five_decimals_and_no_negative_zero():
    assert rounded(51.1234567) == 51.12346
    assert math.copysign(1, rounded(-0.0000001)) == 1
