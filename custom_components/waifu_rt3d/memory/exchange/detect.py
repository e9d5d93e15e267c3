"""Find out what a file is and take it apart; blocks, so not on the event loop."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, tzinfo
import json
from pathlib import Path
import re
from typing import Any
import zipfile
import zlib

from ..errors import BadImport
from . import openai_chat, openai_export, others, ours, sillytavern, standalone, stepwise
from .dates import in_zone
from .decoding import broken, document_of, lines_of, text_from
from .growing import Foreign

MAX_BYTES = 512 * 1024 * 1024
_MAX_FILES = 50_000
# Finder puts such files beside the ones it packs.
_MAC = re.compile(r"__MACOSX/|(.*/)?\._")
_CHATGPT = re.compile(r"(^|/)conversations(-\d+)?\.json$")
_MAX_DEPTH = 64
_TOO_DEEP = f"more than {_MAX_DEPTH} brackets inside each other"
_SQLITE = b"SQLite format 3\x00"


def read(path: Path, *, zone: tzinfo = UTC) -> Foreign:
    """Take a file of any known format apart; raise `BadImport` with the place where it is broken.

    Times without a zone are taken as those of `zone`.
    """
    with in_zone(zone):
        return _read(path)


def _read(path: Path) -> Foreign:
    """Take a file apart by its first bytes."""
    if path.stat().st_size > MAX_BYTES:
        raise BadImport(f"The file is larger than {MAX_BYTES >> 20} MB")
    with path.open("rb") as file:
        head = file.read(16)
    if head == _SQLITE:
        return _checked(standalone.read(path))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    return _checked(_chat(path.read_bytes()))


def _checked(found: Foreign) -> Foreign:
    """Refuse a file that says nothing, or what no program could show again."""
    if not found.characters and not any(one.messages for one in found.sessions):
        raise BadImport("There is no message in the file")
    for number, whole in enumerate(found.sessions, 1):
        if not _shallow(whole.extra):
            raise BadImport(f"session {number}: {_TOO_DEEP}")
        for place, one in enumerate(whole.messages, 1):
            said = one.message
            calls = [(call.arguments, call.result) for call in said.tool_calls]
            if not all(map(_shallow, (said.extra, said.cues, said.timeline, calls))):
                raise BadImport(f"session {number}, message {place}: {_TOO_DEEP}")
    return found


def _shallow(value: Any) -> bool:
    """Say whether a value has no more than so many brackets inside each other."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list | tuple)
        ]
        if not level:
            return True
    return False


def _chat(data: bytes) -> Foreign:
    """Take the bytes of one chat apart."""
    decoded = text_from(data)
    if not decoded.text.strip():
        raise BadImport("The file is empty")
    return replace(_text(decoded.text), guessed=decoded.guessed)


def _text(text: str) -> Foreign:
    """Take JSON or JSON lines apart."""
    try:
        document = stepwise.loads(text)
    except json.JSONDecodeError as error:
        # One object after the other is no JSON, but JSON lines; then the first line is whole.
        if error.msg == "Extra data" and text.lstrip().startswith("{"):
            return _lines(lines_of(text))
        raise broken(error) from error
    except (ValueError, RecursionError) as error:
        raise broken(error) from error
    if sillytavern.is_sillytavern(document):
        return _lines({1: document})
    return _document(document)


def _lines(lines: dict[int, Any]) -> Foreign:
    """Take JSON lines apart."""
    begin = list(lines.values())[:3]
    if any(isinstance(one, dict) and isinstance(one.get("mes"), dict) for one in begin):
        return others.chub(lines)
    if sillytavern.is_sillytavern(begin[0]):
        return sillytavern.read(lines)
    return _conversations(lines)


def _conversations(lines: dict[int, Any]) -> Foreign:
    """Take one conversation a line apart, as models are trained with."""
    sessions = []
    for number, line in lines.items():
        if not openai_chat.is_openai(line):
            raise BadImport(f"line {number}: this is no chat of a known format")
        try:
            sessions += openai_chat.read(line).sessions
        except BadImport as error:
            raise BadImport(f"line {number}, {error}") from error
    return Foreign(kind="OpenAI", sessions=sessions)


