"""Find the models that are on this machine: Piper voices and Whisper models under one folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import json
import logging
from pathlib import Path
import re
from typing import Any, Final

LOGGER = logging.getLogger(__name__)

PIPER: Final = "piper"
WHISPER: Final = "faster-whisper"
_DEPTH: Final = 5
# A Hugging Face cache names a snapshot by its commit; the model's name is further up.
_HUB_FOLDER: Final = re.compile(r"models--(?P<owner>.+?)--(?P<name>.+)")
_LANGUAGE_TOKEN: Final = re.compile(r"<\|([a-z]{2,3})\|>")
_NO_LANGUAGES: Final = frozenset({"translate", "transcribe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model on the disk."""

    engine: str
    name: str
    path: Path
    languages: tuple[str, ...]
    """BCP 47 tags."""
    description: str
    rate_hz: int = 0
    """Of a voice's sound."""
    speakers: tuple[str, ...] = ()


def default_folder(environment: Mapping[str, str]) -> Path:
    """Return where models are kept when nothing is said."""
    home = Path(environment.get("HOME", "/"))
    data = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "waifu-speech"


def find_models(folder: Path) -> list[Model]:
    """Return all models under a folder, sorted; a damaged one is named in the log and left out."""
    found: dict[tuple[str, str], Model] = {}
    for path, model in _read_models(folder):
        if isinstance(model, Exception):
            LOGGER.warning("Left out %s, which can't be read: %s", path, model)
        else:
            found.setdefault((model.engine, model.name), model)
    return sorted(found.values(), key=lambda model: (model.engine, model.name))


def find_damaged(folder: Path) -> dict[Path, str]:
    """Return the models under a folder that can't be read, and why."""
    read = _read_models(folder)
    return {path: str(problem) for path, problem in read if isinstance(problem, Exception)}


def _read_models(folder: Path) -> Iterator[tuple[Path, Model | Exception]]:
    """Yield each model under a folder, or what is wrong with it."""
    for path in _files(folder, _DEPTH):
        try:
            model = _model_at(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as err:
            yield path, err
            continue
        if model is not None:
            yield path, model


def model_at(path: Path) -> Model | None:
    """Return the model at a path that somebody typed: a voice's file or a model's folder."""
    file = path / "model.bin" if path.is_dir() else path
    return _model_at(file) if file.is_file() else None


def _files(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the files under a folder down to a depth; what can't be read is skipped."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if depth and not entry.name.startswith("."):
                yield from _files(entry, depth - 1)
        else:
            yield entry


def _model_at(path: Path) -> Model | None:
    """Return the model whose main file this is."""
    if path.suffix == ".onnx" and Path(f"{path}.json").is_file():
        return _piper_voice(path)
    if path.name == "model.bin" and (path.parent / "config.json").is_file():
        return _whisper_model(path.parent)
    return None


def _piper_voice(path: Path) -> Model:
    """Return what a voice's own file says of it."""
    config = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
    language = config.get("language") or {}
    code = str(language.get("code") or config["espeak"]["voice"]).replace("_", "-")
    dataset = str(config.get("dataset") or path.stem)
    quality = str(config.get("audio", {}).get("quality") or "")
    speakers = sorted(config.get("speaker_id_map") or {}, key=config["speaker_id_map"].get)
    return Model(
        engine=PIPER,
        name=path.stem,
        path=path.absolute(),
        languages=(code,),
        description=f"{dataset} ({quality})" if quality else dataset,
        rate_hz=int(config["audio"]["sample_rate"]),
        speakers=tuple(speakers) if int(config["num_speakers"]) > 1 else (),
    )


def _whisper_model(folder: Path) -> Model:
    """Return what a Whisper model's vocabulary says of it."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    languages = _whisper_languages(folder, config)
    return Model(
        engine=WHISPER,
        name=_whisper_name(folder),
        path=folder.absolute(),
        languages=languages,
        description="Free speech" + (", English" if languages == ("en",) else ""),
    )


def _whisper_name(folder: Path) -> str:
    """Return a model's name, also within a Hugging Face cache."""
    for parent in (folder, *folder.parents):
        if (hub := _HUB_FOLDER.fullmatch(parent.name)) is not None:
            return hub["name"].removeprefix("faster-whisper-")
    return folder.name.removeprefix("faster-whisper-")


def _whisper_languages(folder: Path, config: dict[str, Any]) -> tuple[str, ...]:
    """Return the languages whose tokens the model has; one without any knows English."""
    if len(config.get("lang_ids") or []) <= 1:
        return ("en",)
    tokenizer = folder / "tokenizer.json"
    vocabulary = sorted(folder.glob("vocabulary.*"))
    source = tokenizer if tokenizer.is_file() else vocabulary[0]
    names = set(_LANGUAGE_TOKEN.findall(source.read_text(encoding="utf-8"))) - _NO_LANGUAGES
    return tuple(sorted(names)) or ("en",)
