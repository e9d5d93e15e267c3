"""The eye as a painter does it: white, iris, pupil, ring of light, highlights."""

import numpy as np

from figures.curve import Array, bell, smoothstep
from figures.parameters import Iris

WIDTH = 0.215
HEIGHT = 0.262
"""Half size of the iris, as a share of the picture."""


def paint_iris(iris: Iris, size_px: int) -> Array:
    """Paint an eye looking straight ahead."""
    y, x = (np.mgrid[0:size_px, 0:size_px] + 0.5) / size_px - 0.5
    picture: Array = np.ones((size_px, size_px, 3)) * (250.0, 249.0, 250.0)
    far = np.sqrt((x / WIDTH) ** 2 + (y / HEIGHT) ** 2)
    inside = smoothstep(1.0, 0.96, far)
    picture = _mix(picture, smoothstep(1.10, 0.98, far) * 0.35, _rgb(iris.rim))
    picture = _mix(picture, inside, _rgb(iris.rim))
    picture = _paint_body(picture, iris, far, y)
    picture = _paint_rays(picture, iris, far, x, y)
    picture = _paint_pupil(picture, iris, x, y)
    lid = smoothstep(-0.02, -0.24, y) * inside
    picture = _mix(picture, lid * 0.55, _rgb(iris.rim))
    return _paint_highlights(picture, x, y, inside)


def _paint_body(picture: Array, iris: Iris, far: Array, y: Array) -> Array:
    """Fill the iris from its dark top to its bright bottom."""
    down = smoothstep(-0.6, 0.75, y / HEIGHT)[..., None]
    colour = _rgb(iris.top) * (1 - down) + _rgb(iris.bottom) * down
    return _mix(picture, smoothstep(0.90, 0.84, far), colour)


def _paint_rays(picture: Array, iris: Iris, far: Array, x: Array, y: Array) -> Array:
    """Lay the bright crescent and fine rays into the lower half."""
    crescent = smoothstep(0.86, 0.78, far) * smoothstep(0.62, 0.95, far + y * 1.6)
    picture = _mix(picture, crescent * smoothstep(0.0, 0.16, y) * 0.85, _rgb(iris.glow))
    angle = np.arctan2(y / HEIGHT, x / WIDTH)
    rays = (0.5 + 0.5 * np.cos(angle * 22)) ** 3 * smoothstep(0.45, 0.6, far)
    return _mix(picture, rays * smoothstep(0.84, 0.74, far) * 0.22, _rgb(iris.glow))


def _paint_pupil(picture: Array, iris: Iris, x: Array, y: Array) -> Array:
    """Paint the pupil inside a thin ring of light, as of a lamp."""
    near = np.sqrt((x / (WIDTH * 0.46)) ** 2 + ((y + 0.006) / (HEIGHT * 0.46)) ** 2)
    picture = _mix(picture, bell(near, 1.16, 0.085) * 0.75, _rgb(iris.ring))
    return _mix(picture, smoothstep(1.0, 0.90, near), _rgb(iris.pupil))


def _paint_highlights(picture: Array, x: Array, y: Array, inside: Array) -> Array:
    """Set two lights and a soft reflection."""
    white = np.array([255.0, 255.0, 255.0])
    for cx, cy, rx, ry, strength in (
        (-0.085, -0.118, 0.064, 0.074, 1.0),
        (0.098, 0.098, 0.030, 0.036, 0.95),
        (-0.098, 0.040, 0.016, 0.020, 0.7),
    ):
        spot = np.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2)
        picture = _mix(picture, smoothstep(1.0, 0.88, spot) * strength, white)
    return picture


def _rgb(code: str) -> Array:
    """Read a colour written as #rrggbb."""
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)], float)


def _mix(picture: Array, amount: Array, colour: Array) -> Array:
    """Lay a colour over the picture."""
    a = np.clip(amount, 0, 1)[..., None]
    return np.asarray(picture * (1 - a) + colour * a)
