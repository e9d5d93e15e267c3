"""Eyes: white and iris, lids, lashes, crease, brows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from figures import face
from figures.curve import Array, Curve, pchip, smoothstep
from figures.expressions import EMOTION_BROWS, BrowPose, EyePose, eye_poses
from figures.face import Canvas, ribbon
from figures.iris import HEIGHT as IRIS_HEIGHT
from figures.mesh import Part, Surface, grid_faces
from figures.palette import eye_uv, lid_shade_uv
from figures.parameters import BrowShape, EyeShape

COLUMNS = 17
LID_ROWS = 4
LID_MARGIN = 0.0035
"""Skin that stays above the open upper lid, metres."""


@dataclass(frozen=True, slots=True)
class Lids:
    """The lines of an eye for any pose; s runs from -1 (nose) to 1 (temple)."""

    shape: EyeShape
    upper_curve: Curve
    lower_curve: Curve

    @classmethod
    def of(cls, shape: EyeShape) -> Lids:
        """Draw the curves of the open eye."""
        upper, lower = np.asarray(shape.upper_curve, float), np.asarray(shape.lower_curve, float)
        return cls(shape, pchip(*upper.T), pchip(*lower.T))

    def open_upper(self, s: Array) -> Array:
        """Give the open upper lid."""
        e = self.shape
        return e.y + e.upper * self.upper_curve(s) + e.slant * s

    def open_lower(self, s: Array) -> Array:
        """Give the open lower lid."""
        e = self.shape
        return e.y + e.lower * self.lower_curve(s) + e.slant * s

    def meeting(self, s: Array, smile: float) -> Array:
        """Give the line where shut lids meet."""
        e = self.shape
        bow = 1 - s * s
        hanging = e.y - e.lower * (0.52 + 0.20 * bow)
        arched = e.y - e.lower * 0.50 + e.upper * 0.78 * bow
        return hanging + (arched - hanging) * smile + e.slant * s * 1.5

    def upper(self, s: Array, pose: EyePose) -> Array:
        """Give the upper lid in a pose."""
        start = self.open_upper(s)
        share = pose.upper + pose.tilt * s
        return start + (self.meeting(s, pose.smile) - start) * share

    def lower(self, s: Array, pose: EyePose) -> Array:
        """Give the lower lid in a pose."""
        start = self.open_lower(s)
        limit = np.minimum(self.meeting(s, pose.smile), self.upper(s, pose))
        return start + (limit - start) * pose.lower


def build_eyes(canvas: Canvas, shape: EyeShape, brow: BrowShape) -> list[Part]:
    """Draw both eyes and brows."""
    parts: list[Part] = []
    for side, sign in (("Left", 1), ("Right", -1)):
        eye = _Eye(canvas, Lids.of(shape), sign, side)
        parts += [eye.ball(), eye.lid_shade(), eye.upper_lid(), eye.lower_lid()]
        parts += [eye.lash(), *eye.single_lashes(), eye.lower_lash(), eye.crease(), eye.tear()]
        parts.append(_brow(canvas, shape, brow, sign))
    return parts


@dataclass(frozen=True, slots=True)
class _Eye:
    """Draws the layers of one eye."""

    canvas: Canvas
    lids: Lids
    sign: int
    side: str

    def ball(self) -> Part:
        """Draw white and iris, cut by the lids' opening."""
        s, e, rows = np.linspace(-1, 1, COLUMNS), self.lids.shape, np.linspace(0, 1, 5)[:, None]
        x = e.x + s * e.half_width

        def make(pose: EyePose) -> Array:
            """Follow lids that open wider than usual."""
            top = np.maximum(self.lids.open_upper(s), self.lids.upper(s, pose)) + 0.001
            low = np.minimum(self.lids.open_lower(s), self.lids.lower(s, pose)) - 0.001
            y = np.maximum(top, low) * (1 - rows) + low * rows
            return self._lay(np.tile(x, (5, 1)), y, face.LIFT_EYE)

        span = e.iris / (2 * IRIS_HEIGHT)
        rest = make(EyePose())
        uv = eye_uv(rest[:, 0] - e.x * self.sign, rest[:, 1] - e.y - 0.05 * e.iris, span)
        wide = {"surprisedEyes": eye_poses(self.side)["surprisedEyes"]}
        return self.canvas.draw(
            Surface.EYE, grid_faces(5, COLUMNS), uv, make=_posed(make), poses=wide, rest=EyePose()
        )

    def lid_shade(self) -> Part:
        """Draw the shadow of the upper lid on the eyeball."""
        s, e = np.linspace(-0.97, 0.97, COLUMNS), self.lids.shape

        def make(pose: EyePose) -> Array:
            """Hang below the upper lid, never below the lower one."""
            top = self.lids.upper(s, pose)
            low = np.maximum(top - 0.42 * e.upper, self.lids.lower(s, pose))
            return ribbon_of(self, s, np.maximum(top, low), low, face.LIFT_LIDSHADE)

        uv = lid_shade_uv(np.repeat([0.0, 1.0], COLUMNS))
        return self._draw(Surface.BLEND, 2, uv, make)

    def upper_lid(self) -> Part:
        """Draw the skin that comes down over the eye."""
        s, rows = np.linspace(-1, 1, COLUMNS), np.linspace(0, 1, LID_ROWS)[:, None]

        def make(pose: EyePose) -> Array:
            """Reach from above the open lid to where the lid is."""
            top, low = self.lids.open_upper(s) + LID_MARGIN, self.lids.upper(s, pose)
            return self._strip(s, top * (1 - rows) + low * rows)

        return self._draw(Surface.SKIN_FLAT, LID_ROWS, self._skin(LID_ROWS, 0.10), make)

    def lower_lid(self) -> Part:
        """Draw the skin that a smile pushes up."""
        s, rows = np.linspace(-1, 1, COLUMNS), np.linspace(0, 1, LID_ROWS)[:, None]

        def make(pose: EyePose) -> Array:
            """Reach from where the lid is down to below the open lid."""
            top, low = self.lids.lower(s, pose), self.lids.open_lower(s) - 0.0025
            return self._strip(s, top * (1 - rows) + low * rows)

        return self._draw(Surface.SKIN_FLAT, LID_ROWS, self._skin(LID_ROWS, 0.0), make)

    def lash(self) -> Part:
        """Draw the thick line of the upper lashes with its wing."""
        s, e = np.linspace(-1.04, 1.20, COLUMNS + 4), self.lids.shape
        thick = e.lash * _taper(s)

        def make(pose: EyePose) -> Array:
            """Ride on the upper lid."""
            y = self._edge(s, pose)
            shut = np.clip(pose.upper, 0, 1)
            body = thick * (1 - 0.30 * shut)
            return ribbon_of(self, s, y + body * 0.75, y - body * 0.35, face.LIFT_LASH)

        return self._lines(len(s), make)

    def single_lashes(self) -> list[Part]:
        """Draw the single lashes at the temple."""
        return [self._single_lash(*row) for row in self.lids.shape.lashes]

    def lower_lash(self) -> Part:
        """Draw the thin line below."""
        s = np.linspace(-0.55, 1.0, 11)
        thick = (
            0.038 * self.lids.shape.half_width * np.sin(np.linspace(0.1, 0.95, 11) * np.pi) ** 0.7
        )

        def make(pose: EyePose) -> Array:
            """Ride on the lower lid and fade when the eye shuts."""
            y = self.lids.lower(s, pose)
            raised = 1.6 * pose.smile * np.clip(pose.lower, 0, 1)
            body = thick * (1 - 0.75 * np.clip(pose.upper, 0, 1)) * (1 + raised)
            return ribbon_of(self, s, y + body * 0.3, y - body, face.LIFT_LASH)

        return self._lines(11, make)

    def crease(self) -> Part:
        """Draw the fold above the lid."""
        s = np.linspace(-0.72, 0.98, 13)
        thick = 0.0008 * np.sin(np.linspace(0.05, 0.92, 13) * np.pi)

        def make(pose: EyePose) -> Array:
            """Follow the lid half way and fade."""
            open_y = self.lids.open_upper(s) + 0.0042 + 0.0010 * s
            share = 1.0 if pose.upper < 0 else 0.35
            y = open_y + share * (self.lids.upper(s, pose) - self.lids.open_upper(s))
            body = thick * (1 - 0.5 * np.clip(pose.upper, 0, 1))
            return ribbon_of(self, s, y + body, y - body * 0.3, face.LIFT_CREASE)

        uv = self.canvas.palette.uv("nose", 0.85, 26)
        return self._draw(Surface.LINES, 2, uv, make)

    def tear(self) -> Part:
        """Draw the water that stands on the lower lid in sadness."""
        s = np.linspace(-0.66, 0.72, 9)
        swell = np.sin(np.linspace(0.04, 0.96, 9) * np.pi) ** 0.6

        def make(pose: EyePose) -> Array:
            """Stay hidden behind the lid until the brows fall."""
            y = self.lids.lower(s, pose)
            sad = np.clip(pose.tilt * 4, 0, 1)
            rise = 0.0030 * swell * sad
            return ribbon_of(self, s, y - 0.001 + rise, y - 0.001 + 0 * s, face.LIFT_LIDSHADE)

        uv = self.canvas.palette.uv("teeth", 0.3, 18)
        return self._draw(Surface.LINES, 2, uv, make)

    def _single_lash(self, s: float, out: float, up: float) -> Part:
        """Draw one pointed lash that folds down with the lid."""
        e = self.lids.shape
        foot = np.array([s - 0.10, s + 0.08])

        def make(pose: EyePose) -> Array:
            """Turn the point down as the eye shuts."""
            y = self._edge(foot, pose)
            shut = np.clip(pose.upper, 0, 1)
            x = (e.x + foot * e.half_width) * self.sign
            tip = (e.x + s * e.half_width + out) * self.sign
            tip_y = y.mean() + up * (1 - 1.5 * shut * (1 - pose.smile))
            return self.canvas.skull.face(np.append(x, tip), np.append(y, tip_y), face.LIFT_LASH)

        uv = self.canvas.palette.uv("lash", 0.3, 3)
        poses = eye_poses(self.side)
        return self.canvas.draw(
            Surface.LINES, np.array([[0, 1, 2]]), uv, make=_posed(make), poses=poses, rest=EyePose()
        )

    def _edge(self, s: Array, pose: EyePose) -> Array:
        """Follow the upper lid and go on into the wing."""
        inner = self.lids.upper(np.clip(s, -1, 1), pose)
        shut = np.clip(pose.upper, 0, 1)
        rise = (
            self.lids.shape.wing
            * (1 - 0.75 * shut * (1 - pose.smile))
            * (1 - 1.5 * pose.smile * shut)
        )
        return np.asarray(inner + np.where(s > 1, (s - 1) * rise / 0.2, 0.0))

    def _strip(self, s: Array, y: Array) -> Array:
        """Lay rows of lid skin."""
        e = self.lids.shape
        return self._lay(np.tile(e.x + s * e.half_width * 1.02, (len(y), 1)), y, face.LIFT_LID)

    def _lay(self, x: Array, y: Array, lift: float) -> Array:
        """Put rows of points on the face."""
        return self.canvas.skull.face(x.ravel() * self.sign, y.ravel(), lift)

    def _skin(self, rows: int, shade: float) -> Array:
        """Paint lid skin, a little darker at its edge."""
        tone = 0.14 + shade * np.repeat(np.linspace(0, 1, rows), COLUMNS)
        return self.canvas.palette.uv("skin", tone)

    def _lines(self, count: int, make: Callable[[EyePose], Array]) -> Part:
        """Draw a stroke in the lashes' colour."""
        return self._draw(Surface.LINES, 2, self.canvas.palette.uv("lash", 0.3, 2 * count), make)

    def _draw(
        self, surface: Surface, rows: int, uv: Array, make: Callable[[EyePose], Array]
    ) -> Part:
        """Draw rows of points for every pose of this eye."""
        faces = grid_faces(rows, len(uv) // rows)
        poses = eye_poses(self.side)
        return self.canvas.draw(surface, faces, uv, make=_posed(make), poses=poses, rest=EyePose())


def ribbon_of(eye: _Eye, s: Array, top: Array, bottom: Array, lift: float) -> Array:
    """Lay a stroke along the eye."""
    e = eye.lids.shape
    return ribbon(eye.canvas.skull, (e.x + s * e.half_width) * eye.sign, top, bottom, lift)


def _taper(s: Array) -> Array:
    """Give the lash line's thickness: thin at the nose, full at two thirds, pointed."""
    body = 0.42 + 0.58 * smoothstep(-1.0, 0.35, s)
    return np.asarray(
        body * np.clip((1.20 - s) / 0.26, 0.03, 1) * np.clip((s + 1.04) / 0.16, 0.15, 1)
    )


def _posed(make: Callable[[EyePose], Array]) -> Callable[[object], Array]:
    """Let the canvas call a drawing that wants an eye pose."""
    return lambda pose: make(cast("EyePose", pose))


def _brow(canvas: Canvas, eye: EyeShape, brow: BrowShape, sign: int) -> Part:
    """Draw a brow."""
    s = np.linspace(-1, 1, 13)
    thick = (
        brow.thickness * np.clip((s + 1.12) / 0.3, 0.35, 1) * (1 - 0.62 * smoothstep(-0.2, 1, s))
    )
    unit = eye.half_width

    def make(pose: object) -> Array:
        """Lift, tilt and bend the brow."""
        p = cast("BrowPose", pose)
        x = eye.x + 0.002 + s * brow.half_width - p.inward * unit * 0.5 * (1 - s)
        y = brow.y + brow.slant * s + (brow.arch + p.arch * unit) * (1 - (s - 0.25) ** 2)
        y = y + unit * (p.lift + p.tilt * s * 0.8)
        return ribbon(canvas.skull, x * sign, y + thick, y - thick, face.LIFT_BROW)

    poses = {f"{name}Eyes": pose for name, pose in EMOTION_BROWS.items()}
    uv = canvas.palette.uv("brow", 0.4, 26)
    return canvas.draw(
        Surface.LINES, grid_faces(2, 13), uv, make=make, poses=poses, rest=BrowPose()
    )
