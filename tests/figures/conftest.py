"""Build each figure once for all tests."""

from pathlib import Path
import sys

import pytest

SOURCE = Path(__file__).parents[2] / "lovelace"
sys.path.insert(0, str(SOURCE))

from figures import check, figure, parameters  # noqa: E402  # the path above must come first


@pytest.fixture(scope="session", params=parameters.names())
def name(request: pytest.FixtureRequest) -> str:
    """Name each figure in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def data(name: str) -> bytes:
    """Give the finished file."""
    return figure.build(parameters.load(name))


@pytest.fixture(scope="session")
def model(data: bytes) -> check.Model:
    """Give the opened file."""
    return check.opened(data)
