"""The skull: a surface that face and hair are laid on."""

from dataclasses import dataclass

import numpy as np

from figures.curve import Array, Curve, bell, pchip, smoothstep, unit
from figures.mesh import Part, Shape, Surface, finish, grid_faces, outward
from figures.palette import Palette
from figures.parameters import HeadShape
from figures.weights import rigid


@dataclass(frozen=True, slots=True)
class Skull:
    """Places on the skull by angle and height."""

    shape: HeadShape
    width: Curve
    front: Curve
    back: Curve

    @classmethod
    def of(cls, shape: HeadShape) -> Skull:
        """Draw the curves through the rings."""
        t, width, front, back = np.asarray(shape.rings, float).T
        return cls(shape, pchip(t, width), pchip(t, front), pchip(t, back))

    def y(self, t: Array | float) -> Array:
        """Give the height in metres."""
        return np.asarray(self.shape.chin_y + self.shape.height * np.asarray(t, float))

    def t(self, y: Array | float) -> Array:
        """Give the height as a share, 0 chin to 1 crown."""
        return np.asarray((np.asarray(y, float) - self.shape.chin_y) / self.shape.height)

    def ring(self, azimuth: Array, t: Array) -> Array:
        """Give points at an angle (radians, 0 front, left positive) and height."""
        w, zf, zb = self.width(t), self.front(t), self.back(t)
        middle = zf * 0.42 + zb * 0.58
        s, c = np.sin(azimuth), np.cos(azimuth)
        p = self.shape.boxiness
        depth = np.where(c > 0, zf - middle, middle - zb)
        x = w * np.sign(s) * np.abs(s) ** p
        z = middle + depth * np.sign(c) * np.abs(c) ** p
        return np.stack([x, self.y(t), z], axis=-1)

    def point(self, azimuth: Array, t: Array) -> Array:
        """Give points of the skin, nose and lips included."""
        p = self.ring(azimuth, t)
        frontal = np.cos(azimuth) > 0
        p[..., 2] += np.where(frontal, self.relief(p[..., 0], t), 0.0)
        return p

    def relief(self, x: Array, t: Array) -> Array:
        """Give how far nose, lips and sockets stand out, metres."""
        total = np.zeros(np.broadcast(x, t).shape)
        for row in self.shape.relief:
            cx, ct, wx, wt, depth = row
            for side in (1, -1) if cx else (1,):
                total += depth * bell(x, cx * side, wx) * bell(t, ct, wt)
        return total

    def face(self, x: Array, y: Array, lift: float | Array = 0.0) -> Array:
        """Lay drawn points on the front of the face, lifted by metres."""
        t = self.t(y)
        w, zf, zb = self.width(t), self.front(t), self.back(t)
        middle = zf * 0.42 + zb * 0.58
        s = np.clip(np.abs(x) / np.maximum(w, 1e-6), 0, 0.999) ** (1 / self.shape.boxiness)
        z = middle + (zf - middle) * np.sqrt(1 - s * s) ** self.shape.boxiness
        z = z + self.relief(np.asarray(x), t) + lift
        return np.stack(np.broadcast_arrays(x, y, z), axis=-1)

    def shell(self, azimuth: Array, t: Array, lift: Array) -> Array:
        """Give places over the head, straight down below the cheekbones."""
        p = self.ring(azimuth, np.maximum(t, self.shape.shell_t))
        p[..., 1] = self.y(t)
        return p + self.shell_normal(azimuth, t) * np.asarray(lift)[..., None]

    def shell_normal(self, azimuth: Array, t: Array) -> Array:
        """Give the direction away from the head."""
        p = self.ring(azimuth, np.maximum(t, self.shape.shell_t))
        n = self.round_normal(p)
        low = np.clip((self.shape.shell_t + 0.12 - np.asarray(t)) / 0.2, 0, 1)[..., None]
        return unit(n * (1 - low) + unit(n * (1.0, 0.0, 1.0)) * low)

    def round_normal(self, p: Array) -> Array:
        """Give normals of a round head: cel shading wants no small bumps."""
        s = self.shape
        size = np.array([0.37, 0.52, 0.42]) * s.height
        centre = np.array([0.0, s.chin_y + 0.52 * s.height, -0.005])
        return unit((p - centre) / size**2)


def build_head(skull: Skull, palette: Palette, joint: int, jaw: dict[str, float]) -> list[Part]:
    """Make the skin of the head; `jaw` gives how far each mouth shape drops the chin."""
    t = np.concatenate(
        [[0, 0.012, 0.035], np.linspace(0.065, 0.44, 15), np.linspace(0.48, 0.88, 8)]
    )
    if not skull.shape.haired:
        t = np.append(t, [0.93, 0.97, 1.0])
    u = np.linspace(-1, 1, 41)
    azimuth = np.sign(u) * np.abs(u) ** 1.35 * np.pi
    a, h = np.meshgrid(azimuth, t)
    points = skull.point(a, h).reshape(-1, 3)
    faces, normals = outward(points, grid_faces(*a.shape), np.array([0, skull.y(0.5), 0]))
    if skull.shape.haired:
        hidden = (np.abs(a) > np.radians(105)) & (h > 0.30)
        faces = faces[~hidden.ravel()[faces].all(axis=1)]
    shape = Shape(
        points=points,
        faces=faces,
        normals=unit(0.15 * normals + 0.85 * skull.round_normal(points)),
        along=h.ravel(),
        around=a.ravel(),
    )
    part = finish(shape, Surface.SKIN, _skin_tone(skull, palette, shape), rigid(joint))
    return [_with_jaw(part, skull, jaw)]


def _skin_tone(skull: Skull, palette: Palette, shape: Shape) -> Array:
    """Shade under the chin and at the sides."""
    under = np.clip((0.10 - shape.along) / 0.10, 0, 1) * np.clip(
        (skull.front(shape.along) - 0.012 - shape.points[:, 2]) / 0.03, 0, 1
    )
    x = np.abs(shape.points[:, 0]) / np.maximum(skull.width(shape.along), 1e-6)
    side = 0.16 * smoothstep(0.72, 1.0, x) + 0.10 * smoothstep(0.66, 0.84, shape.along)
    return palette.uv("skin", 0.14 + side + 0.5 * under)


def _with_jaw(part: Part, skull: Skull, jaw: dict[str, float]) -> Part:
    """Let the chin follow the mouth."""
    t = skull.t(part.points[:, 1])
    low = np.clip((0.17 - t) / 0.13, 0, 1) * np.clip((part.points[:, 2] + 0.01) / 0.06, 0, 1)
    morphs = {
        name: np.stack([0 * low, -drop * low, -0.15 * drop * low], axis=1)
        for name, drop in jaw.items()
    }
    return Part(
        surface=part.surface,
        points=part.points,
        normals=part.normals,
        uv=part.uv,
        joints=part.joints,
        weights=part.weights,
        faces=part.faces,
        morphs=morphs,
    )
