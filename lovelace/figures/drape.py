"""Tie what hangs - hair, hems - to the spring joints below it."""

from collections.abc import Callable, Sequence

import numpy as np

from figures.curve import Array, smoothstep
from figures.mesh import Binding, Indices
from figures.skeleton import Skeleton
from figures.weights import Share, mixed, packed, stops

type Holder = Callable[[Array], Share]


def chain_joints(skeleton: Skeleton, chain: str) -> list[str]:
    """List the joints of a chain that points can be tied to."""
    return [n for n in skeleton.joints() if n.startswith(chain) and n[len(chain) :].isdigit()]


def held_by(joint: int) -> Holder:
    """Hold everything by one joint."""
    return lambda points: {joint: np.ones(len(points))}


def hanging(
    skeleton: Skeleton, holder: Holder, chains: Sequence[str], *, spread: float, soft: float
) -> Binding:
    """Blend chains by nearness and joints by height; the holder keeps what is above them."""

    def bind(points: Array) -> tuple[Indices, Array]:
        """Share each point between its holder and the chains."""
        near = np.stack([_near(skeleton, chain, points, spread) for chain in chains])
        near = near / near.sum(axis=0)
        held = holder(points)
        parts: list[tuple[Share, Array]] = []
        for chain, factor in zip(chains, near, strict=True):
            joints = chain_joints(skeleton, chain)
            way = _way(skeleton, chain)
            place = way * points[:, 1]
            start = [way * float(skeleton.position(n)[1]) for n in joints]
            beyond = smoothstep(start[0] - soft, start[0] + soft, place)
            at = [(skeleton.index(n), d) for n, d in zip(joints, start, strict=True)]
            parts.append((held, factor * (1 - beyond)))
            parts.append((stops(place, at, soft), factor * beyond))
        return packed(mixed(parts))

    return bind


def _way(skeleton: Skeleton, chain: str) -> int:
    """Tell whether a chain goes up (1), as a flame does, or hangs down (-1)."""
    first, last = (
        skeleton.position(f"{chain}{i}")[1] for i in (0, len(chain_joints(skeleton, chain)))
    )
    return 1 if last > first else -1


def _near(skeleton: Skeleton, chain: str, points: Array, spread: float) -> Array:
    """Weigh a chain by how near it is, seen from above."""
    joint = skeleton.position(chain_joints(skeleton, chain)[0])
    distance = np.hypot(points[:, 0] - joint[0], points[:, 2] - joint[2])
    return np.asarray(np.exp(-((distance / spread) ** 2)) + 1e-6)
