"""The program: settings, refusals in one sentence, pairing, a clean end."""

import asyncio
from collections.abc import Callable
import os
from pathlib import Path
import subprocess
import sys

import pytest
from speech_server import PACKAGES, Server
from wyoming.event import Event

from waifu_speech.settings import SettingsError, read_settings
from waifu_wire.frames import read_frame, write_frame
from waifu_wire.pairing import client_context, format_key, make_key, parse_key


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "waifu_speech", "--no-announce", *arguments],
        env={**os.environ, "PYTHONPATH": str(PACKAGES), "XDG_STATE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--uri", "http://x"], "not an address like tcp://"),
        (["--uri", "tcp://127.0.0.1"], "not an address like tcp://"),
        (["--tts", "espeak"], "--tts is piper:VOICE, flite:VOICE or espeak:VOICE"),
        (["--tts", "bark:x"], "--tts is piper:VOICE, flite:VOICE or espeak:VOICE"),
        (["--stt", "magic"], "--stt is faster-whisper:MODEL or pocketsphinx:MODEL"),
        (["--memory", "-1"], "--memory is a number above 0"),
        (["--beam", "0"], "--beam is a number from 1 to 20"),
        (["--pairing-key", "ABC"], "has 26 letters and digits, this one has 3"),
        (["--config", "/nowhere.toml"], "Can't read /nowhere.toml"),
    ],
)
def test_bad_setting_gets_one_sentence(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    """The owner reads what is wrong."""
    with pytest.raises(SettingsError, match=sentence):
        read_settings(arguments, {"XDG_STATE_HOME": str(tmp_path)})


def test_file_is_overruled_by_the_command_line(tmp_path: Path) -> None:
    """A TOML file holds the same settings."""
    file = tmp_path / "speech.toml"
    file.write_text(
        'uri = "tcp://[::1]:1"\ntts = "espeak:de"\nname = "Loft"\nplain = true\nbeam = 5\n'
    )
    settings = read_settings(["--config", str(file), "--tts", "flite:slt"], {})
    assert (settings.host, settings.port, settings.name) == ("::1", 1, "Loft")
    assert settings.tts == "flite:slt"
    assert (settings.beam, settings.whole_window) == (5, False)
    assert read_settings(["--config", str(file), "--beam", "1"], {}).beam == 1
    assert read_settings(["--plain", "--whole-window"], {}).whole_window
    assert settings.pairing_key is None
    file.write_text('colour = "red"\n')
    with pytest.raises(SettingsError, match="unknown setting 'colour'"):
        read_settings(["--config", str(file)], {})


def test_key_is_made_once_and_kept(tmp_path: Path) -> None:
    """Without a word the server is paired, and keeps its key for itself."""
    first = read_settings([], {"XDG_STATE_HOME": str(tmp_path)})
    second = read_settings([], {"XDG_STATE_HOME": str(tmp_path)})
    assert first.pairing_key is not None
    assert first.pairing_key == second.pairing_key
    kept = next(tmp_path.rglob("pairing-key"))
    assert kept.stat().st_mode & 0o077 == 0
    assert parse_key(kept.read_text()) == first.pairing_key


def test_key_of_the_environment_is_taken() -> None:
    """A key in the environment does not show in the list of processes."""
    key = make_key()
    assert read_settings([], {"WAIFU_PAIRING_KEY": format_key(key)}).pairing_key == key


def test_voices_are_listed(tmp_path: Path) -> None:
    """`--list` shows what is installed and what is the default."""
    done = run("--list", home=tmp_path)
    assert done.returncode == 0
    assert "flite:slt" in done.stdout.splitlines()[0]
    assert "(default)" in done.stdout.splitlines()[0]
    assert any(line.startswith("espeak:de ") for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--tts", "espeak:klingon", "--plain"], "There is no voice espeak:klingon"),
        (["--uri", "tcp://192.0.2.1:1", "--plain"], "does not have the address 192.0.2.1"),
    ],
)
def test_failed_start_gets_one_sentence(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    """No traceback, one line, exit code 1."""
    done = run(*arguments, home=tmp_path)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_taken_port_gets_one_sentence(server: Server, tmp_path: Path) -> None:
    """A second server on the same port says so."""
    done = run("--uri", f"tcp://127.0.0.1:{server.port}", "--plain", home=tmp_path)
    assert done.returncode == 1
    assert f"Port {server.port} on 127.0.0.1 is taken" in done.stderr


async def test_paired_server_speaks_only_with_its_key(program: Callable[..., Server]) -> None:
    """With a key everything works over TLS; with another one nothing."""
    key = make_key()
    server = await asyncio.to_thread(
        program, "--uri", "tcp://127.0.0.1:0", "--pairing-key", format_key(key)
    )
    context = client_context(key)
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", server.port, ssl=context, server_hostname=""
    )
    await write_frame(writer, Event("describe"))
    info = await asyncio.wait_for(read_frame(reader), 60)
    writer.close()
    assert info is not None
    assert info.type == "info"
    with pytest.raises(ConnectionError):
        await asyncio.open_connection(
            "127.0.0.1", server.port, ssl=client_context(make_key()), server_hostname=""
        )


async def test_info_is_honest(server: Server) -> None:
    """`info` has our own object beside the standard ones, and says what is installed."""
    async with server.client() as client:
        await client.write_event(Event("describe"))
        info = await client.read_event()
    assert info is not None
    ours = info.data["waifu_rt3d"]
    assert {key: ours[key] for key in ("version", "role", "speech_marks", "grammar")} == {
        "version": "0.1.0",
        "role": "speech",
        "speech_marks": True,
        "grammar": True,
    }
    assert len(ours["id"]) == 36
    assert len(info.data["tts"]) == 1
    voices = info.data["tts"][0]["voices"]
    assert voices[0]["name"] == "slt"
    assert {"en-US", "de", "fr-FR", "zh-CN"} <= {
        language for voice in voices for language in voice["languages"]
    }
    assert "Commands only" in info.data["asr"][0]["description"]


async def test_program_ends_cleanly_while_it_speaks(program: Callable[..., Server]) -> None:
    """SIGTERM ends server and workers at once, also in the middle of a sentence."""
    server = await asyncio.to_thread(program, "--uri", "tcp://127.0.0.1:0", "--plain")
    async with server.client() as client:
        await client.write_event(Event("synthesize", {"text": "wonderful " * 300}))
        await client.read_event()
        workers = server.workers()
        assert workers
        server.process.terminate()
        assert await asyncio.to_thread(server.process.wait, 10) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
