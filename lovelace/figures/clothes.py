"""Clothes; each kind of garment says what its rows in the parameter file mean."""

from collections.abc import Callable

import numpy as np

from figures import loft
from figures.body import Tailor
from figures.coat import coat
from figures.curve import Array
from figures.drape import hanging
from figures.mesh import Binding, Part, Shape, Surface, finish, grid_faces, outward
from figures.parameters import Garment
from figures.skeleton import SIDES
from figures.tailoring import cloth, sheet_around
from figures.trimmings import buckle, buttons, gable, glasses, pendant, toggles
from figures.weights import chain, rigid


def build_clothes(tailor: Tailor, garments: tuple[Garment, ...]) -> list[Part]:
    """Make every garment."""
    return [part for garment in garments for part in KINDS[garment.kind](tailor, garment)]


def _top(tailor: Tailor, g: Garment) -> list[Part]:
    """Make a close top; rows are height and distance from the trunk.

    Size is how far round it goes, in degrees from the front: less under a coat.
    """
    y, lift = np.asarray(g.rows, float).T
    reach = np.radians(g.size[0] if g.size else 180.0)
    azimuth = np.linspace(-reach, reach, 25 if reach > 2 else 13)
    a, h = np.meshgrid(azimuth, y)
    points = tailor.trunk.ring(a, h, lift[:, None])
    return [_skin_tight(tailor, g, points)]


def _skin_tight(tailor: Tailor, g: Garment, points: Array) -> Part:
    """Close rings around the trunk into a part."""
    flat = points.reshape(-1, 3)
    centres = np.stack([0 * flat[:, 0], flat[:, 1], 0 * flat[:, 2]], 1)
    faces, normals = outward(flat, grid_faces(*points.shape[:2]), centres)
    rows = np.repeat(np.linspace(0, 1, len(points)), points.shape[1])
    shape = Shape(points=flat, faces=faces, normals=normals, along=rows, around=rows)
    return finish(
        shape, Surface.CLOTH, tailor.palette.uv(g.column, _ribs(points)), tailor.bind_trunk
    )


def _ribs(points: Array) -> Array:
    """Shade every second column a little: a knitted rib."""
    return np.tile(0.34 + 0.12 * (np.arange(points.shape[1]) % 2), len(points))


def _ring(tailor: Tailor, g: Garment) -> list[Part]:
    """Make a collar or belt; rows are y, half width, half depth, z; size is ribs, depth."""
    ribs, depth = g.size or (0.0, 0.0)
    section = loft.ribbed(int(ribs), depth) if ribs else loft.ellipse
    shape = loft.tube(
        loft.upright(g.rows), segments=int(ribs) * 2 or 26, section=section, caps=(False, False)
    )
    tone = 0.3 + 0.25 * (np.cos(ribs * shape.around) < 0) if ribs else 0.4
    return [cloth(tailor, g.column, shape, tone, tailor.bind_trunk)]


def _trousers(tailor: Tailor, g: Garment) -> list[Part]:
    """Make trousers.

    Rows are y, half width, half depth, x, z of a leg; size is top and bottom of the seat.
    """
    top, bottom = g.size
    azimuth = np.linspace(0, 2 * np.pi, 25)
    a, y = np.meshgrid(azimuth, np.linspace(top, bottom, 6))
    tuck = np.array([0.004, 0.004, 0.004, 0.003, -0.004, -0.022])[:, None]
    seat = sheet_around(tailor.trunk.ring(a, y, tuck))
    parts = [cloth(tailor, g.column, seat, 0.35, tailor.bind_legs)]
    for _, sign in SIDES:
        shape = loft.tube(_leg_spine(g, sign), segments=12, caps=(False, False))
        tone = 0.32 + 0.35 * (
            shape.points[:, 0] * sign < np.median(shape.points[:, 0] * sign) - 0.02
        )
        parts.append(cloth(tailor, g.column, shape, tone, tailor.bind_legs))
    return parts


def _leg_spine(g: Garment, sign: int) -> loft.Spine:
    """Stand a leg's sections at their places."""
    y, width, depth, x, z = np.asarray(g.rows, float).T
    spine = loft.upright(np.stack([y, width, depth, z], 1).tolist())
    spine.centres[:, 0] = x * sign
    return spine


def _sleeves(tailor: Tailor, g: Garment) -> list[Part]:
    """Make sleeves; rows are x, half height, half depth, lift; size is the cuff."""
    parts = []
    for side, sign in SIDES:
        bind = tailor.bind_arm(side, sign)
        spine = loft.sideways(g.rows, sign, tailor.body.shoulder_y)
        shape = loft.tube(spine, segments=12, caps=(False, True))
        tone = 0.32 + 0.22 * (shape.normals[:, 1] < -0.35)
        parts.append(cloth(tailor, g.column, shape, tone, bind))
        if g.size:
            parts.append(_cuff(tailor, g, side, sign))
    return parts


