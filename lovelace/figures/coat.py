"""An open coat: outside, lining, knitted band, hem and pockets."""

from dataclasses import dataclass

import numpy as np

from figures import loft
from figures.body import Tailor, oval
from figures.curve import Array, Curve, path, pchip, unit
from figures.drape import hanging
from figures.mesh import Binding, Part, Surface, finish
from figures.parameters import Garment
from figures.tailoring import cloth, sheet_around, sheet_facing

LINING_GAP = 0.006
POCKET_LIFT = 0.004
FOLDS = 6
BEHIND_DEG = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The coat's surface by angle and height."""

    top: float
    bottom: float
    curves: tuple[Curve, ...]
    """Half width, front, back, opening and folds by depth below 0."""

    @classmethod
    def of(cls, g: Garment) -> Cut:
        """Draw the curves through the rows."""
        table = np.asarray(g.rows, float)
        return cls(
            top=float(table[0, 0]),
            bottom=float(table[-1, 0]),
            curves=tuple(pchip(-table[:, 0], table[:, k]) for k in range(1, 6)),
        )

    def surface(self, azimuth: Array, y: Array, lift: float = 0.0) -> Array:
        """Give points of the outside."""
        width, front, back, _, folds = (curve(-y) for curve in self.curves)
        out = folds * np.cos(azimuth * FOLDS + 0.6) + lift
        return oval(azimuth, y, width + out, front + out, back - out)

    def grid(self, *, rows: int, columns: int) -> Array:
        """Give the outside from one front edge round the back to the other."""
        y = np.linspace(self.top, self.bottom, rows)
        y = np.insert(y, 1, (y[0] + y[1]) / 2)[:, None]
        gap, u = self.curves[3](-y), np.linspace(0, 1, columns)
        return self.surface(np.radians(gap) * (1 - 2 * u) + 2 * np.pi * u, y)


def coat(tailor: Tailor, g: Garment) -> list[Part]:
    """Make an open coat.

    Rows are y, half width, front z, back z, opening (degrees), folds (m). Size is the
    collar's y, half width, front z, back z, the band's half width below and at the neck and,
    for pockets, their angle, half their angle, top y and bottom y.
    """
    cut = Cut.of(g)
    grid = cut.grid(rows=12, columns=27)
    bind = hanging(tailor.skeleton, tailor.holder, g.chains, spread=0.085, soft=0.05)
    outside = sheet_facing(grid, 1)
    tone = 0.30 + 0.45 * np.clip((outside.along - 0.25) / 0.75, 0, 1) ** 1.5
    parts = [
        cloth(tailor, g.column, outside, tone, bind),
        cloth(tailor, g.trim, sheet_facing(_shrunk(grid[2:]), -1), 0.85, bind),
        _band(tailor, g, grid, bind),
        _hem(tailor, g, grid, bind),
    ]
    if len(g.size) > 6:
        parts += _pockets(tailor, g, cut, bind)
    return parts


def _pockets(tailor: Tailor, g: Garment, cut: Cut, bind: Binding) -> list[Part]:
    """Sew a pocket with a knitted edge on each side."""
    at, half, top, bottom = g.size[6:]
    parts = []
    for sign in (1, -1):
        azimuth = np.radians(np.linspace(at - half, at + half, 5)) * sign
        for high, low, column, lift, tone in (
            (top, bottom, g.column, POCKET_LIFT, 0.52),
            (top + 0.004, top - 0.014, g.trim, POCKET_LIFT + 0.003, 0.45),
        ):
            a, y = np.meshgrid(azimuth, np.linspace(high, low, 3 if column == g.column else 2))
            shape = sheet_around(cut.surface(a, y, lift), centre=np.zeros(3))
            parts.append(cloth(tailor, column, shape, tone, bind))
    return parts


def _shrunk(grid: Array) -> Array:
    """Pull a surface towards the body's axis."""
    inner = grid.copy()
    flat = inner[..., [0, 2]]
    length = np.linalg.norm(flat, axis=-1, keepdims=True)
    inner[..., [0, 2]] = flat * (1 - LINING_GAP / np.maximum(length, 0.03))
    return inner


def _band(tailor: Tailor, g: Garment, grid: Array, bind: Binding) -> Part:
    """Knit the band that runs up one front edge, round the neck and down the other."""
    collar_y, collar_width, collar_front, collar_back = g.size[:4]
    # The arc round the neck begins behind the edge's upper end, or the band would turn back on itself.
    start = float(np.asarray(g.rows, float)[0, 4]) + BEHIND_DEG
    azimuth = np.radians(np.linspace(start, 360 - start, 9))
    one = np.ones(9)
    neck = oval(azimuth, one * collar_y, one * collar_width, one * collar_front, one * collar_back)
    neck[:, 1] += 0.012 * np.abs(np.cos(azimuth / 2))
    edge = 1.0 + 0.004 / 0.1
    rough = np.vstack([grid[::-1, 0], neck, grid[:, -1]]) * (edge, 1.0, edge)
    line = path(rough, 43)
    high = np.clip((line[:, 1] - 0.62 * collar_y) / (0.38 * collar_y), 0, 1)
    away = unit(line * (1.0, 0.0, 1.0))
    away[:, 1] = 0.9 * high
    width = g.size[4] + (g.size[5] - g.size[4]) * high**2
    spine = loft.along(line, unit(away), width, np.full(len(line), 0.0065))
    shape = loft.tube(spine, segments=6, section=loft.squircle(0.8))
    tone = 0.28 + 0.14 * (np.round(shape.along * 42) % 2)
    return finish(shape, Surface.CLOTH, tailor.palette.uv(g.trim, tone), bind)


def _hem(tailor: Tailor, g: Garment, grid: Array, bind: Binding) -> Part:
    """Thicken the lower edge."""
    line = path(grid[-1], 33)
    away = unit(line * (1.0, 0.0, 1.0))
    spine = loft.along(line, away, np.full(33, 0.015), np.full(33, 0.0055))
    shape = loft.tube(spine, segments=4, section=loft.squircle(0.75))
    return finish(shape, Surface.CLOTH, tailor.palette.uv(g.trim, 0.55, len(shape.points)), bind)