def _document(document: Any) -> Foreign:
    """Take one JSON document apart."""
    for fits, take in _DOCUMENTS:
        if fits(document):
            return take(document)
    raise BadImport("This is no chat of a known format")


def _has(*names: str) -> Callable[[Any], bool]:
    """Return a test for an object with one of some fields."""
    return lambda one: isinstance(one, dict) and any(name in one for name in names)


def _is_agnai(one: Any) -> bool:
    """Say whether a document is Agnai's."""
    rows = one.get("messages") if isinstance(one, dict) else None
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict) and "msg" in rows[0]


def _is_vtuber(one: Any) -> bool:
    """Say whether a document is Open-LLM-VTuber's."""
    return (
        isinstance(one, list)
        and bool(one)
        and isinstance(one[0], dict)
        and one[0].get("role") in ("metadata", "human", "ai")
    )


def _is_risu(one: Any) -> bool:
    """Say whether a document is a chat of Risu."""
    inner = one.get("data", one) if isinstance(one, dict) else None
    if isinstance(inner, list) and one.get("type") == "risuAllChats":
        return True
    return isinstance(inner, dict) and isinstance(inner.get("message"), list)


_DOCUMENTS: list[tuple[Callable[[Any], bool], Callable[[Any], Foreign]]] = [
    (ours.is_ours, ours.read),
    (openai_chat.is_openai, openai_chat.read),
    (_is_vtuber, others.open_llm_vtuber),
    (_is_agnai, others.agnai),
    (_has("histories"), others.character_ai),
    (_is_risu, others.risu),
    (_has("data_visible", "visible", "internal"), others.text_generation_webui),
    (openai_export.is_export, openai_export.read),
]


def _archive(path: Path) -> Foreign:
    """Take an archive apart: Backyard's, or chats as files of their own."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one for one in archive.namelist() if not one.endswith("/")]
            if len(names) > _MAX_FILES:
                raise BadImport(f"The archive has more than {_MAX_FILES} files")
            if sum(archive.getinfo(one).file_size for one in names) > MAX_BYTES:
                raise BadImport(f"The archive holds more than {MAX_BYTES >> 20} MB")
            if damaged := archive.testzip():
                raise BadImport(f"{damaged}: the archive is broken there")
            if "manifest.json" in names:
                found = _backyard(archive, names)
            else:
                found = _chats(archive, sorted(names))
    except (
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise BadImport(f"The archive is broken: {error}") from error
    return _checked(found)


def _backyard(archive: zipfile.ZipFile, names: list[str]) -> Foreign:
    """Take the scenarios of Backyard apart."""
    chosen = [one for one in names if one.startswith("scenarios/") and one.endswith(".json")]
    return others.byaf([(one, _read_as(document_of, archive, one)) for one in chosen])


def _chats(archive: zipfile.ZipFile, names: list[str]) -> Foreign:
    """Take an archive of chats apart, one a file, as our own exports to other programs are."""
    chats = [one for one in names if one.endswith((".json", ".jsonl")) and not _MAC.match(one)]
    # ChatGPT gives its conversations in an archive, beside what it knows about the person.
    chats = [one for one in chats if _CHATGPT.search(one)] or chats
    if not chats:
        raise BadImport("There is no chat in the archive: a .json or .jsonl file is looked for")
    found = [_read_as(_chat, archive, one) for one in chats]
    return Foreign(
        kind=" and ".join(sorted({one.kind for one in found})),
        sessions=[session for one in found for session in one.sessions],
        characters=[character for one in found for character in one.characters],
        guessed=" and ".join(sorted({one.guessed for one in found if one.guessed})) or None,
    )


def _read_as[T](take: Callable[[bytes], T], archive: zipfile.ZipFile, name: str) -> T:
    """Take one file of an archive apart; what is wrong with it is said with its name."""
    try:
        return take(archive.read(name))
    except BadImport as error:
        raise BadImport(f"{name}, {error}") from error
