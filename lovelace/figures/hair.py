"""Hair: a cap, locks over it, and the shadow of the fringe on the face."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from figures import face, loft
from figures.curve import Array, path, pchip, smoothstep, unit
from figures.drape import hanging, held_by
from figures.head import Skull
from figures.mesh import Binding, Part, Shape, Surface, finish, grid_faces, outward
from figures.palette import GLOSS_AT, Palette
from figures.parameters import HairShape, Lock
from figures.skeleton import Skeleton
from figures.weights import rigid

MM = 0.001
DENSE = 48
BEND = 1.1
"""How much sections crowd where a lock bends, against even steps."""
SPREAD = 0.012
"""How far the band of light is shifted from lock to lock."""
SOFT = 0.018
"""Half of the height over which one spring joint hands over to the next, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barber:
    """What is needed to lay hair."""

    skull: Skull
    palette: Palette
    skeleton: Skeleton
    shape: HairShape

    def tone(self, points: Array) -> Array:
        """Shade by height, so that the band of light runs around the head."""
        t = self.skull.t(points[:, 1])
        above = GLOSS_AT * (1.04 - t) / (1.04 - self.shape.gloss_t)
        return np.clip(np.where(t > -0.7, above, 0.97), 0.03, 0.97)


def chain_points(skull: Skull, points: tuple[tuple[float, ...], ...]) -> Array:
    """Turn (azimuth, t, mm) rows into metres."""
    rows = np.asarray(points, float)
    azimuth = np.radians(rows[:, 0])
    return skull.shell(azimuth, rows[:, 1], rows[:, 2] * MM)


def build_hair(barber: Barber) -> list[Part]:
    """Make cap, locks and fans."""
    locks = [*barber.shape.locks, *(lock for fan in all_fans(barber.shape) for lock in fan)]
    cap = [_cap(barber)] if barber.shape.cap else []
    return [*cap, *(_lock(barber, lock, i) for i, lock in enumerate(locks))]


def all_fans(shape: HairShape) -> list[list[Lock]]:
    """Spread every fan into its locks."""
    fans = []
    for number, fan in enumerate(shape.fans):
        middle = (fan.first + fan.last) / 2
        noise = np.random.default_rng(number + 11)
        locks = []
        for azimuth in np.linspace(fan.first, fan.last, fan.count):
            shift, length = noise.uniform(-1, 1, 2) * fan.jitter
            rows = [
                (
                    float(azimuth + (middle - azimuth) * pull + shift * 6 * i / len(fan.points)),
                    float(t + length * 0.05 * (i == len(fan.points) - 1)),
                    float(lift),
                )
                for i, (t, lift, pull) in enumerate(fan.points)
            ]
            locks.append(
                Lock(
                    points=tuple(rows),
                    width=fan.width,
                    thickness=fan.thickness,
                    taper=fan.taper,
                    column=fan.column,
                    chains=fan.chains,
                    rows=fan.rows,
                )
            )
        fans.append(locks)
    return fans


def _cap(barber: Barber) -> Part:
    """Cover the skull down to the hairline."""
    skull, rows, columns = barber.skull, 7, 27
    line = pchip(*np.asarray(barber.shape.cap, float).T)
    azimuth = np.linspace(-np.pi, np.pi, columns)
    low = line(np.abs(np.degrees(azimuth)))
    u = np.linspace(0, 1, rows)[:, None]
    t = 1.0 - (1.0 - low) * u**0.8
    a = np.tile(azimuth, (rows, 1))
    lift = barber.shape.cap_lift * MM * smoothstep(1.05, 0.75, u)
    points = (skull.ring(a, t) + skull.round_normal(skull.ring(a, t)) * lift[..., None]).reshape(
        -1, 3
    )
    faces, normals = outward(points, grid_faces(rows, columns), np.array([0, skull.y(0.5), 0]))
    shape = Shape(
        points=points,
        faces=faces,
        normals=unit(0.3 * normals + 0.7 * skull.round_normal(points)),
        along=t.ravel(),
        around=a.ravel(),
    )
    uv = barber.palette.uv("hair", np.clip(barber.tone(points) + 0.16, 0, 0.95))
    return finish(shape, Surface.HAIR, uv, rigid(barber.skeleton.index("head")))


LENS_AT = np.radians([0.0, 55.0, 125.0, 180.0, 360.0])
"""Three sides outside, where a lock is seen; one inside, where it lies on others."""


def _lens(angle: Array) -> tuple[Array, Array]:
    """Give a lock's section: round outside, flat inside."""
    edge = np.interp(angle / (2 * np.pi), np.linspace(0, 1, len(LENS_AT)), LENS_AT)
    return np.cos(edge), np.sin(edge)


