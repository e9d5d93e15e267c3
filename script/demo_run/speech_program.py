"""Run the speech server and the satellite, paired by a key of this run."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .house_client import Json
from .places import HOST, ROOT, SATELLITE_PYTHON, free_port
from .processes import Program, program, wait_for_port

START_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """A running part and how Home Assistant reaches it."""

    program: Program
    port: int
    key: str

    @property
    def address(self) -> Json:
        """Return what its dialog in Home Assistant asks for."""
        return {"host": HOST, "port": self.port, "pairing_key": self.key}


@asynccontextmanager
async def speech_server(
    folder: Path, key: str, voice: str | None = None, *, port: int | None = None
) -> AsyncGenerator[Paired]:
    """Run the speech server for as long as the context lasts; `voice` is its default one.

    A port is given to a second start.
    """
    port = port or free_port()
    command = (
        *(SATELLITE_PYTHON, "-m", "waifu_speech", "--uri", f"tcp://{HOST}:{port}"),
        *("--pairing-key", key, "--no-announce", "--name", "Demo speech"),
        *(("--tts", voice) if voice else ()),
    )
    async with _paired("speech server", command, folder / "speech.out", port, key) as paired:
        yield paired


@asynccontextmanager
async def satellite(
    folder: Path,
    key: str,
    *,
    microphone: str,
    loudspeaker: str,
    replies: Path,
    area: str = "Kitchen",
) -> AsyncGenerator[Paired]:
    """Run a satellite of a room; microphone and loudspeaker are named as in its configuration."""
    port = free_port()
    command = (
        *(SATELLITE_PYTHON, "-m", "waifu_satellite", "run", "--uri", f"tcp://{HOST}:{port}"),
        *("--pairing-key", key, "--no-announce", "--name", f"{area} satellite", "--area", area),
        *("--mic", microphone, "--speaker", loudspeaker),
        *("--replies", str(replies), "--state-dir", str(state_folder(folder, area))),
    )
    async with _paired("satellite", command, folder / f"{area}.out", port, key) as paired:
        yield paired


def state_folder(folder: Path, area: str) -> Path:
    """Return where the satellite of a room keeps its files; paths of sockets must stay short."""
    return folder / area.split(maxsplit=1)[0].lower()


@asynccontextmanager
async def _paired(
    name: str, command: tuple[str, ...], log: Path, port: int, key: str
) -> AsyncGenerator[Paired]:
    """Run one of the satellite distribution's programs until the context ends."""
    path = {"PYTHONPATH": str(ROOT / "satellite")}
    async with program(name, command, log, environment=path) as running:
        await wait_for_port(running, port, START_TIMEOUT_S)
        yield Paired(program=running, port=port, key=key)
