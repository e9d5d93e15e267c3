"""Ears: a rim, a hollow, a lobe."""

import numpy as np

from figures import loft
from figures.curve import Array, unit
from figures.head import Skull
from figures.mesh import Part, Shape, Surface, finish
from figures.palette import Palette
from figures.weights import rigid

SECTIONS = 9
LEAN_DEG = 14.0
"""How far the top of an ear leans back."""


def build_ears(skull: Skull, palette: Palette, joint: int) -> list[Part]:
    """Make both ears, if the head has any."""
    if not skull.shape.ear:
        return []
    parts = []
    for sign in (1, -1):
        for scale, out, tone in ((1.0, 0.0, 0.22), (0.62, 0.0035, 0.62)):
            shape = _leaf(skull, sign, scale, out)
            uv = palette.uv("skin", tone, len(shape.points))
            surface = Surface.SKIN if scale == 1.0 else Surface.SKIN_FLAT
            parts.append(finish(shape, surface, uv, rigid(joint)))
    return parts


def _leaf(skull: Skull, sign: int, scale: float, out: float) -> Shape:
    """Sweep a flat form from lobe to tip; a smaller one in it is the hollow."""
    azimuth, t, height, width, stand = skull.shape.ear
    foot = skull.ring(np.array([np.radians(azimuth) * sign]), np.array([t]))[0]
    back = _direction(sign, stand)
    away = unit(np.cross(back, np.array([0.0, 1.0, 0.0]))) * sign
    u = np.linspace(-1, 1, SECTIONS)
    lean = np.tan(np.radians(LEAN_DEG))
    swell = np.sqrt(np.clip(1 - u * u, 0.0, 1))
    half = 0.5 * width * swell * (0.82 + 0.25 * u) * scale + 0.0002
    centres = foot + np.outer(0.5 * height * scale * u, np.array([0.0, 1.0, -lean]))
    centres = centres + (0.45 * width) * back + (out + 0.002) * away
    spine = loft.Spine(
        centres=centres,
        side=np.tile(back, (SECTIONS, 1)),
        up=np.tile(away, (SECTIONS, 1)),
        side_radius=half,
        up_radius=0.0045 * scale * swell + 0.0002,
    )
    return loft.tube(spine, segments=8, caps=(False, False))


def _direction(sign: int, stand: float) -> Array:
    """Give the way from the ear's root to its edge."""
    turn = np.radians(stand)
    return np.array([np.sin(turn) * sign, 0.0, -np.cos(turn)])
