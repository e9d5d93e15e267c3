"""Where the projects keep their voices and models (Hugging Face), and what a model is made of.

Piper: `rhasspy/piper-voices`, whose `voices.json` has size and MD5 of each file. Whisper: one
repository for each model; `GET /api/models/OWNER/NAME?blobs=true` has size and hash of each file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import difflib
import json
from pathlib import Path
import re
from typing import Any, Final
from urllib.parse import quote

from .errors import UnknownVoiceError
from .fetching import Digest, FetchError, NotThereError, RemoteFile, read_url
from .models import PIPER, WHISPER

DEFAULT_HUB: Final = "https://huggingface.co"
HUB_VARIABLE: Final = "HF_ENDPOINT"
"""What everybody's programs look at for a mirror of the hub."""
ENGINES: Final = (PIPER, WHISPER)
_VOICES: Final = "rhasspy/piper-voices"
# Models that are not `Systran/faster-whisper-NAME`.
_ELSEWHERE: Final = {
    "large": "Systran/faster-whisper-large-v3",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
}
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[\w.-]*\w)?", re.ASCII)
_REPOSITORY: Final = re.compile(rf"{_NAME.pattern}/{_NAME.pattern}", re.ASCII)
_WHISPER_FILE: Final = re.compile(
    r"(preprocessor_|generation_)?config\.json|tokenizer\.json|vocabulary\.(json|txt)"
)
_WHISPER_MAIN: Final = "model.bin"
_LICENCE: Final = re.compile(r"licen[sc]e\W*:\W*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A model on the hub."""

    engine: str
    name: str
    files: tuple[RemoteFile, ...]
    """The one without which it is no model is the last."""
    licence: str

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)


def find_remote(choice: str, folder: Path, hub: str) -> RemoteModel:
    """Return what `engine:name` is on the hub, to be put under `folder`."""
    engine, _, name = choice.partition(":")
    try:
        return _voice(name, folder, hub) if engine == PIPER else _whisper(name, folder, hub)
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        raise FetchError(f"{hub} does not answer as Hugging Face does") from err


def _voice(name: str, folder: Path, hub: str) -> RemoteModel:
    """Return a voice of Piper, also by one of its older names."""
    base = f"{hub}/{_VOICES}/resolve/main"
    voices: dict[str, Any] = json.loads(read_url(f"{base}/voices.json"))
    older = {alias: key for key, voice in voices.items() for alias in voice.get("aliases", ())}
    key = older.get(name, name)
    if key not in voices or _NAME.fullmatch(key) is None:
        raise UnknownVoiceError(_no_voice(name, voices))
    listed = {path.rpartition("/")[2]: path for path in voices[key]["files"]}
    files = tuple(
        _piper_file(base, listed[file], voices[key]["files"][listed[file]], folder)
        for file in (f"{key}.onnx.json", f"{key}.onnx")
    )
    licence = _card_licence(f"{base}/{quote(listed.get('MODEL_CARD', 'MODEL_CARD'))}")
    return RemoteModel(engine=PIPER, name=key, files=files, licence=licence)


def _piper_file(base: str, path: str, entry: Mapping[str, Any], folder: Path) -> RemoteFile:
    """Return a file of a voice from its entry in the list."""
    return RemoteFile(
        url=f"{base}/{quote(path)}",
        path=folder / path.rpartition("/")[2],
        size=int(entry["size_bytes"]),
        digest=Digest(kind="md5", hex=str(entry["md5_digest"])),
    )


def _no_voice(name: str, voices: Mapping[str, Any]) -> str:
    """Return that a voice does not exist, and which are meant perhaps."""
    alike = difflib.get_close_matches(name, voices, n=3, cutoff=0.5)
    alike = alike or [key for key in voices if key.startswith(name[:2])][:3]
    hint = f"; there are {', '.join(alike)}" if alike else ""
    return f"There is no Piper voice {name!r}{hint} (all: https://rhasspy.github.io/piper-samples)"


def _card_licence(url: str) -> str:
    """Return the licence that a voice's card names, else where to look."""
    try:
        card = read_url(url).decode("utf-8", "replace")
    except FetchError:
        return "not told"
    found = _LICENCE.search(card)
    return found[1].strip() if found else f"see {url}"


def _whisper(name: str, folder: Path, hub: str) -> RemoteModel:
    """Return a Whisper model, by its short name or as `OWNER/NAME`."""
    repository = name if "/" in name else _ELSEWHERE.get(name, _systran(name))
    unknown = (
        f"There is no Whisper model {name!r}; usual ones are tiny, base, small, turbo, base.en"
    )
    if _REPOSITORY.fullmatch(repository) is None:
        raise UnknownVoiceError(unknown)
    try:
        answer = json.loads(read_url(f"{hub}/api/models/{repository}?blobs=true"))
    except NotThereError as err:
        raise UnknownVoiceError(f"{unknown} (looked for {repository} at {hub})") from err
    place = (
        folder / f"faster-whisper-{repository.rpartition('/')[2].removeprefix('faster-whisper-')}"
    )
    if "/" not in name:
        place = folder / f"faster-whisper-{name}"
    base = f"{hub}/{repository}/resolve/{quote(answer.get('sha') or 'main')}"
    siblings = {one["rfilename"]: one for one in answer["siblings"]}
    if _WHISPER_MAIN not in siblings:
        raise UnknownVoiceError(f"{repository} is no model of faster-whisper: it has no model.bin")
    wanted = [file for file in sorted(siblings) if _WHISPER_FILE.fullmatch(file)]
    return RemoteModel(
        engine=WHISPER,
        name=place.name.removeprefix("faster-whisper-"),
        files=tuple(
            _whisper_file(base, siblings[file], place) for file in (*wanted, _WHISPER_MAIN)
        ),
        licence=str((answer.get("cardData") or {}).get("license") or "not told"),
    )


def _systran(name: str) -> str:
    """Return the repository of a usual model."""
    prefix, rest = ("faster-distil-whisper", name.removeprefix("distil-"))
    return f"Systran/{prefix}-{rest}" if rest != name else f"Systran/faster-whisper-{name}"


def _whisper_file(base: str, entry: Mapping[str, Any], place: Path) -> RemoteFile:
    """Return a file of a repository: large ones have a SHA-256, small ones git's own hash."""
    if lfs := entry.get("lfs"):
        digest = Digest(kind="sha256", hex=str(lfs["sha256"]))
    else:
        digest = Digest(kind="git", hex=str(entry["blobId"]))
    name = entry["rfilename"]
    return RemoteFile(
        url=f"{base}/{quote(name)}", path=place / name, size=int(entry["size"]), digest=digest
    )
