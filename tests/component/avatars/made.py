"""Make small model files, sound and broken ones."""

import base64
import copy
import json
import struct
from typing import Any

TRIANGLE = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0) + struct.pack("<3H", 0, 1, 2)
BONES = ("hips", "spine", "head")


def document(**changes: Any) -> dict[str, Any]:
    """Return the description of one triangle on three nodes."""
    made: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {"name": "Hips", "children": [1], "mesh": 0},
            {"name": "Spine", "children": [2]},
            {"name": "Head"},
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "buffers": [{"byteLength": len(TRIANGLE)}],
    }
    return {**copy.deepcopy(made), **changes}


def vrm_1(**meta: Any) -> dict[str, Any]:
    """Return a VRM 1.0 file's description."""
    bones = {name: {"node": node} for node, name in enumerate(BONES)}
    vrm = {
        "specVersion": "1.0",
        "meta": {
            "name": "Robin",
            "authors": ["Sam"],
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
            **meta,
        },
        "humanoid": {"humanBones": bones},
    }
    return document(extensionsUsed=["VRMC_vrm"], extensions={"VRMC_vrm": vrm})


def vrm_0(**meta: Any) -> dict[str, Any]:
    """Return a VRM 0.x file's description."""
    bones = [{"bone": name, "node": node} for node, name in enumerate(BONES)]
    vrm = {"meta": {"title": "Old", **meta}, "humanoid": {"humanBones": bones}}
    return document(extensionsUsed=["VRM"], extensions={"VRM": vrm})


def animation() -> dict[str, Any]:
    """Return a VRM animation's description."""
    vrma = {"specVersion": "1.0", "humanoid": {"humanBones": {"hips": {"node": 0}}}}
    return document(
        extensionsUsed=["VRMC_vrm_animation"],
        extensions={"VRMC_vrm_animation": vrma},
        animations=[{"channels": [], "samplers": []}],
        meshes=[],
        nodes=[{"name": "hips"}],
    )


def glb(described: dict[str, Any] | bytes, binary: bytes = TRIANGLE) -> bytes:
    """Return a GLB file."""
    text = described if isinstance(described, bytes) else json.dumps(described).encode()
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary if binary else b""
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def gltf(described: dict[str, Any]) -> bytes:
    """Return a glTF file with its data embedded."""
    uri = "data:application/octet-stream;base64," + base64.b64encode(TRIANGLE).decode()
    buffers = [{"byteLength": len(TRIANGLE), "uri": uri}]
    return json.dumps({**described, "buffers": buffers}).encode()


def png(width: int, height: int) -> bytes:
    """Return the beginning of a PNG picture."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(
        ">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 6, 0, 0, 0
    )
