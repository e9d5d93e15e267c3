"""`waifu-speech --download` from a real HTTP server: whole, cut, wrong, without room."""

from collections.abc import Iterator
import hashlib
import json
import os
from pathlib import Path
import subprocess
import sys

import huggingface_hub
import pytest
from speech_server import PACKAGES
from toy_hub import VOICES, Hub, serving

from waifu_speech.models import find_models

VOICE = "en_US-toy-medium"
MODEL_PATH = f"{VOICES}/en/en_US/toy/medium/{VOICE}.onnx"


@pytest.fixture
def hub(models: Path) -> Iterator[Hub]:
    """Serve the toy voice and the toy recogniser."""
    with serving() as made:
        made.add_voice(models / f"{VOICE}.onnx")
        made.add_whisper(models / "faster-whisper-toy", "Systran/faster-whisper-toy")
        yield made


def download(hub: str, folder: Path, *choices: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "waifu_speech", "--models", str(folder), "--download", *choices],
        env={**os.environ, "PYTHONPATH": str(PACKAGES), "HF_ENDPOINT": hub},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def files_in(folder: Path) -> list[str]:
    """Return all files under a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_voice_and_recogniser_are_fetched(hub: Hub, models: Path, tmp_path: Path) -> None:
    """Host, size and licence come first, then progress; then both are found, byte for byte."""
    done = download(hub.address, tmp_path, f"piper:{VOICE}", "faster-whisper:toy")
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    host = hub.address.removeprefix("http://")
    assert host in first
    assert "MB" in first
    assert "licence: public domain" in first
    assert any(line.startswith(f"{VOICE} 100 %") for line in rest)
    assert "licence: mit" in done.stdout
    assert [model.name for model in find_models(tmp_path)] == ["toy", VOICE]
    whisper = [f"faster-whisper-toy/{name}" for name in files_in(models / "faster-whisper-toy")]
    assert files_in(tmp_path) == [f"{VOICE}.onnx", f"{VOICE}.onnx.json", *whisper]
    assert (tmp_path / f"{VOICE}.onnx").read_bytes() == (models / f"{VOICE}.onnx").read_bytes()


def test_what_is_there_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    """A second run only looks; a damaged file is replaced."""
    assert download(hub.address, tmp_path, f"piper:{VOICE}").returncode == 0
    assert download(hub.address, tmp_path, f"piper:{VOICE}").returncode == 0
    assert len(hub.asked_for(".onnx")) == 1
    model = tmp_path / f"{VOICE}.onnx"
    model.write_bytes(bytes(model.stat().st_size))
    assert download(hub.address, tmp_path, f"piper:{VOICE}").returncode == 0
    assert model.read_bytes() == hub.files[MODEL_PATH]


def test_cut_connection_is_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    """Each new connection asks for the rest only."""
    hub.cuts = [1000, 500]
    done = download(hub.address, tmp_path, f"piper:{VOICE}")
    assert done.returncode == 0, done.stderr
    assert hub.asked_for(".onnx") == [None, "bytes=1000-", "bytes=1500-"]
    assert (tmp_path / f"{VOICE}.onnx").read_bytes() == hub.files[MODEL_PATH]


def test_later_run_goes_on_where_the_first_ended(hub: Hub, tmp_path: Path) -> None:
    """What came before the network failed is kept apart, and is no voice meanwhile."""
    hub.cuts = [1000, 0, 0, 0]
    done = download(hub.address, tmp_path, f"piper:{VOICE}")
    assert done.returncode == 1
    assert "breaks after 1000 of" in done.stderr
    assert "Traceback" not in done.stderr
    assert find_models(tmp_path) == []
    assert download(hub.address, tmp_path, f"piper:{VOICE}").returncode == 0
    assert hub.asked_for(".onnx")[-1] == "bytes=1000-"
    assert files_in(tmp_path) == [f"{VOICE}.onnx", f"{VOICE}.onnx.json"]


def test_server_without_ranges_sends_all_anew(hub: Hub, tmp_path: Path) -> None:
    """A rest that is not a rest is not appended."""
    hub.ranges = False
    hub.cuts = [1000]
    done = download(hub.address, tmp_path, f"piper:{VOICE}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"{VOICE}.onnx").read_bytes() == hub.files[MODEL_PATH]


@pytest.mark.parametrize("choice", [f"piper:{VOICE}", "faster-whisper:toy"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: bytes([content[0] ^ 1]) + content[1:], "is not what its list says"),
        (lambda content: content + b"!", "sends more"),
    ],
)
def test_wrong_content_is_refused(
    hub: Hub, tmp_path: Path, choice: str, change: object, sentence: str
) -> None:
    """Nothing half is left, not even apart."""
    assert callable(change)
    for path in [path for path in hub.files if path.endswith((".onnx", "model.bin"))]:
        hub.files[path] = change(hub.files[path])
    done = download(hub.address, tmp_path, choice)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert find_models(tmp_path) == []
    assert not [path for path in files_in(tmp_path) if ".onnx." in path and "json" not in path]
    assert not [path for path in files_in(tmp_path) if "model.bin" in path]


def test_wrong_small_file_is_refused(hub: Hub, tmp_path: Path) -> None:
    """Small files of a repository are checked by git's own hash."""
    path = next(path for path in hub.files if path.endswith("/config.json"))
    hub.files[path] = hub.files[path].swapcase()
    done = download(hub.address, tmp_path, "faster-whisper:toy")
    assert "config.json from" in done.stderr
    assert find_models(tmp_path) == []


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("piper:en_US-toy-larg", f"no Piper voice 'en_US-toy-larg'; there are {VOICE}"),
        ("piper:../../etc/passwd", "no Piper voice"),
        ("faster-whisper:enormous", "no Whisper model 'enormous'; usual ones are tiny"),
        ("faster-whisper:../../x", "no Whisper model"),
        ("piper", "--download is piper:NAME or faster-whisper:NAME, not 'piper'"),
        ("bark:x", "--download is piper:NAME or faster-whisper:NAME"),
    ],
)
def test_unknown_name_gets_one_sentence(
    hub: Hub, tmp_path: Path, choice: str, sentence: str
) -> None:
    """It says what there is, and nothing is made."""
    done = download(hub.address, tmp_path, choice)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert files_in(tmp_path) == []


