"""A release, unpacked where no repository is near, runs the spoken turn."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
import os
from pathlib import Path
import sys
import zipfile

from demo_run import speech_program
from demo_run.entries import add_entry
from demo_run.house_program import RunningHouse, home_assistant
from demo_run.key import new_key
from demo_run.recorder import Recorder
from demo_run.rooms import furnish
from demo_run.turns import speak_turn
import pytest
import release_files

DOMAIN = "waifu_rt3d"
UV = Path(sys.prefix).parent / "uv" / "bin" / "uv"


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the archive, and the wheel's contents where its programs are looked for."""
    if not (release_files.COMPONENT / "frontend" / "waifu-rt3d-card.js").is_file():
        pytest.skip("the card is not built: run script/build")
    # what Python keeps beside a module tells that it was loaded from there
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("UV", os.environ.get("UV", str(UV)))
    release_files.pack("0.0.0", "Nothing.", tmp_path / "dist")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "satellite")
    monkeypatch.setattr(speech_program, "ROOT", tmp_path)
    return tmp_path / "dist"


@pytest.fixture
async def empty_home(
    release: Path, tmp_path: Path, socket_enabled: None
) -> AsyncGenerator[RunningHouse]:
    """Return a Home Assistant into which HACS would have unpacked the archive."""

    def unpack(config: Path) -> None:
        target = config / "custom_components" / DOMAIN
        target.unlink()
        target.mkdir()
        with zipfile.ZipFile(release / release_files.ARCHIVE) as archive:
            archive.extractall(target)

    async with home_assistant(tmp_path / "home", wanted_port=None, fill=unpack) as running:
        yield running


@pytest.mark.timeout(400)
async def test_release_runs_the_spoken_turn(empty_home: RunningHouse, tmp_path: Path) -> None:
    """The light is on, the reply has a sound, and both parts were loaded from what was unpacked."""
    house = empty_home.house
    async with AsyncExitStack() as parts:
        speech = await parts.enter_async_context(
            speech_program.speech_server(tmp_path, new_key(), "espeak:en-us")
        )
        await add_entry(house, "demo_home")
        await furnish(house)
        await add_entry(house, DOMAIN, {"next_step_id": "speech"}, speech.address)
        mira = {"name": "Mira", "model": "conversation.home_assistant"}
        await add_entry(house, DOMAIN, {"next_step_id": "companion"}, mira)
        spoken = await speak_turn(parts, house, await Recorder.of(house), None, tmp_path)
    assert (spoken.before, spoken.after) == ("off", "on")
    assert spoken.reply.stat().st_size > 10_000
    assert "kitchen light" in spoken.turn.transcript.casefold()

    for part in (
        tmp_path / "home/config/custom_components" / DOMAIN,
        tmp_path / "satellite/waifu_speech",
    ):
        assert (part / "__pycache__").is_dir(), f"nothing was loaded from {part}"
