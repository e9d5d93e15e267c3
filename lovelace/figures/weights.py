"""Which joints move which points."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from figures.curve import Array, smoothstep
from figures.mesh import Binding, Indices

type Share = Mapping[int, Array]
"""For each joint the weight of every point."""


def packed(share: Share) -> tuple[Indices, Array]:
    """Keep the four strongest joints of each point, summing to 1."""
    joints = np.array(list(share), dtype=np.int64)
    weights = np.stack([share[int(j)] for j in joints], axis=1)
    if len(joints) < 4:
        joints = np.pad(joints, (0, 4 - len(joints)))
        weights = np.pad(weights, ((0, 0), (0, 4 - weights.shape[1])))
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    best = np.take_along_axis(weights, order, axis=1)
    best = np.where(best < 0.004, 0.0, best)
    chosen = np.where(best > 0, joints[order], 0)
    return chosen, best / best.sum(axis=1, keepdims=True)


def rigid(joint: int) -> Binding:
    """Tie everything to one joint."""

    def bind(points: Array) -> tuple[Indices, Array]:
        """Give the joint full weight."""
        return packed({joint: np.ones(len(points))})

    return bind


def stops(
    place: Array, at: Sequence[tuple[int, float]], soft: float | Sequence[float]
) -> dict[int, Array]:
    """Share weight along a line; each joint takes over at its place, within ±soft."""
    share: dict[int, Array] = {at[0][0]: np.ones(len(place))}
    widths = np.broadcast_to(np.asarray(soft, float), len(at) - 1)
    for (joint, start), width in zip(at[1:], widths, strict=True):
        rise = smoothstep(start - width, start + width, place)
        share = {earlier: weight * (1 - rise) for earlier, weight in share.items()}
        share[joint] = share.get(joint, np.zeros(len(place))) + rise
    return share


def chain(
    at: Sequence[tuple[int, float]], soft: float | Sequence[float], place: Callable[[Array], Array]
) -> Binding:
    """Tie points to a chain by their place along it."""

    def bind(points: Array) -> tuple[Indices, Array]:
        """Blend neighbouring joints."""
        return packed(stops(place(points), at, soft))

    return bind


def mixed(parts: Sequence[tuple[Share, Array]]) -> dict[int, Array]:
    """Add shares, each scaled by a factor for every point."""
    total: dict[int, Array] = {}
    for share, factor in parts:
        for joint, weight in share.items():
            total[joint] = total.get(joint, np.zeros(len(factor))) + weight * factor
    return total
