"""Bring a wake word model of the home's own to a satellite, which tries it and offers it."""

import asyncio
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
from typing import Any

from homeassistant.util import slugify
from wyoming.event import Event

from ..voice.events import user_event
from .room import Room

MOST_BYTES = 4 * 1024 * 1024
PIECE_BYTES = 64 * 1024
ANSWER_LIMIT_S = 90.0
"""The satellite gives its own trial a minute; an older one never answers."""
SUFFIXES = {".onnx", ".tflite"}


class WakeModelError(Exception):
    """A model is not taken; the key names the sentence in the dialogue."""

    def __init__(self, key: str, **placeholders: str) -> None:
        """Name the sentence."""
        super().__init__(key)
        self.key = key
        self.placeholders = placeholders


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeModel:
    """A model of openWakeWord or microWakeWord (contracts §4: `wake-model`)."""

    name: str
    suffix: str
    content: bytes
    description: dict[str, Any] | None = None
    """What the `.json` of a microWakeWord model says."""


def read_wake_model(phrase: str, path: Path, description: Path | None) -> WakeModel:
    """Read a model from uploaded files. Raises WakeModelError."""
    name = slugify(phrase)
    if not name or len(name) > 40:
        raise WakeModelError("wake_model_name")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise WakeModelError("wake_model_kind")
    if suffix == ".tflite" and description is None:
        raise WakeModelError("wake_model_description")
    if path.stat().st_size > MOST_BYTES:
        raise WakeModelError("wake_model_size")
    about = _description(description) if suffix == ".tflite" and description is not None else None
    return WakeModel(name=name, suffix=suffix, content=path.read_bytes(), description=about)


async def async_bring(room: Room, model: WakeModel) -> None:
    """Send a model and wait until the satellite has tried it. Raises WakeModelError, HomeAssistantError."""
    answered = asyncio.Event()
    before = room.wake_model
    stop_listening = room.on_change(
        lambda: answered.set() if room.wake_model is not before else None
    )
    try:
        for event in _pieces(model):
            await room.async_send_event(event)
        async with asyncio.timeout(ANSWER_LIMIT_S):
            await answered.wait()
    except TimeoutError:
        raise WakeModelError("wake_model_no_answer") from None
    finally:
        stop_listening()
    assert room.wake_model is not None
    if (reason := room.wake_model.error) is not None:
        raise WakeModelError("wake_model_refused", reason=reason)


def _pieces(model: WakeModel) -> list[Event]:
    """Return what is sent of a model, piece by piece."""
    about: dict[str, object] = {
        "name": model.name,
        "suffix": model.suffix,
        "size": len(model.content),
        "sha256": hashlib.sha256(model.content).hexdigest(),
        "description": model.description,
    }
    pieces = []
    for at in range(0, max(1, len(model.content)), PIECE_BYTES):
        event = user_event("wake-model", {**about, "at": at})
        event.payload = model.content[at : at + PIECE_BYTES]
        pieces.append(event)
    return pieces


def _description(path: Path) -> dict[str, Any]:
    """Read the `.json` beside a model."""
    try:
        # More than a few hundred bytes are none of microWakeWord's.
        said = json.loads(path.read_bytes()[:PIECE_BYTES])
    except (OSError, ValueError) as err:
        raise WakeModelError("wake_model_description") from err
    if not isinstance(said, dict):
        raise WakeModelError("wake_model_description")
    return said