def test_voice_is_found_by_its_older_name(hub: Hub, tmp_path: Path) -> None:
    """Names in old instructions still work."""
    assert download(hub.address, tmp_path, "piper:en_US-toy-old").returncode == 0
    assert [model.name for model in find_models(tmp_path)] == [VOICE]


def test_no_network_gets_one_sentence(tmp_path: Path) -> None:
    """The host is named."""
    done = download("http://127.0.0.1:9", tmp_path, f"piper:{VOICE}")
    assert done.returncode == 1
    assert "Can't reach 127.0.0.1:9: Connection refused" in done.stderr


def test_other_server_gets_one_sentence(hub: Hub, tmp_path: Path) -> None:
    """A page that asks for a login is no list of voices."""
    hub.files[f"{VOICES}/voices.json"] = b"<html>Welcome to the hotel</html>"
    done = download(hub.address, tmp_path, f"piper:{VOICE}")
    assert "does not answer as Hugging Face does" in done.stderr


def test_full_disk_is_seen_before_the_first_byte(hub: Hub, tmp_path: Path) -> None:
    """What can't fit is not begun."""
    voices = json.loads(hub.files[f"{VOICES}/voices.json"])
    for path, entry in voices[VOICE]["files"].items():
        if path.endswith(".onnx"):
            entry["size_bytes"] = 10**16
    hub.files[f"{VOICES}/voices.json"] = json.dumps(voices).encode()
    done = download(hub.address, tmp_path, f"piper:{VOICE}")
    assert done.returncode == 1
    assert "There is no room in" in done.stderr
    assert hub.asked_for(".onnx") == []


def test_unwritable_folder_gets_one_sentence(hub: Hub, tmp_path: Path) -> None:
    """The folder is named."""
    (tmp_path / "file").write_text("")
    done = download(hub.address, tmp_path / "file", f"piper:{VOICE}")
    assert done.returncode == 1
    assert f"Can't write to {tmp_path / 'file'}" in done.stderr


def test_toy_hub_speaks_as_the_real_one(hub: Hub, tmp_path: Path) -> None:
    """The hub's own client reads the same sizes and hashes from our toy."""
    api = huggingface_hub.HfApi(endpoint=hub.address)
    info = api.model_info("Systran/faster-whisper-toy", files_metadata=True)
    sizes = {one.rfilename: one for one in info.siblings or ()}
    content = hub.files[f"/Systran/faster-whisper-toy/resolve/{'c' * 40}/model.bin"]
    model = sizes["model.bin"]
    assert model.size == len(content)
    assert model.lfs is not None
    assert model.lfs.sha256 == hashlib.sha256(content).hexdigest()
    assert info.card_data is not None
    assert info.card_data.license == "mit"
