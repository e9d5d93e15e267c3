"""The wheel as people get it: into an empty environment, by the commands of the README."""

from collections.abc import Callable
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys

import pytest

ROOT = Path(__file__).parents[3]
UV = Path(sys.prefix).parent / "uv" / "bin" / "uv"
PI = ("--python-platform", "aarch64-manylinux_2_40", "--python-version", "3.13")
EXTRAS = "[room,small,commands,hands]"


def _call(*command: str | Path, **options: object) -> str:
    """Run a program to its end and return what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
        **options,  # type: ignore[call-overload]  # working folder and environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout) + str(done.stderr)


def python313() -> str | None:
    """Return a Python 3.13 of this machine."""
    found = subprocess.run(
        [str(UV), "python", "find", "--no-project", "3.13"],
        check=False,
        capture_output=True,
        text=True,
    )
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    known = [found.stdout.strip(), *map(str, pyenv.glob("3.13*/bin/python3.13"))]
    return next((each for each in known if each and Path(each).exists()), None)


needs_uv = pytest.mark.skipif(not UV.exists(), reason="uv is not set up")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "satellite"
    shutil.copytree(
        ROOT / "satellite", source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    _call(
        UV, "build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", folder, source
    )
    (built,) = folder.glob("*.whl")
    return built


@needs_uv
@pytest.mark.timeout(300)
@pytest.mark.skipif(python313() is None, reason="there is no Python 3.13 on this machine")
def test_wheel_works_in_an_empty_environment(
    tmp_path: Path, wheel: Path, spoken: Callable[..., Path]
) -> None:
    """`setup --dry-run`, `doctor` and `wake-test` run with nothing but the wheel."""
    home = tmp_path / "environment"
    _call(UV, "venv", "--quiet", "--python", str(python313()), home)
    constraints = tmp_path / "constraints.txt"
    lock = (ROOT / "requirements" / "satellite.txt").read_text()
    constraints.write_text("\n".join(re.findall(r"^[\w.-]+==[^\s;\\]+", lock, re.MULTILINE)))
    python = home / "bin" / "python"
    _call(UV, "pip", "install", "--quiet", "--python", python, "-c", constraints, f"{wheel}[room]")
    word = spoken("hey jarvis", "en-us", 135)
    program = home / "bin" / "waifu-satellite"
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    where: dict[str, object] = {"cwd": tmp_path, "env": environment}
    assert "Would write" in _call(program, "setup", "--dry-run", **where)
    devices = ("--mic", "null", "--speaker", "null", "--uri", "tcp://127.0.0.1:0")
    assert "hey jarvis (openwakeword, CC BY-NC-SA 4.0)" in _call(
        program, "doctor", *devices, **where
    )
    assert "hey jarvis: heard at" in _call(program, "wake-test", word, **where)


@needs_uv
@pytest.mark.timeout(120)
def test_everything_has_wheels_for_a_raspberry_pi(tmp_path: Path, wheel: Path) -> None:
    """Nothing must be compiled on a Pi with Python 3.13."""
    said = _call(
        *(UV, "pip", "install", "--dry-run", "--target", tmp_path / "pi", *PI),
        *("--only-binary", ":all:", f"{wheel}{EXTRAS}"),
    )
    assert "onnxruntime==" in said
    assert "pymicro-wakeword==" in said
