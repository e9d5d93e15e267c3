"""Write binary glTF 2.0: buffers, accessors, meshes, skin."""

from dataclasses import dataclass, field
import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures.curve import Array
from figures.mesh import Part
from figures.skeleton import Skeleton

FLOAT, USHORT, UBYTE = 5126, 5123, 5121
ARRAY_BUFFER, ELEMENT_BUFFER = 34962, 34963
GRID_M = 1e-5
"""Places are rounded to this: the same bytes on every processor, and smaller ones."""
MORPH_FLOOR_M = 2e-5


@dataclass(slots=True, kw_only=True)
class Buffers:
    """Collects the binary part."""

    data: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)

    def view(self, raw: bytes, target: int | None = None) -> int:
        """Append bytes, aligned to four."""
        self.data += b"\0" * (-len(self.data) % 4)
        view: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": len(self.data),
            "byteLength": len(raw),
        }
        if target:
            view["target"] = target
        self.data += raw
        self.views.append(view)
        return len(self.views) - 1

    def accessor(
        self,
        values: NDArray[Any],
        kind: tuple[int, str],
        *,
        target: int | None = None,
        bounds: bool = False,
        normalized: bool = False,
    ) -> int:
        """Append an array."""
        entry: dict[str, Any] = {
            "bufferView": self.view(values.tobytes(), target),
            "componentType": kind[0],
            "count": len(values),
            "type": kind[1],
        }
        if normalized:
            entry["normalized"] = True
        if bounds:
            entry |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        self.accessors.append(entry)
        return len(self.accessors) - 1

    def sparse(self, values: Array) -> int:
        """Append a morph's moves: only the points that move are stored."""
        moved = np.flatnonzero(np.abs(values).max(axis=1) > MORPH_FLOOR_M)
        kept = np.zeros((len(values), 3), np.float32)
        kept[moved] = rounded(values[moved])
        entry: dict[str, Any] = {
            "componentType": FLOAT,
            "count": len(values),
            "type": "VEC3",
            "min": kept.min(0).tolist(),
            "max": kept.max(0).tolist(),
        }
        if len(moved):
            entry["sparse"] = {
                "count": len(moved),
                "indices": {
                    "bufferView": self.view(moved.astype(np.uint16).tobytes()),
                    "componentType": USHORT,
                },
                "values": {"bufferView": self.view(kept[moved].tobytes())},
            }
        self.accessors.append(entry)
        return len(self.accessors) - 1


def rounded(values: Array) -> NDArray[np.float32]:
    """Round to the grid."""
    return ((np.round(values / GRID_M) + 0.0) * GRID_M).astype(np.float32)


def joint_slots(skeleton: Skeleton) -> NDArray[np.uint8]:
    """Give each joint's number in the skin, which has no end joints."""
    slots = np.zeros(len(skeleton.names), np.uint8)
    for slot, name in enumerate(skeleton.joints()):
        slots[skeleton.index(name)] = slot
    return slots


def primitive(
    buffers: Buffers, part: Part, slots: NDArray[np.uint8], material: int, morphs: list[str]
) -> dict[str, Any]:
    """Write one part as a primitive; it gets every morph of its mesh."""
    if len(part.points) > 65535:
        raise ValueError(f"{part.surface} has too many points.")
    uv = np.round(part.uv * 65535).astype(np.uint16)
    vec3 = (FLOAT, "VEC3")
    attributes = {
        "POSITION": buffers.accessor(rounded(part.points), vec3, target=ARRAY_BUFFER, bounds=True),
        "NORMAL": buffers.accessor(_normals(part.normals), vec3, target=ARRAY_BUFFER),
        "TEXCOORD_0": buffers.accessor(uv, (USHORT, "VEC2"), target=ARRAY_BUFFER, normalized=True),
        "JOINTS_0": buffers.accessor(slots[part.joints], (UBYTE, "VEC4"), target=ARRAY_BUFFER),
        "WEIGHTS_0": buffers.accessor(
            byte_weights(part.weights), (UBYTE, "VEC4"), target=ARRAY_BUFFER, normalized=True
        ),
    }
    indices = part.faces.reshape(-1).astype(np.uint16)
    written: dict[str, Any] = {
        "attributes": attributes,
        "indices": buffers.accessor(indices, (USHORT, "SCALAR"), target=ELEMENT_BUFFER),
        "material": material,
    }
    if morphs:
        still = np.zeros_like(part.points)
        written["targets"] = [
            {"POSITION": buffers.sparse(part.morphs.get(name, still))} for name in morphs
        ]
    return written


def byte_weights(weights: Array) -> NDArray[np.uint8]:
    """Turn weights into bytes that sum to exactly 255."""
    exact = weights * 255
    low = np.floor(exact + 1e-9)
    missing = (255 - low.sum(axis=1)).astype(int)
    order = np.argsort(-(exact - low), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(low + (rank < missing[:, None])).astype(np.uint8)


def _normals(normals: Array) -> NDArray[np.float32]:
    """Round normals coarsely, then make them exactly unit long."""
    coarse = np.round(normals * 127) + 0.0
    length = np.linalg.norm(coarse, axis=1, keepdims=True)
    return np.asarray(coarse / np.maximum(length, 1e-9), np.float32)


def joint_nodes(skeleton: Skeleton) -> list[dict[str, Any]]:
    """Write the joints as nodes, numbered as in the skeleton."""
    nodes: list[dict[str, Any]] = []
    for i, name in enumerate(skeleton.names):
        parent = skeleton.parents[i]
        origin = skeleton.positions[parent] if parent >= 0 else np.zeros(3)
        move = np.round(skeleton.positions[i] - origin, 5) + 0.0
        node: dict[str, Any] = {"name": name, "translation": move.tolist()}
        children = [k for k, p in enumerate(skeleton.parents) if p == i]
        if children:
            node["children"] = children
        nodes.append(node)
    return nodes


def skin(buffers: Buffers, skeleton: Skeleton) -> dict[str, Any]:
    """Write the skin; end joints are left out, nothing is tied to them."""
    joints = [skeleton.index(n) for n in skeleton.joints()]
    matrices = np.tile(np.eye(4, dtype=np.float32), (len(joints), 1, 1))
    matrices[:, 3, :3] = [-_world(skeleton, j) for j in joints]
    accessor = buffers.accessor(matrices.reshape(-1, 16), (FLOAT, "MAT4"))
    return {"joints": joints, "inverseBindMatrices": accessor, "skeleton": 0}


def _world(skeleton: Skeleton, joint: int) -> Array:
    """Give a joint's place as the rounded nodes add up."""
    place = np.zeros(3)
    while joint >= 0:
        parent = skeleton.parents[joint]
        origin = skeleton.positions[parent] if parent >= 0 else np.zeros(3)
        place += np.round(skeleton.positions[joint] - origin, 5)
        joint = parent
    return place


def glb(document: dict[str, Any], buffers: Buffers) -> bytes:
    """Pack document and binary part (glTF 2.0, 4.4 Binary glTF Layout)."""
    data = bytes(buffers.data) + b"\0" * (-len(buffers.data) % 4)
    document = document | {
        "accessors": buffers.accessors,
        "bufferViews": buffers.views,
        "buffers": [{"byteLength": len(data)}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(data))
    text_head = struct.pack("<I4s", len(text), b"JSON")
    return head + text_head + text + struct.pack("<I4s", len(data), b"BIN\0") + data
