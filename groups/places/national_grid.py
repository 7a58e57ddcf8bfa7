"""National Grid and Irish Grid references to WGS84, in numpy.

Source: Ordnance Survey, "A guide to coordinate systems in Great Britain" (annexes B and C), and for the Irish
Grid the EPSG register (29902, transformation 1641). A Helmert transform is good to about 5 metres on the
ground, far finer than a postcode's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Grid:
    """A transverse Mercator grid, and the Helmert transform from its datum to WGS84.

    Metres, except ``origin`` (latitude, longitude in degrees), ``rotation`` (arc seconds, position vector
    convention) and ``scale_ppm`` (parts per million).
    """

    semi_major: float
    semi_minor: float
    scale_on_meridian: float
    origin: tuple[float, float]
    false_origin: tuple[float, float]
    shift: tuple[float, float, float]
    rotation: tuple[float, float, float]
    scale_ppm: float


NATIONAL_GRID = Grid(
    semi_major=6377563.396,
    semi_minor=6356256.909,
    scale_on_meridian=0.9996012717,
    origin=(49.0, -2.0),
    false_origin=(400_000.0, -100_000.0),
    shift=(446.448, -125.157, 542.060),
    rotation=(0.1502, 0.2470, 0.8421),
    scale_ppm=-20.4894,
)
IRISH_GRID = Grid(
    semi_major=6377340.189,
    semi_minor=6356034.447938534,
    scale_on_meridian=1.000035,
    origin=(53.5, -8.0),
    false_origin=(200_000.0, 250_000.0),
    shift=(482.5, -130.6, 564.6),
    rotation=(-1.042, -0.214, -0.631),
    scale_ppm=8.15,
)
_WGS84 = (6378137.0, 6356752.314245)


def to_wgs84(
    eastings: ArrayLike, northings: ArrayLike, grid: Grid = NATIONAL_GRID
) -> tuple[Degrees, Degrees]:
    """Latitudes and longitudes in WGS84 degrees of ``eastings`` and ``northings`` in metres, same shape.

    NaN gives NaN. Positions far outside the grid are meaningless, not an error.
    """
    phi, lam = _geodetic(np.asarray(eastings, np.float64), np.asarray(northings, np.float64), grid)
    x, y, z = _cartesian(phi, lam, grid)
    return _from_cartesian(*_helmert(x, y, z, grid))


def _meridian_arc(phi: Degrees, grid: Grid) -> Degrees:
    n = (grid.semi_major - grid.semi_minor) / (grid.semi_major + grid.semi_minor)
    phi0 = np.radians(grid.origin[0])
    minus, plus = phi - phi0, phi + phi0
    arc = (1 + n + 1.25 * (n**2 + n**3)) * minus
    arc = arc - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(minus) * np.cos(plus)
    arc = arc + 1.875 * (n**2 + n**3) * np.sin(2 * minus) * np.cos(2 * plus)
    arc = arc - 35 / 24 * n**3 * np.sin(3 * minus) * np.cos(3 * plus)
    return grid.semi_minor * grid.scale_on_meridian * arc


def _geodetic(east: Degrees, north: Degrees, grid: Grid) -> tuple[Degrees, Degrees]:
    """Annex C.2: radians on the grid's own ellipsoid."""
    scaled_major = grid.semi_major * grid.scale_on_meridian
    e2 = 1 - (grid.semi_minor / grid.semi_major) ** 2
    to_north = north - grid.false_origin[1]
    phi = np.radians(grid.origin[0]) + to_north / scaled_major
    for _ in range(6):  # each pass gains three decimals: 6 are far below a millimetre
        phi = phi + (to_north - _meridian_arc(phi, grid)) / scaled_major
    sin2 = np.sin(phi) ** 2
    nu = scaled_major / np.sqrt(1 - e2 * sin2)
    rho = scaled_major * (1 - e2) / (1 - e2 * sin2) ** 1.5
    eta2 = nu / rho - 1
    t = np.tan(phi)
    sec = 1 / np.cos(phi)
    d = east - grid.false_origin[0]
    seven = t / (2 * rho * nu)
    eight = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    nine = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    ten = sec / nu
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t**2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    twelve_a = sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    lam0 = np.radians(grid.origin[1])
    return (
        phi - seven * d**2 + eight * d**4 - nine * d**6,
        lam0 + ten * d - eleven * d**3 + twelve * d**5 - twelve_a * d**7,
    )


def _cartesian(phi: Degrees, lam: Degrees, grid: Grid) -> tuple[Degrees, Degrees, Degrees]:
    """Annex B.1, at height 0."""
    e2 = 1 - (grid.semi_minor / grid.semi_major) ** 2
    nu = grid.semi_major / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return nu * np.cos(phi) * np.cos(lam), nu * np.cos(phi) * np.sin(lam), nu * (1 - e2) * np.sin(phi)


def _helmert(x: Degrees, y: Degrees, z: Degrees, grid: Grid) -> tuple[Degrees, Degrees, Degrees]:
    rx, ry, rz = (np.radians(second / 3600) for second in grid.rotation)
    tx, ty, tz = grid.shift
    scale = 1 + grid.scale_ppm / 1e6
    return (
        tx + scale * (x - rz * y + ry * z),
        ty + scale * (rz * x + y - rx * z),
        tz + scale * (-ry * x + rx * y + z),
    )


def _from_cartesian(x: Degrees, y: Degrees, z: Degrees) -> tuple[Degrees, Degrees]:
    """Annex B.2: degrees on WGS84."""
    major, minor = _WGS84
    e2 = 1 - (minor / major) ** 2
    p = np.hypot(x, y)
    phi = np.arctan2(z, p * (1 - e2))
    for _ in range(4):
        nu = major / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        phi = np.arctan2(z + e2 * nu * np.sin(phi), p)
    return np.degrees(phi), np.degrees(np.arctan2(y, x))
