"""Spring joints of hair and clothes, and what they bounce off (VRMC_springBone 1.0)."""

from typing import Any

from figures.parameters import ChainShape, Collider
from figures.skeleton import Skeleton


def spring_bone(
    skeleton: Skeleton, chains: tuple[ChainShape, ...], colliders: tuple[Collider, ...]
) -> dict[str, Any]:
    """Write the extension; node numbers are joint numbers."""
    return {
        "specVersion": "1.0",
        "colliders": [_collider(skeleton, c) for c in colliders],
        "colliderGroups": [{"name": "body", "colliders": list(range(len(colliders)))}],
        "springs": [_spring(skeleton, c) for c in chains],
    }


def _collider(skeleton: Skeleton, c: Collider) -> dict[str, Any]:
    """Write a sphere or a capsule."""
    form: dict[str, Any] = {"offset": list(c.offset), "radius": c.radius}
    if c.tail:
        return {"node": skeleton.index(c.bone), "shape": {"capsule": form | {"tail": list(c.tail)}}}
    return {"node": skeleton.index(c.bone), "shape": {"sphere": form}}


def _spring(skeleton: Skeleton, c: ChainShape) -> dict[str, Any]:
    """Write one chain."""
    joints = [
        {
            "node": skeleton.index(f"{c.name}{i}"),
            "hitRadius": c.radius,
            "stiffness": c.stiffness,
            "gravityPower": c.gravity,
            "gravityDir": [0.0, -1.0, 0.0],
            "dragForce": c.drag,
        }
        for i in range(len(c.points))
    ]
    return {"name": c.name, "joints": joints, "colliderGroups": [0]}
