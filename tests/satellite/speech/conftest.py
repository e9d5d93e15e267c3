"""A real speech server in a process of its own, and clients of the wyoming library."""

from collections.abc import Callable, Iterator
import ctypes.util
import os
from pathlib import Path
import shutil
import sys

import pytest

# Test folders are no packages: the helpers beside this file are found by their folder.
sys.path.insert(0, str(Path(__file__).parent))

from speech_server import Server, start, stop
from toy_piper import make_voice
from toy_whisper import make_whisper


def missing_engines() -> str | None:
    """Return why the tests with sound can't run here."""
    if ctypes.util.find_library("espeak-ng") is None or shutil.which("flite") is None:
        return "espeak-ng or flite is not installed: `sudo apt install espeak-ng flite`"
    return None


@pytest.fixture(autouse=True, scope="session")
def _need_engines() -> None:
    """Skip on a machine without the engines; in CI that is a failure."""
    if (reason := missing_engines()) is not None:
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one plain server for all tests."""
    home = tmp_path_factory.mktemp("home")
    started = start("--uri", "tcp://127.0.0.1:0", "--plain", home=home)
    yield started
    stop(started)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two voices and a recogniser that are small, and real for the libraries."""
    folder = tmp_path_factory.mktemp("models")
    make_voice(folder / "en_US-toy-medium.onnx")
    make_voice(folder / "de_DE-choir-low.onnx", speakers=3, language="de_DE")
    make_voice(folder / "en_GB-mute-low.onnx", language="en_GB", durations=False)
    make_whisper(folder / "faster-whisper-toy")
    return folder


@pytest.fixture(scope="session")
def model_server(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one server with models for all tests."""
    home = tmp_path_factory.mktemp("home")
    arguments = ("--uri", "tcp://127.0.0.1:0", "--plain", "--models", str(models))
    started = start(*arguments, home=home)
    yield started
    stop(started)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start programs of a test's own."""
    servers: list[Server] = []

    def run(*arguments: str) -> Server:
        servers.append(start(*arguments, home=tmp_path))
        return servers[-1]

    yield run
    for started in servers:
        if started.process.poll() is None:
            stop(started)
