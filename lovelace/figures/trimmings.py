"""Small things worn: roof, pendant, buttons, glasses."""

import numpy as np

from figures import loft
from figures.body import Tailor
from figures.curve import Array
from figures.mesh import Binding, Part
from figures.parameters import Garment
from figures.plates import disc, plate
from figures.tailoring import cloth
from figures.weights import rigid

TILES = 5
TILE_STEP_M = 0.007
TILE_TOP, TILE_FOOT = 0.14, 0.62


def gable(tailor: Tailor, g: Garment) -> list[Part]:
    """Make a gable roof on the head.

    Size is half width, eaves y, ridge y, thickness, front z, back z; the further columns
    are those of wall and window.
    """
    width, eaves, ridge, thick, front, back = g.size
    wall, window = g.extra
    roof, roof_tone = _tiles(width, eaves, ridge, thick)
    low = eaves + 0.10 * (ridge - eaves)
    inner = np.array([[-0.6 * width, low], [0, eaves + 0.70 * (ridge - eaves)], [0.6 * width, low]])
    middle = np.array([0.0, eaves + 0.22 * (ridge - eaves)])
    bind = rigid(tailor.skeleton.index("head"))
    ahead, astern = np.eye(3), np.diag([-1.0, 1.0, -1.0])
    parts = []
    for outline, top, foot, column, tone, frame in (
        (roof, front, back, g.column, roof_tone, ahead),
        (roof, -back, -back - 0.004, g.column, 0.35, astern),
        (inner, front + 0.006, front - 0.01, wall, 0.35, ahead),
        (inner, -back + 0.006, -back - 0.01, wall, 0.5, astern),
        (disc(0.145 * width, 16) + middle + (0, 0.035), front + 0.011, front, window, 0.15, ahead),
    ):
        shape = plate(outline, top=top, foot=foot, centre=np.zeros(3), frame=frame)
        parts.append(cloth(tailor, column, shape, tone, bind))
    return parts


def _tiles(width: float, eaves: float, ridge: float, thick: float) -> tuple[Array, Array]:
    """Give the roof's outline with a step for each row of tiles, and the tone of its points."""
    slope = np.array([width, eaves - ridge])
    out = np.array([ridge - eaves, width]) / np.hypot(width, ridge - eaves)
    right, tones = [np.array([0.0, ridge])], [TILE_TOP]
    for row in range(TILES):
        start, end = (np.array([0.0, ridge]) + slope * (row + k) / TILES for k in (0, 1))
        right += [start, end + TILE_STEP_M * out] if row else [end + TILE_STEP_M * out]
        tones += [TILE_TOP, TILE_FOOT] if row else [TILE_FOOT]
    right.append(np.array([0.9 * width, eaves - thick]))
    tones.append(TILE_FOOT)
    left = [point * (-1, 1) for point in right[:0:-1]]
    around = tones + tones[:0:-1]
    # Two middles and the front stay plain; the slopes run from light to dark in every row.
    tone = [0.35, 0.35, *[0.35] * len(around), *around, *around]
    return np.array(right + left), np.array(tone)


def pendant(tailor: Tailor, g: Garment) -> list[Part]:
    """Make a thin chain with a ring; size is neck y, neck x, ring y, ring radius."""
    neck_y, neck_x, ring_y, radius = g.size
    parts = []
    for sign in (1, -1):
        u = np.linspace(0, 1, 7)
        y = neck_y + (ring_y + radius - neck_y) * u
        x = neck_x * (1 - u) ** 0.8
        azimuth = np.arcsin(np.clip(x / tailor.trunk.width(y), 0, 1) ** (1 / 0.88))
        points = tailor.trunk.ring(azimuth * sign, y, 0.006)
        thin = np.full(7, 0.0012)
        spine = loft.along(points, np.tile(loft.Z, (7, 1)), thin, thin)
        shape = loft.tube(spine, segments=4, caps=(False, False))
        parts.append(cloth(tailor, g.column, shape, 0.4, tailor.bind_trunk))
    return [*parts, _pendant_ring(tailor, g)]


