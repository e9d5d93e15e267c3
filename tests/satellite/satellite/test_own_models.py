"""Wake word models that are brought through Home Assistant: real engines, real files, a real trial."""

import asyncio
from collections.abc import AsyncIterator
import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from wyoming.event import Event

from waifu_satellite.wake.catalogue import catalogue
from waifu_satellite.wake.models import bundled_model
from waifu_satellite.wake.own_models import MOST_BYTES, MOST_MODELS, OwnModels
from waifu_satellite.wake.words import Chosen, WakeWords

ONNX = bundled_model("hey_jarvis_v0.1.onnx").read_bytes()
MICRO = {"micro": {"probability_cutoff": 0.9, "sliding_window_size": 5}}


class Bringing:
    """Somebody who brings models, and what they are told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        configured = ("openwakeword:hey_jarvis",)
        self.words = WakeWords(
            catalogue(configured, folder),
            Chosen(names=("hey_jarvis",)),
            look=lambda: catalogue(configured, folder),
            folder=folder,
        )
        self.added: list[str] = []
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.models = OwnModels(self.words, self._told, self.added.append)

    def _told(self, event: Event) -> None:
        self._answers.put_nowait(event.data["data"])

    async def bring(
        self, name: str, content: bytes, suffix: str = ".onnx", *, step: int = 65_536, **other: Any
    ) -> str | None:
        """Send a model in pieces; return why it is not taken."""
        data = {
            "name": name,
            "suffix": suffix,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "description": None,
            **other,
        }
        for at in range(0, len(content), step):
            self.models.take({**data, "at": at}, content[at : at + step])
            if not self._answers.empty():
                break
        async with asyncio.timeout(90):
            answer = await self._answers.get()
        assert answer["name"] == name
        return answer["error"]

    def files(self) -> list[str]:
        """Return what is in the folder."""
        return sorted(path.name for path in self.folder.glob("*")) if self.folder.exists() else []


@pytest.fixture
async def bringing(tmp_path: Path) -> AsyncIterator[Bringing]:
    """Return somebody who brings models."""
    who = Bringing(tmp_path / "wake-words")
    yield who
    who.models.close()


def micro(name: str) -> bytes:
    """Return a model file of microWakeWord's wheel."""
    spec = importlib.util.find_spec("pymicro_wakeword")
    if spec is None or spec.origin is None:
        pytest.skip("microWakeWord is not installed")
    return (Path(spec.origin).parent / "models" / f"{name}.tflite").read_bytes()


async def test_model_that_is_brought_is_offered_and_heard(bringing: Bringing) -> None:
    """It is kept, and can be listened for without a restart."""
    assert await bringing.bring("hey_mira", ONNX) is None
    assert bringing.files() == ["hey_mira.onnx"]
    assert bringing.added == ["hey_mira"]
    await bringing.words.choose(["hey_mira"])
    (word,) = bringing.words.active
    assert (word.phrase, word.engine) == ("hey mira", "openwakeword")
    assert await bringing.bring("hey_mira", ONNX) is None, "a better one takes its place"
    bringing.words.close()


async def test_model_of_microwakeword_comes_with_its_description(bringing: Bringing) -> None:
    """Only what is needed of the description is kept, and no path in it is followed."""
    description = {**MICRO, "model": "../../etc/passwd", "wake_word": "x", "author": "y"}
    error = await bringing.bring("okay_mira", micro("alexa"), ".tflite", description=description)
    assert error is None
    kept = json.loads((bringing.folder / "okay_mira.json").read_text())
    assert kept["model"] == "okay_mira.tflite"
    assert "author" not in kept
    # The other engine's model of that name goes.
    assert await bringing.bring("okay_mira", ONNX) is None
    assert "okay_mira.tflite" not in bringing.files()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"not a model at all", "The file is no wake word model"),
        (ONNX[:100_000], "The file is no wake word model"),
        (
            bundled_model("melspectrogram.onnx").read_bytes(),
            "not a wake word model of openWakeWord",
        ),
    ],
    ids=["text", "half", "another network"],
)
async def test_file_that_is_no_model_gets_a_sentence(
    bringing: Bringing, content: bytes, sentence: str
) -> None:
    """Nothing of it is kept."""
    error = await bringing.bring("hey_mira", content)
    assert error is not None
    assert sentence in error
    assert str(bringing.folder) not in error
    assert bringing.files() == []
    assert bringing.added == []


async def test_model_that_breaks_its_program_does_no_harm(bringing: Bringing) -> None:
    """A library of others may end the process; the satellite lives."""
    micro("alexa")
    broken = b"\x00" * 1000
    assert await bringing.bring("hey_mira", broken, ".tflite", description=MICRO)
    assert bringing.files() == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sha256": "0" * 64}, "changed on its way"),
        ({"size": MOST_BYTES + 1}, "at most 4 MB"),
        ({"size": True}, "at most 4 MB"),
        ({"suffix": ".exe"}, ".onnx or a .tflite"),
        ({"suffix": ".tflite"}, "needs its .json"),
        ({"suffix": ".tflite", "description": {"micro": {}}}, "probability_cutoff"),
        (
            {"suffix": ".tflite", "description": {"micro": {"probability_cutoff": 0.5}}},
            "sliding_window_size",
        ),
    ],
)
async def test_wrong_claims_about_a_model_get_a_sentence(
    bringing: Bringing, changed: dict[str, Any], sentence: str
) -> None:
    """Before anything is loaded."""
    error = await bringing.bring("hey_mira", b"abc", **changed)
    assert error is not None
    assert sentence in error
    assert bringing.files() == []


@pytest.mark.parametrize("name", ["../evil", "", "a/b", "Hey Mira", "x" * 50, ".hidden"])
async def test_names_that_could_be_paths_are_refused(bringing: Bringing, name: str) -> None:
    """Letters, digits and underscores only."""
    assert "letters, digits" in str(await bringing.bring(name, b"abc"))


async def test_words_of_the_wheel_are_not_replaced(bringing: Bringing) -> None:
    """Its name would mean two models."""
    assert "already" in str(await bringing.bring("alexa", ONNX))


async def test_lost_piece_is_noticed(bringing: Bringing) -> None:
    """What does not join is not kept."""
    bringing.models.take(
        {"name": "hey_mira", "suffix": ".onnx", "size": 9, "sha256": "", "at": 0}, b"abc"
    )
    bringing.models.take({"name": "hey_mira", "at": 6}, b"ghi")
    answer = await bringing._answers.get()
    assert "in one piece" in answer["error"]


async def test_folder_does_not_grow_for_ever(bringing: Bringing) -> None:
    """At some number there are enough."""
    bringing.folder.mkdir()
    for number in range(MOST_MODELS):
        (bringing.folder / f"word_{number}.onnx").write_bytes(b"")
    assert "already" in str(await bringing.bring("one_more", b"abc"))
