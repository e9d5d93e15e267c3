"""The check finds what is broken."""

from collections.abc import Callable
import json
import struct
from typing import Any

import pytest

from figures import check

type Break = Callable[[dict[str, Any]], object]


def _vrm(document: dict[str, Any]) -> dict[str, Any]:
    """Give the VRM part."""
    part: dict[str, Any] = document["extensions"]["VRMC_vrm"]
    return part


def _springs(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the springs."""
    part: list[dict[str, Any]] = document["extensions"]["VRMC_springBone"]["springs"]
    return part


BREAKS: dict[str, tuple[Break, str]] = {
    "bone": (
        lambda d: _vrm(d)["humanoid"]["humanBones"].pop("leftHand"),
        "The bone leftHand is missing.",
    ),
    "order": (
        lambda d: _swap(_vrm(d)["humanoid"]["humanBones"], "leftUpperArm", "rightUpperArm"),
        "The bone leftLowerArm does not hang from leftUpperArm.",
    ),
    "licence": (
        lambda d: _vrm(d)["meta"].update(licenseUrl="https://example.org"),
        "The licence has a wrong licenseUrl.",
    ),
    "preset": (
        lambda d: _vrm(d)["expressions"]["preset"].pop("aa"),
        "The expression aa is missing.",
    ),
    "empty": (
        lambda d: _vrm(d)["expressions"]["preset"]["neutral"].update(morphTargetBinds=[]),
        "neutral: morphTargetBinds is empty; it must be left out.",
    ),
    "morph": (
        lambda d: _vrm(d)["expressions"]["preset"]["aa"]["morphTargetBinds"][0].update(index=99),
        "aa: a bound morph does not exist.",
    ),
    "spring": (
        lambda d: _springs(d)[0]["joints"].reverse(),
        "are not in one line.",
    ),
    "shared": (
        lambda d: _springs(d).append(_springs(d)[0]),
        "shares a joint with another.",
    ),
    "texture": (
        lambda d: d["textures"].clear(),
        "uses a texture that does not exist.",
    ),
    "bounds": (
        lambda d: next(a for a in d["accessors"] if "min" in a).update(max=[9.0, 9.0, 9.0]),
        "has wrong bounds.",
    ),
}


def _swap(table: dict[str, Any], one: str, other: str) -> None:
    """Exchange two entries."""
    table[one], table[other] = table[other], table[one]


@pytest.mark.parametrize("case", BREAKS)
def test_finds_fault(data: bytes, case: str) -> None:
    """Each kind of damage is named."""
    damage, sentence = BREAKS[case]
    document = check.opened(data).document
    damage(document)
    assert any(sentence in fault for fault in check.faults(_packed(document, data)))


def test_refuses_a_cut_file(data: bytes) -> None:
    """A file that lies about its length is refused."""
    with pytest.raises(ValueError, match="not a complete binary glTF"):
        check.opened(data[:-8])


def _packed(document: dict[str, Any], data: bytes) -> bytes:
    """Put a changed document back before the same binary part."""
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    binary = data[20 + struct.unpack_from("<I", data, 12)[0] :]
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(binary))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + binary
