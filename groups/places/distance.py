"""Distances on the earth: one radius and one rounding for every engine, so that all draw the same circle."""

from math import asin, cos, degrees, inf, radians, sin, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_MILES = 3958.7613
"""Mean radius R1 of the earth (6371.0088 km, IUGG) in statute miles."""

POSITION_DECIMALS = 5
"""Positions are kept to 5 decimals of a degree, about 1 metre."""


def rounded(degrees_value: float) -> float:
    """A latitude or longitude in degrees, to the 5 decimals every engine stores (never ``-0.0``)."""
    return round(degrees_value, POSITION_DECIMALS) + 0.0


def miles_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in miles between two WGS84 positions in degrees (haversine, float64)."""
    phi, other_phi = radians(latitude), radians(other_latitude)
    half = (
        sin((other_phi - phi) / 2) ** 2
        + cos(phi) * cos(other_phi) * sin(radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(half)))


def miles_to_all(
    latitude: float, longitude: float, latitudes: ArrayLike, longitudes: ArrayLike
) -> NDArray[np.float64]:
    """Great-circle miles from one position to many.

    ``latitudes`` and ``longitudes`` are degrees of one shape, any float type; the answer has that shape and
    is float64 throughout: float32 moves the count of what lies within a radius.
    """
    phi = radians(latitude)
    other_phi = np.radians(np.asarray(latitudes, dtype=np.float64))
    turn = np.radians(np.asarray(longitudes, dtype=np.float64) - longitude)
    half = np.sin((other_phi - phi) / 2) ** 2 + cos(phi) * np.cos(other_phi) * np.sin(turn / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * np.arcsin(np.minimum(1.0, np.sqrt(half)))


def bounding_box(latitude: float, longitude: float, miles: float) -> tuple[float, float, float, float]:
    """``(south, west, north, east)`` in degrees: holds every point within ``miles``, and a little more.

    Raises ValueError for a negative or infinite distance. The box does not wrap at ±180°: near a pole or the
    date line it widens to all longitudes.
    """
    if not 0 <= miles < inf:
        raise ValueError("miles must be a finite number, 0 or more")
    slack = 1e-9
    angle = miles / EARTH_RADIUS_MILES
    south, north = latitude - degrees(angle) - slack, latitude + degrees(angle) + slack
    if south <= -90 or north >= 90:
        return max(south, -90.0), -180.0, min(north, 90.0), 180.0
    reach = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude))))) + slack
    west, east = longitude - reach, longitude + reach
    if west < -180 or east > 180:
        west, east = -180.0, 180.0
    return south, west, north, east
