"""Who tries to leave this machine is seen, before anything is sent."""

import asyncio
from pathlib import Path
import sys

from demo_run.outbound import attempts, watching
from demo_run.processes import program
import pytest


async def tried(
    folder: Path, code: str, *, name: str = "custom_components/waifu_rt3d/x.py"
) -> None:
    """Run code of a file to its end under the watch."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(code)
    async with program("try", (sys.executable, str(file)), folder / "try.out") as running:
        while running.running:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; s = socket.socket(); s.settimeout(0.01); s.connect(('192.0.2.1', 9))",
        "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', ('192.0.2.1', 9))",
    ],
)
async def test_attempt_of_ours_is_seen(tmp_path: Path, code: str) -> None:
    """Its address and the place in our code stand there; elsewhere it is not ours."""
    await tried(tmp_path, code)
    (line,) = attempts(tmp_path)
    assert "192.0.2.1" in line
    assert "waifu_rt3d/x.py:1" in line
    assert watching(tmp_path) == ["try"]


async def test_name_is_seen_whoever_asks(tmp_path: Path) -> None:
    """A lookup runs in a thread that does not tell for whom."""
    code = "import socket\ntry: socket.getaddrinfo('model.invalid', 80)\nexcept OSError: pass"
    await tried(tmp_path, code, name="other.py")
    assert attempts(tmp_path) == ["try: socket.getaddrinfo model.invalid"]


async def test_own_machine_is_no_attempt(tmp_path: Path) -> None:
    """Loopback addresses, files and localhost stay here."""
    code = (
        "import socket\n"
        "for address in ('127.0.0.1', '127.0.0.9'):\n"
        "    try: socket.create_connection((address, 9), 0.01)\n"
        "    except OSError: pass\n"
        "socket.getaddrinfo('localhost', 80)"
    )
    await tried(tmp_path, code)
    assert attempts(tmp_path) == []
    assert watching(tmp_path) == ["try"]
