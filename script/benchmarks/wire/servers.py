"""Start our server and others', each in its own environment, and know what they cost."""

from collections.abc import Iterator, Sequence
import contextlib
from dataclasses import dataclass
import os
from pathlib import Path
import socket
import subprocess
import sys
import tempfile
import time

SATELLITE = Path(__file__).resolve().parents[3] / "satellite"
START_S = 60.0
_UNKNOWN = "unknown"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class RivalError(Exception):
    """Another server can't be installed or started; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started server."""

    name: str
    port: int
    pid: int

    def cpu_s(self) -> float:
        """Return the processor time of the server and all its processes, also ended ones."""
        return sum(_stat(pid)[0] for pid in _tree(self.pid))

    def rss_mb(self) -> float:
        """Return the memory of the server and all its processes."""
        return sum(_stat(pid)[1] for pid in _tree(self.pid))

    def pss_mb(self) -> float:
        """Return the same with shared pages divided among those who share them."""
        return sum(_proportional_mb(pid) for pid in _tree(self.pid))


def _tree(pid: int) -> list[int]:
    """Return a process and its children."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _tree(int(child)))]


def _stat(pid: int) -> tuple[float, float]:
    """Return processor time (s) with that of ended children, and memory (MB)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    return sum(map(int, fields[11:15])) / _TICKS, int(fields[21]) * _PAGE / 1e6


def _proportional_mb(pid: int) -> float:
    """Return the proportional memory of a process (MB)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


@contextlib.contextmanager
def ours(models: Path, *arguments: str) -> Iterator[Running]:
    """Run our server."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "waifu_speech", "--uri", f"tcp://127.0.0.1:{port}", "--plain"),
        *("--no-announce", "--models", str(models), *arguments),
    ]
    with _running("waifu-speech", command, port, {"PYTHONPATH": str(SATELLITE)}) as server:
        yield server


@contextlib.contextmanager
def rival(package: str, *arguments: str, extra: Sequence[str] = ()) -> Iterator[Running]:
    """Run the newest release of another server in an environment of its own."""
    python = _environment(package, extra)
    port = free_port()
    module = package.replace("-", "_")
    command = [str(python), "-m", module, "--uri", f"tcp://127.0.0.1:{port}", *arguments]
    with _running(package, command, port, {}) as server:
        yield server


def version(package: str) -> str:
    """Return which release of another server is installed."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    python = _folder(package) / "bin" / "python"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or _UNKNOWN


def _folder(package: str) -> Path:
    """Return where another server's environment is."""
    return Path(sys.prefix).parent / "rivals" / package


def _environment(package: str, extra: Sequence[str]) -> Path:
    """Return the Python of another server, brought to its newest release."""
    folder = _folder(package)
    python = folder / "bin" / "python"
    uv = Path(sys.prefix).parent / "uv" / "bin" / "uv"
    if not python.exists():
        print(f"    installing {package} in an environment of its own …", flush=True)
        _run([str(uv), "venv", "--quiet", "--python", sys.executable, str(folder)], package)
    install = [str(uv), "pip", "install", "--quiet", "--upgrade", "--python", str(python)]
    try:
        _run([*install, package, *extra], package)
    except RivalError as err:
        if version(package) == _UNKNOWN:
            raise
        print(f"    {err}; measured as it is")
    return python


def _run(command: list[str], package: str) -> None:
    """Run a step of an installation."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RivalError(f"{package} can't be installed: {reason}")


@contextlib.contextmanager
def _running(
    name: str, command: list[str], port: int, environment: dict[str, str]
) -> Iterator[Running]:
    """Run a server until the context ends."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**kept, **environment}, cwd=tempfile.gettempdir()
        )
        try:
            if not _listens(process, port):
                log.seek(0)
                last = (log.read().decode(errors="replace").strip().splitlines() or [""])[-1]
                raise RivalError(f"{name} does not start: {last}")
            yield Running(name=name, port=port, pid=process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Return whether a server listens before it ends or the time is up."""
    end_s = time.monotonic() + START_S
    while time.monotonic() < end_s and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
