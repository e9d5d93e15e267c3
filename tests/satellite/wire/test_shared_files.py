"""The component carries two files of the wire; they must not drift apart."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["frames.py", "pairing.py"])
def test_component_has_the_same_file(name: str) -> None:
    """Both ends read and write the same bytes."""
    ours = ROOT / "satellite" / "waifu_wire" / name
    theirs = ROOT / "custom_components" / "waifu_rt3d" / "voice" / name
    assert theirs.read_bytes() == ours.read_bytes()
