"""Curves that shapes are drawn with."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.floating[Any]]
type Curve = Callable[[Array | float], Array]


def pchip(xs: Sequence[float] | Array, ys: Sequence[float] | Array) -> Curve:
    """Give the monotone cubic through the points (Fritsch and Carlson 1980)."""
    x, y = np.asarray(xs, float), np.asarray(ys, float)
    step, slope = np.diff(x), np.diff(y) / np.diff(x)
    tangent = _tangents(step, slope)

    def at(where: Array | float) -> Array:
        """Evaluate, holding the end values outside."""
        w = np.clip(np.asarray(where, float), x[0], x[-1])
        i = np.clip(np.searchsorted(x, w, side="right") - 1, 0, len(x) - 2)
        u = (w - x[i]) / step[i]
        left = y[i] * (1 + 2 * u) * (1 - u) ** 2 + tangent[i] * step[i] * u * (1 - u) ** 2
        right = y[i + 1] * u * u * (3 - 2 * u) + tangent[i + 1] * step[i] * u * u * (u - 1)
        return np.asarray(left + right)

    return at


def _tangents(step: Array, slope: Array) -> Array:
    """Give a slope for each point that never overshoots."""
    if len(slope) == 1:
        return np.array([slope[0], slope[0]])
    a, b = slope[:-1], slope[1:]
    w1, w2 = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    same = a * b > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(same, (w1 + w2) / (w1 / a + w2 / b), 0.0)
    return np.concatenate([[slope[0]], mean, [slope[-1]]])


def path(points: Array, where: Array | int) -> Array:
    """Sample a smooth path through the points at places from 0 to 1, or so many even ones."""
    knots = np.linspace(0.0, 1.0, len(points))
    u = np.linspace(0.0, 1.0, where) if isinstance(where, int) else where
    return _catmull_rom(knots, points, u)


def _catmull_rom(knots: Array, points: Array, u: Array) -> Array:
    """Evaluate a cubic Hermite path whose tangents are central differences."""
    tangent = np.gradient(points, knots, axis=0)
    i = np.clip(np.searchsorted(knots, u, side="right") - 1, 0, len(knots) - 2)
    h = (knots[i + 1] - knots[i])[:, None]
    s = ((u - knots[i]) / h[:, 0])[:, None]
    out = points[i] * (1 + 2 * s) * (1 - s) ** 2 + tangent[i] * h * s * (1 - s) ** 2
    return np.asarray(
        out + points[i + 1] * s * s * (3 - 2 * s) + tangent[i + 1] * h * s * s * (s - 1)
    )


def smoothstep(low: float, high: float, x: Array | float) -> Array:
    """Rise from 0 at `low` to 1 at `high` without a corner."""
    u = np.clip((np.asarray(x, float) - low) / (high - low), 0.0, 1.0)
    return np.asarray(u * u * (3 - 2 * u))


def bell(x: Array | float, centre: float, width: float) -> Array:
    """Give a soft bump of height 1."""
    return np.asarray(np.exp(-(((np.asarray(x, float) - centre) / width) ** 2)))


def unit(v: Array) -> Array:
    """Scale vectors to length 1."""
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))