def lock_places(skull: Skull, lock: Lock, count: int) -> Array:
    """Choose where along a lock (0 root, 1 tip) its sections stand: closer where it bends."""
    u = np.linspace(0, 1, DENSE)
    line, _ = lock_line(skull, lock, u)
    step = np.diff(line, axis=0)
    length = np.linalg.norm(step, axis=1)
    turn = np.arccos(np.clip(np.sum(unit(step[1:]) * unit(step[:-1]), axis=1), -1, 1))
    bend = np.concatenate([[0.0], turn]) + 1e-6
    far = np.cumsum(length / length.sum() + BEND * bend / bend.sum())
    return np.interp(np.linspace(0, far[-1], count), np.append(0.0, far), u)


def lock_line(skull: Skull, lock: Lock, places: Array) -> tuple[Array, Array]:
    """Give the lock's middle line and the direction away from the head."""
    rows = path(np.asarray(lock.points, float), places)
    azimuth, t = np.radians(rows[:, 0]), rows[:, 1]
    return skull.shell(azimuth, t, rows[:, 2] * MM), skull.shell_normal(azimuth, t)


def lock_width(lock: Lock, u: Array) -> Array:
    """Give half widths at places from root to tip, metres."""
    body = np.minimum(1.0, 0.5 + 2.0 * u)
    point = np.clip((1 - u) / lock.taper, 0, 1) ** 0.75
    return np.asarray(np.maximum(lock.width * MM * body * point, 0.0002))


def _lock(barber: Barber, lock: Lock, number: int) -> Part:
    """Sweep a lock."""
    places = lock_places(barber.skull, lock, lock.rows)
    line, away = lock_line(barber.skull, lock, places)
    width = lock_width(lock, places)
    thick = lock.thickness * MM * np.sqrt(width / (lock.width * MM))
    spine = loft.along(line, away, width, thick)
    if lock.twist:
        spine = _twisted(spine, lock.twist)
    shape = loft.tube(spine, segments=len(LENS_AT) - 1, section=_lens, caps=(False, False))
    normals = unit(shape.normals + 0.5 * np.repeat(away, len(LENS_AT), axis=0))
    shape = Shape(
        points=shape.points,
        faces=shape.faces,
        normals=normals,
        along=shape.along,
        around=shape.around,
    )
    shift = SPREAD * ((number * 7) % 5 - 2) / 2
    # The band of light hangs lower in a lock's middle, as on a bent thread.
    bulge = 0.055 * np.sin(shape.around)
    uv = barber.palette.uv(
        lock.column, np.clip(barber.tone(shape.points) + shift - bulge, 0.02, 0.97)
    )
    return finish(shape, Surface.HAIR, uv, binding(barber.skeleton, lock.chains))


def _twisted(spine: loft.Spine, degrees: float) -> loft.Spine:
    """Turn the sections more and more towards the tip."""
    turn = np.radians(degrees) * np.linspace(0, 1, len(spine.centres))[:, None] ** 1.5
    return loft.Spine(
        centres=spine.centres,
        side=spine.side * np.cos(turn) + spine.up * np.sin(turn),
        up=spine.up * np.cos(turn) - spine.side * np.sin(turn),
        side_radius=spine.side_radius,
        up_radius=spine.up_radius,
    )


def binding(skeleton: Skeleton, chains: tuple[str, ...]) -> Binding:
    """Tie hair to the head and to the chains it belongs to."""
    head = skeleton.index("head")
    if not chains:
        return rigid(head)
    return hanging(skeleton, held_by(head), chains, spread=0.05, soft=SOFT)


def _on_forehead(skull: Skull, line: Array, drop: float) -> NDArray[np.bool_]:
    """Choose where a shadow can be seen: between hairline and cheek, not at the temple."""
    t = skull.t(line[:, 1] - drop)
    return (t < 0.86) & (t > 0.36) & (np.abs(line[:, 0]) < 0.80 * skull.width(t))


def build_fringe_shadow(canvas: face.Canvas, shape: HairShape) -> list[Part]:
    """Lay the fringe's shadow on the forehead, a little below each lock."""
    parts = []
    for lock in (lock for lock in shape.locks if lock.shadow):
        places = np.linspace(0, 1, 14)
        line, _ = lock_line(canvas.skull, lock, places)
        width = lock_width(lock, places) * 1.06
        across = unit(np.gradient(line, axis=0)[:, [1, 0, 2]] * (1.0, -1.0, 0.0))
        left, right = line + across * width[:, None], line - across * width[:, None]
        drop = 0.030 * canvas.skull.shape.height
        rows = np.stack([left, (left + right) / 2, right])
        keep = _on_forehead(canvas.skull, line, drop)
        if keep.sum() < 2:
            continue
        x, y = rows[:, keep, 0].ravel(), rows[:, keep, 1].ravel() - drop
        points = canvas.skull.face(x - 0.15 * drop, y, face.LIFT_SHADOW)
        uv = canvas.palette.uv("skin", 0.72, len(points))
        parts.append(canvas.still(Surface.SKIN_FLAT, points, grid_faces(3, int(keep.sum())), uv))
    return parts
