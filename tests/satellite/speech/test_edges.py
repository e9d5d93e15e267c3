"""The edges of the speech server's files and tables: what is broken, odd or missing in them gets a sentence."""

from collections.abc import Iterator
import fcntl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
import threading
from typing import Any

import pytest

from waifu_speech.errors import ModelBrokenError, SpeechError
from waifu_speech.fetching import _STAGING as STAGING, FetchError, fetch_all, read_url
from waifu_speech.grammars import KEPT, MAX_DOCUMENT_BYTES, GrammarParts, GrammarStore
from waifu_speech.marks import Mark, Source, Spoken, tidy, trim
from waifu_speech.models import find_models, model_at
from waifu_speech.settings import SettingsError, read_settings
from waifu_speech.stt.likeness import phone_distance
from waifu_speech.tts.durations import with_durations
from waifu_speech.tts.piper import PiperModel


class Odd(BaseHTTPRequestHandler):
    """A hub that answers oddly."""

    def do_GET(self) -> None:
        """Answer by the path."""
        if self.path.startswith("/busy"):
            self.send_error(503, "Service Unavailable")
        elif self.path.startswith("/large"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(bytes(2000))
        else:
            self.wfile.write(b"nonsense\r\n\r\n")

    def log_message(self, *_given: Any) -> None:
        """Be silent."""


@pytest.fixture
def odd() -> Iterator[str]:
    """Run that hub."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/busy", "answers 503 Service Unavailable; try again later"),
        ("/large", "is larger than it can be"),
        ("/odd", "Can't reach"),
    ],
)
def test_documents_of_an_odd_hub(odd: str, path: str, sentence: str) -> None:
    """Each gets one sentence with the host."""
    with pytest.raises(FetchError, match=sentence):
        read_url(odd + path, most_bytes=1000)


def test_download_into_a_folder_that_is_taken(tmp_path: Path) -> None:
    """The second one is told."""
    staging = tmp_path / STAGING
    staging.mkdir()
    with (staging / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(FetchError, match="under way"):
            fetch_all([], tmp_path, lambda _done, _total: None)


def test_grammar_in_parts() -> None:
    """Parts out of order and endless ones are refused; only the newest grammars are kept."""
    store = GrammarStore()
    parts = GrammarParts(store)
    with pytest.raises(SpeechError, match="wrong order"):
        parts.add({"hash": "x", "part": 1, "parts": 2, "json": ""})
    with pytest.raises(SpeechError, match="larger than one megabyte"):
        parts.add({"hash": "y", "part": 0, "parts": 2, "json": "x" * (MAX_DOCUMENT_BYTES + 1)})
    for number in range(KEPT + 1):
        store.add(str(number), "{}")
    assert store.get("0") is None
    assert store.get(str(KEPT)) == "{}"


def test_marks_are_tidied() -> None:
    """Gaps are closed, pauses joined."""
    marks = [
        Mark(phoneme="a", start_ms=0, end_ms=50, char=0),
        Mark(phoneme="b", start_ms=80, end_ms=100, char=1),
        Mark(phoneme="", start_ms=100, end_ms=150, char=2),
        Mark(phoneme="", start_ms=150, end_ms=200, char=2),
        Mark(phoneme="c", start_ms=300, end_ms=400, char=3),
    ]
    assert [(mark.phoneme, mark.start_ms, mark.end_ms) for mark in tidy(marks, 200)] == [
        ("a", 0, 80),
        ("b", 80, 100),
        ("", 100, 200),
    ]


def test_silence_is_trimmed_to_nothing() -> None:
    """Neither sound nor marks are left."""
    mark = Mark(phoneme="a", start_ms=0, end_ms=50, char=0)
    trimmed = trim(Spoken(pcm=bytes(4000), rate_hz=16_000, marks=(mark,), source=Source.EXACT))
    assert (trimmed.pcm, trimmed.marks) == (b"", ())


def test_models_at_a_typed_path(models: Path, tmp_path: Path) -> None:
    """A voice's file, a model's folder, or nothing."""
    whisper = model_at(models / "faster-whisper-toy")
    assert whisper is not None
    assert whisper.name == "toy"
    voice = model_at(models / "en_US-toy-medium.onnx")
    assert voice is not None
    assert voice.engine == "piper"
    assert model_at(tmp_path / "nothing") is None


def test_languages_of_a_model_with_many(models: Path, tmp_path: Path) -> None:
    """They are read from its tokens."""
    folder = tmp_path / "faster-whisper-many"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"x")
    (folder / "config.json").write_text(json.dumps({"lang_ids": [1, 2]}))
    (folder / "vocabulary.json").write_text(json.dumps(["<|en|>", "<|de|>", "<|transcribe|>"]))
    (found,) = find_models(tmp_path)
    assert found.languages == ("de", "en")


@pytest.mark.parametrize(
    "model",
    # Nothing, and a field of 8 bytes before one of 4.
    [b"", b"\x09" + bytes(8) + b"\x15" + bytes(4)],
)
def test_models_without_a_graph_stay(model: bytes) -> None:
    """There is nothing to add to them."""
    assert with_durations(model) == model


def test_number_that_does_not_end_is_no_model() -> None:
    """It is refused instead of read for ever."""
    with pytest.raises(ValueError, match="does not end"):
        with_durations(b"\xff" * 12)


def test_voice_that_can_not_be_read(tmp_path: Path) -> None:
    """Its file is named."""
    path = tmp_path / "en_US-broken-low.onnx"
    path.write_bytes(b"\x08\x09 broken")
    with pytest.raises(ModelBrokenError, match=r"en_US-broken-low\.onnx can't be read"):
        PiperModel(path)


def test_settings_that_can_not_be_read(tmp_path: Path) -> None:
    """A file that is no TOML, an address with a word for its port, a hub without http, a lost folder."""
    path = tmp_path / "speech.toml"
    path.write_text("= 3")
    (tmp_path / "file").write_text("")
    for words, home, sentence in (
        (["--config", str(path)], tmp_path, "is not TOML"),
        (["--uri", "tcp://x:port", "--plain"], tmp_path, "is not an address like"),
        (["--hub", "ftp://x", "--plain"], tmp_path, "--hub is an address like"),
        ([], tmp_path / "file", "Can't keep a pairing key in"),
    ):
        with pytest.raises(SettingsError, match=sentence):
            read_settings(words, {"XDG_STATE_HOME": str(home)})
    assert read_settings(["--stt", "none", "--plain"], {}).stt == "none"


def test_nothing_is_like_no_sound() -> None:
    """What was not heard is as far as can be."""
    assert phone_distance([], ["AA"]) == 1.0