def _cuff(tailor: Tailor, g: Garment, side: str, sign: int) -> Part:
    """Knit a cuff."""
    start, end, first, last, ribs = g.size
    x = np.linspace(start, end, 3)
    r = np.linspace(first, last, 3) * np.array([1.0, 1.10, 0.98])
    x, r = np.append(x, end - 0.002), np.append(r, last * 0.74)
    rows = np.stack([x, r, r], 1).tolist()
    spine = loft.sideways(rows, sign, tailor.body.shoulder_y)
    shape = loft.tube(
        spine, segments=int(ribs) * 2, section=loft.ribbed(int(ribs), 0.035), caps=(False, False)
    )
    tone = 0.25 + 0.22 * (np.cos(ribs * shape.around) < 0)
    return cloth(tailor, g.trim, shape, tone, tailor.bind_arm(side, sign))


def _boots(tailor: Tailor, g: Garment) -> list[Part]:
    """Make boots; rows are y, half width, half depth, x, z; size is length, width, heel."""
    parts = []
    for side, sign in SIDES:
        foot = tailor.skeleton.index(f"{side}Foot")
        x = tailor.body.leg_x * sign * 1.04
        shaft = loft.tube(_leg_spine(g, sign), segments=10, caps=(True, False))
        parts.append(cloth(tailor, g.column, shaft, 0.35 + 0.2 * shaft.along, rigid(foot)))
        parts += _shoe(tailor, g, side, x)
    return parts


def _shoe(tailor: Tailor, g: Garment, side: str, x: float) -> list[Part]:
    """Make upper, sole and heel of a boot."""
    length, width, heel = g.size
    u = np.array([0.0, 0.02, 0.08, 0.20, 0.34, 0.48, 0.62, 0.76, 0.88, 0.96, 1.0])
    half = width * np.array([0.35, 0.55, 0.72, 0.76, 0.74, 0.80, 0.93, 1.0, 0.90, 0.62, 0.2])
    tall = np.array([0.030, 0.036, 0.040, 0.043, 0.044, 0.038, 0.029, 0.023, 0.019, 0.014, 0.006])
    floor = heel * np.clip((0.62 - u) / 0.36, 0, 1) ** 1.2 + 0.007
    z = -0.062 + length * u
    count = len(u)
    spine = loft.Spine(
        centres=np.stack([np.full(count, x), floor + tall, z], 1),
        side=np.tile(loft.X, (count, 1)),
        up=np.tile(loft.Y, (count, 1)),
        side_radius=half,
        up_radius=tall,
    )
    bind = _bind_foot(tailor, side)
    upper = loft.tube(spine, segments=12, section=loft.squircle(0.85))
    sole = _sole(x, u[::2], z[::2], half[::2] * 1.04, floor[::2])
    block = loft.upright(
        [
            [0.002, width * 0.62, 0.022, -0.040],
            [heel * 0.5, width * 0.60, 0.021, -0.041],
            [heel + 0.012, width * 0.70, 0.026, -0.038],
        ],
        x,
    )
    parts = [cloth(tailor, g.column, upper, 0.25 + 0.35 * (upper.normals[:, 1] < 0), bind)]
    parts.append(cloth(tailor, g.trim, sole, 0.6, bind))
    parts.append(cloth(tailor, g.trim, loft.tube(block, segments=10), 0.6, bind))
    return parts


def _sole(x: float, u: Array, z: Array, half: Array, floor: Array) -> Shape:
    """Lay a thin sole under the upper."""
    count = len(u)
    spine = loft.Spine(
        centres=np.stack([np.full(count, x), floor + 0.001, z], 1),
        side=np.tile(loft.X, (count, 1)),
        up=np.tile(loft.Y, (count, 1)),
        side_radius=half,
        up_radius=np.full(count, 0.007),
    )
    return loft.tube(spine, segments=6, section=loft.squircle(0.8))


def _bind_foot(tailor: Tailor, side: str) -> Binding:
    """Tie a shoe to foot and toes."""
    s = tailor.skeleton
    at = [(s.index(f"{side}Foot"), -9.0), (s.index(f"{side}Toes"), tailor.body.toes_z)]
    return chain(at, 0.02, lambda p: p[:, 2])


def _block(tailor: Tailor, g: Garment) -> list[Part]:
    """Make a closed upright form.

    Rows are y, half width, half depth, z; size is roundness (0 box, 1 round) and x.
    """
    roundness, x = g.size
    shape = loft.tube(loft.upright(g.rows, x), segments=20, section=loft.squircle(roundness))
    bind = (
        hanging(tailor.skeleton, tailor.holder, g.chains, spread=0.1, soft=0.04)
        if g.chains
        else tailor.bind_trunk
    )
    return [cloth(tailor, g.column, shape, 0.25 + 0.5 * (1 - shape.along), bind)]


KINDS: dict[str, Callable[[Tailor, Garment], list[Part]]] = {
    "top": _top,
    "ring": _ring,
    "trousers": _trousers,
    "coat": coat,
    "sleeves": _sleeves,
    "boots": _boots,
    "pendant": pendant,
    "buttons": buttons,
    "toggles": toggles,
    "glasses": glasses,
    "buckle": buckle,
    "block": _block,
    "gable": gable,
}
