"""The hair clip: a small house with a lit window."""

import numpy as np

from figures.curve import Array, unit
from figures.hair import MM, Barber
from figures.mesh import Part, Surface, finish
from figures.parameters import Clip
from figures.plates import disc, plate
from figures.weights import rigid

HOUSE = np.array(
    [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.1], [1.0, 0.1], [0.0, 1.0], [-1.0, 0.1], [-0.8, 0.1]]
)
"""Outline of a house, from -1 to 1."""


def build_clips(barber: Barber, clips: tuple[Clip, ...]) -> list[Part]:
    """Make every clip: a rim, a panel in it, a lit window on that."""
    return [part for clip in clips for part in _clip(barber, clip)]


def _clip(barber: Barber, clip: Clip) -> list[Part]:
    """Make one clip of three plates."""
    centre, frame = _place(barber, clip)
    bind = rigid(barber.skeleton.index("head"))
    parts = []
    for outline, depth, column, tone in (
        (HOUSE, 0.0040, clip.rim, 0.35),
        (HOUSE * (0.74, 0.70) - (0, 0.02), 0.0052, clip.panel, 0.5),
        (disc(0.26) - (0, 0.16), 0.0064, clip.light, 0.2),
    ):
        shape = plate(outline * clip.size, top=depth, foot=-0.003, centre=centre, frame=frame)
        uv = barber.palette.uv(column, tone, len(shape.points))
        parts.append(finish(shape, Surface.CLOTH, uv, bind))
    return parts


def _place(barber: Barber, clip: Clip) -> tuple[Array, Array]:
    """Give the middle of a clip and its directions right, up and out."""
    azimuth, t = np.array([np.radians(clip.azimuth)]), np.array([clip.t])
    centre = barber.skull.shell(azimuth, t, np.array([clip.lift * MM]))[0]
    out = barber.skull.shell_normal(azimuth, t)[0]
    right = unit(np.cross(np.array([0.0, 1.0, 0.0]), out))
    c, s = np.cos(np.radians(clip.tilt)), np.sin(np.radians(clip.tilt))
    spin = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return centre, spin @ np.stack([right, np.cross(out, right), out])
