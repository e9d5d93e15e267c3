"""The speech server as a program of its own, started and stopped by the tests."""

from collections.abc import AsyncIterator
import contextlib
import os
from pathlib import Path
import subprocess
import sys

from wyoming.client import AsyncTcpClient

import waifu_speech

PACKAGES = Path(waifu_speech.__file__).parents[1]


class Server:
    """The started program."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    @contextlib.asynccontextmanager
    async def client(self) -> AsyncIterator[AsyncTcpClient]:
        """Connect as Home Assistant does."""
        client = AsyncTcpClient("127.0.0.1", self.port, read_timeout=60.0)
        await client.connect()
        try:
            yield client
        finally:
            # A server that sent an error has closed.
            with contextlib.suppress(ConnectionError):
                await client.disconnect()

    def workers(self) -> set[int]:
        """Return the ids of the engine processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(child) for child in children.read_text().split()}


def start(*arguments: str, home: Path) -> Server:
    """Start the program and wait for its first line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "waifu_speech", "--no-announce", *arguments],
        env={
            **os.environ,
            "PYTHONPATH": str(PACKAGES),
            "HOME": str(home),
            "XDG_STATE_HOME": str(home),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "listens on tcp://127.0.0.1:" in line, line
    return Server(process, int(line.rsplit(":", 1)[1]))


def stop(server: Server) -> None:
    """End the program and hold that nothing of it is left."""
    workers = server.workers()
    server.process.terminate()
    assert server.process.wait(60) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
