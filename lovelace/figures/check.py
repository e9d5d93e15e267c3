"""Check a finished model against glTF 2.0, VRM 1.0 and the project's budgets."""

from dataclasses import dataclass
import gzip
import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from figures.check_vrm import vrm_faults

MAX_TRIANGLES = 15_000
MAX_BYTES = 1_000_000
MAX_GZIP_BYTES = 350_000
MAX_JOINTS = 70

COMPONENT_TYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An opened binary glTF file."""

    document: dict[str, Any]
    binary: bytes

    def array(self, number: int) -> NDArray[Any]:
        """Read an accessor, sparse ones too."""
        a = self.document["accessors"][number]
        kind, width = COMPONENT_TYPES[a["componentType"]], WIDTHS[a["type"]]
        if "bufferView" in a:
            values = self._read(a["bufferView"], kind, a["count"] * width).copy()
        else:
            values = np.zeros(a["count"] * width, kind)
        values = values.reshape(a["count"], width)
        if sparse := a.get("sparse"):
            at = COMPONENT_TYPES[sparse["indices"]["componentType"]]
            rows = self._read(sparse["indices"]["bufferView"], at, sparse["count"])
            moved = self._read(sparse["values"]["bufferView"], kind, sparse["count"] * width)
            values[rows] = moved.reshape(-1, width)
        return values

    def primitives(self) -> list[dict[str, Any]]:
        """List the primitives of all meshes."""
        return [p for mesh in self.document["meshes"] for p in mesh["primitives"]]

    def triangles(self) -> int:
        """Count the triangles."""
        return sum(len(self.array(p["indices"])) // 3 for p in self.primitives())

    def _read(self, view: int, kind: Any, count: int) -> NDArray[Any]:
        """Read numbers from a buffer view."""
        v = self.document["bufferViews"][view]
        size = count * np.dtype(kind).itemsize
        if size > v["byteLength"] or v["byteOffset"] + v["byteLength"] > len(self.binary):
            raise ValueError(f"Buffer view {view} is too short.")
        return np.frombuffer(self.binary, kind, count, v["byteOffset"])


def opened(data: bytes) -> Model:
    """Open a binary glTF file (glTF 2.0, 4.4 Binary glTF Layout)."""
    magic, version, length = struct.unpack_from("<4sII", data)
    if magic != b"glTF" or version != 2 or length != len(data):
        raise ValueError("This is not a complete binary glTF 2.0 file.")
    size, kind = struct.unpack_from("<I4s", data, 12)
    start = 20 + size
    binary_size, binary_kind = struct.unpack_from("<I4s", data, start)
    if kind != b"JSON" or binary_kind != b"BIN\0" or start + 8 + binary_size != len(data):
        raise ValueError("The parts of this file do not fit.")
    return Model(document=json.loads(data[20:start]), binary=data[start + 8 :])


def faults(data: bytes) -> list[str]:
    """List everything that is wrong, one sentence each."""
    model = opened(data)
    return [*_budget_faults(data, model), *_mesh_faults(model), *vrm_faults(model.document)]


def summary(data: bytes) -> str:
    """Say how big a model is."""
    model = opened(data)
    joints = len(model.document["skins"][0]["joints"])
    packed = len(gzip.compress(data, 9, mtime=0))
    return f"{model.triangles()} triangles, {joints} joints, {len(data)} bytes, {packed} gzipped"


def _budget_faults(data: bytes, model: Model) -> list[str]:
    """Compare with the budgets."""
    figures = {
        "triangles": (model.triangles(), MAX_TRIANGLES),
        "bytes": (len(data), MAX_BYTES),
        "bytes gzipped": (len(gzip.compress(data, 9, mtime=0)), MAX_GZIP_BYTES),
        "joints": (len(model.document["skins"][0]["joints"]), MAX_JOINTS),
    }
    return [f"{n} {name} are more than {top}." for name, (n, top) in figures.items() if n > top]


def _mesh_faults(model: Model) -> list[str]:
    """Check numbers, bounds, weights and indexes of every primitive."""
    found = []
    joints = len(model.document["skins"][0]["joints"])
    for number, primitive in enumerate(model.primitives()):
        places = {k: model.array(a) for k, a in primitive["attributes"].items()}
        count = len(places["POSITION"])
        if any(len(values) != count for values in places.values()):
            found.append(f"Primitive {number} has attributes of different lengths.")
        if model.array(primitive["indices"]).max() >= count:
            found.append(f"Primitive {number} has a face beyond its points.")
        if places["JOINTS_0"].max() >= joints:
            found.append(f"Primitive {number} is tied to a joint that is not in the skin.")
        if (places["WEIGHTS_0"].astype(int).sum(axis=1) != 255).any():
            found.append(f"Primitive {number} has weights that do not sum to 1.")
        if np.abs(np.linalg.norm(places["NORMAL"], axis=1) - 1).max() > 0.001:
            found.append(f"Primitive {number} has normals that are not unit long.")
        if primitive["material"] >= len(model.document["materials"]):
            found.append(f"Primitive {number} has no material.")
    return found + _bound_faults(model)


def _bound_faults(model: Model) -> list[str]:
    """Check that numbers are finite and written bounds hold."""
    found = []
    for number, accessor in enumerate(model.document["accessors"]):
        values = model.array(number)
        if not np.isfinite(values).all():
            found.append(f"Accessor {number} holds numbers that are not finite.")
        if "min" in accessor and not (
            np.array_equal(values.min(0), np.float32(accessor["min"]))
            and np.array_equal(values.max(0), np.float32(accessor["max"]))
        ):
            found.append(f"Accessor {number} has wrong bounds.")
    return found