def _pendant_ring(tailor: Tailor, g: Garment) -> Part:
    """Make the ring that hangs on the chain."""
    _, _, ring_y, radius = g.size
    centre = tailor.trunk.ring(np.zeros(1), np.array([ring_y]), 0.007)[0]
    angle = np.linspace(0, 2 * np.pi, 13)
    across = np.stack([np.sin(angle), np.cos(angle), 0 * angle], 1)
    thin = np.full(13, 0.0022)
    spine = loft.Spine(
        centres=centre + radius * across,
        side=across,
        up=np.tile(loft.Z, (13, 1)),
        side_radius=thin,
        up_radius=thin,
    )
    shape = loft.tube(spine, segments=5, caps=(False, False))
    return cloth(tailor, g.column, shape, 0.3, tailor.bind_trunk)


def buttons(tailor: Tailor, g: Garment) -> list[Part]:
    """Sew on buttons; size is first y, last y, count, radius, distance from the trunk."""
    first, last, count, radius, lift = g.size
    parts = []
    for y in np.linspace(first, last, int(count)):
        centre = tailor.trunk.ring(np.zeros(1), np.array([y]), lift)[0]
        shape = plate(disc(radius, 8), top=0.0025, foot=-0.004, centre=centre, frame=np.eye(3))
        parts.append(cloth(tailor, g.column, shape, 0.4, tailor.bind_trunk))
    return parts


def toggles(tailor: Tailor, g: Garment) -> list[Part]:
    """Sew on wooden toggles; rows are azimuth (degrees), y, distance from the trunk; size is the radius."""
    (radius,) = g.size
    parts = []
    for azimuth, y, lift in g.rows:
        angle = np.radians(azimuth)
        centre = tailor.trunk.ring(np.array([angle]), np.array([y]), lift)[0]
        out = np.array([np.sin(angle), 0.0, np.cos(angle)])
        frame = np.stack([np.cross(loft.Y, out), loft.Y, out])
        shape = plate(disc(radius, 6), top=0.004, foot=-0.006, centre=centre, frame=frame)
        parts.append(cloth(tailor, g.column, shape, 0.3, tailor.bind_trunk))
    return parts


def buckle(tailor: Tailor, g: Garment) -> list[Part]:
    """Close the belt; size is y, half width, half height, distance from the trunk."""
    y, wide, tall, lift = g.size
    centre = tailor.trunk.ring(np.zeros(1), np.array([y]), lift)[0]
    box = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]) * (wide, tall)
    parts = []
    for outline, top, column in ((box, 0.004, g.column), (box * 0.62, 0.0052, g.trim)):
        shape = plate(outline, top=top, foot=-0.004, centre=centre, frame=np.eye(3))
        parts.append(cloth(tailor, column, shape, 0.4, tailor.bind_trunk))
    return parts


def glasses(tailor: Tailor, g: Garment) -> list[Part]:
    """Make glasses.

    Rows are the middle of the left glass, its hinge and the end of its bow; size is half
    width, half height, wire.
    """
    middle, hinge, end = np.asarray(g.rows, float)
    wide, tall, wire = g.size
    bind = rigid(tailor.skeleton.index("head"))
    parts = []
    for sign in (1, -1):
        mirror = np.array([sign, 1.0, 1.0])
        angle = np.linspace(0, 2 * np.pi, 21)
        # The glass turns a little with the face.
        x, y = loft.squircle(0.55)(angle)
        rim = middle + np.stack([wide * x, tall * y, -0.22 * wide * x], 1)
        parts.append(_wire(tailor, g, rim * mirror, wire, bind))
        bow = np.stack([hinge, (hinge + end) / 2, end])
        parts.append(_wire(tailor, g, bow * mirror, wire, bind))
    u = np.linspace(-1, 1, 7)
    inner = middle[0] - wide
    bridge = np.stack(
        [
            inner * u,
            middle[1] + 0.004 + 0.003 * (1 - u * u),
            middle[2] + 0.22 * wide + 0.003 * (1 - u * u),
        ],
        1,
    )
    return [*parts, _wire(tailor, g, bridge, wire, bind)]


def _wire(tailor: Tailor, g: Garment, line: Array, wire: float, bind: Binding) -> Part:
    """Bend a thin wire along a line."""
    ahead = np.gradient(line, axis=0)
    other = np.where(np.abs(ahead[:, 1:2]) > np.abs(ahead[:, :1]) * 3, loft.X, loft.Y)
    thin = np.full(len(line), wire)
    shape = loft.tube(loft.along(line, other, thin, thin), segments=5, caps=(False, False))
    return cloth(tailor, g.column, shape, 0.4, bind)
