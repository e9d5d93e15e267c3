"""The mouth: hollow, teeth, tongue and lips, drawn for every mouth shape."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from figures import face
from figures.curve import Array, smoothstep
from figures.expressions import MouthPose, mouth_poses
from figures.face import Canvas, ribbon
from figures.mesh import Part, Surface, grid_faces
from figures.parameters import MouthShape

COLUMNS = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """The mouth's outline in one pose, metres."""

    x: Array
    upper: Array
    lower: Array


def build_mouth(canvas: Canvas, shape: MouthShape) -> list[Part]:
    """Draw the mouth."""
    mouth = _Mouth(canvas, shape)
    return [mouth.hollow(), mouth.tongue(), mouth.teeth(), *mouth.lips(), mouth.shade()]


def jaw_drops(shape: MouthShape) -> dict[str, float]:
    """Give how far each mouth shape drops the chin, metres."""
    return {n: pose.jaw * shape.jaw_drop for n, pose in mouth_poses().items() if pose.jaw}


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Draws the layers of the mouth."""

    canvas: Canvas
    shape: MouthShape

    def outline(self, s: Array, pose: MouthPose) -> _Lines:
        """Give upper and lower lip for places from -1 to 1."""
        unit = self.shape.half_width
        power = 2.0 + 3.0 * pose.square
        swell = np.clip(1 - np.abs(s) ** power, 0, 1) ** (0.62 - 0.2 * pose.square)
        rest = self.shape.y - unit * pose.drop
        # A round mouth has no smiling corners left.
        smile = self.shape.lift * min(1.0, pose.width) ** 2 * (1 - 0.75 * min(1.0, pose.down))
        base = rest + (smile + unit * pose.lift) * (np.abs(s) ** 1.8 - 0.35)
        bow = unit * 0.05 * np.clip(1 - pose.down * 2, 0, 1) * np.exp(-((s / 0.3) ** 2))
        tremble = unit * pose.wave * np.cos(s * 9.4)
        return _Lines(
            x=s * unit * pose.width,
            upper=base - bow + tremble + unit * pose.up * swell,
            lower=base - bow + tremble - unit * pose.down * swell,
        )

    def hollow(self) -> Part:
        """Draw the dark inside."""
        s, rows = _crowded(1.0), np.linspace(0, 1, 3)[:, None]

        def make(pose: MouthPose) -> Array:
            """Fill from lip to lip."""
            o = self.outline(s, pose)
            y = o.upper * (1 - rows) + o.lower * rows
            return self.canvas.skull.face(np.tile(o.x, (3, 1)).ravel(), y.ravel(), face.LIFT_MOUTH)

        uv = self.canvas.palette.uv("mouth", np.repeat([0.9, 0.5, 0.3], COLUMNS))
        return self._draw(uv, 3, make)

    def teeth(self) -> Part:
        """Draw the upper teeth, hidden while the mouth is shut."""
        s = np.linspace(-0.86, 0.86, 11)

        def make(pose: MouthPose) -> Array:
            """Hang from the upper lip."""
            o = self.outline(s, pose)
            gap = o.upper - o.lower
            size = np.minimum(0.40 * gap, 0.17 * self.shape.half_width * np.sqrt(pose.width))
            low = o.upper - size * pose.teeth
            return ribbon(self.canvas.skull, o.x, o.upper, low, face.LIFT_TEETH)

        return self._draw(self.canvas.palette.uv("teeth", 0.2, 22), 2, make)

    def tongue(self) -> Part:
        """Draw the tongue, low in the hollow."""
        s = np.linspace(-0.78, 0.78, 11)
        rise = 1 - (s / 0.78) ** 2

        def make(pose: MouthPose) -> Array:
            """Rise from the lower lip."""
            o = self.outline(s, pose)
            top = o.lower + (o.upper - o.lower) * 0.46 * pose.tongue * rise**0.6
            return ribbon(self.canvas.skull, o.x, top, o.lower, face.LIFT_TONGUE)

        return self._draw(self.canvas.palette.uv("tongue", 0.3, 22), 2, make)

    def lips(self) -> list[Part]:
        """Draw the lines of both lips."""
        s = _crowded(1.03)
        ends = np.clip((1.03 - np.abs(s)) / 0.25, 0.12, 1)
        line = self.shape.line

        def upper(pose: MouthPose) -> Array:
            """Draw the upper line, a little heavier at the corners."""
            o = self.outline(s, pose)
            thick = line * ends * (0.75 + 0.35 * np.abs(s))
            return ribbon(self.canvas.skull, o.x, o.upper + thick, o.upper - thick, face.LIFT_LIP)

        def lower(pose: MouthPose) -> Array:
            """Draw the lower line, thin."""
            o = self.outline(s, pose)
            thick = 0.7 * line * ends * smoothstep(0.0, 0.15, pose.down)
            return ribbon(self.canvas.skull, o.x, o.lower + thick, o.lower - thick, face.LIFT_LIP)

        uv = self.canvas.palette.uv("lip", 0.75, 2 * COLUMNS)
        return [self._draw(uv, 2, upper), self._draw(uv, 2, lower)]

    def shade(self) -> Part:
        """Draw the small shade under the lower lip."""
        s = np.linspace(-1, 1, 9)
        unit = self.shape.half_width

        def make(pose: MouthPose) -> Array:
            """Follow the lower lip."""
            o = self.outline(s * 0.4, pose)
            y = o.lower.min() - unit * 0.36 + 0 * s
            thick = unit * 0.075 * (1 - s * s)
            return ribbon(self.canvas.skull, o.x, y + thick * 0.4, y - thick, face.LIFT_HINT)

        return self._draw(self.canvas.palette.uv("nose", 0.25, 18), 2, make)

    def _draw(self, uv: Array, rows: int, make: Callable[[MouthPose], Array]) -> Part:
        """Draw rows of points for every mouth shape."""
        return self.canvas.draw(
            Surface.LINES,
            grid_faces(rows, len(uv) // rows),
            uv,
            make=lambda pose: make(cast("MouthPose", pose)),
            poses=mouth_poses(),
            rest=MouthPose(),
        )


def _crowded(reach: float) -> Array:
    """Give places from corner to corner, closer together where the lips turn."""
    return np.asarray(reach * np.sin(np.linspace(-np.pi / 2, np.pi / 2, COLUMNS)))
