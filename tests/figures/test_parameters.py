"""Parameter files: what is wrong is named."""

import pytest

from figures import parameters


def test_every_design_loads(name: str) -> None:
    """Each file holds a complete design named like the file."""
    assert parameters.load(name).name == name


def test_unknown_setting_is_refused() -> None:
    """A misspelt setting is named with its place."""
    table = {"y": 1.0, "half_width": 1.0, "arch": 0.0, "slant": 0.0, "thicknes": 0.1}
    with pytest.raises(ValueError, match="brow has no setting named thicknes"):
        parameters.read(parameters.BrowShape, table, "brow")


def test_missing_setting_is_refused() -> None:
    """An incomplete table is named."""
    with pytest.raises(ValueError, match="brow is not complete"):
        parameters.read(parameters.BrowShape, {"y": 1.0}, "brow")


def test_wrong_kind_is_refused() -> None:
    """Text where a number belongs is named with its place."""
    with pytest.raises(ValueError, match=r"brow\.y has a value of the wrong kind"):
        parameters.read(parameters.BrowShape, {"y": "high"}, "brow")
