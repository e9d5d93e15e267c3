"""Read whole sessions out of the store, for any format."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any
import zipfile

from sqlalchemy import Connection, select

from ..bulk import WholeMessage, WholeSession
from ..messages import many
from ..packing import unpack
from ..people import place_of_room, shown_name
from ..schema import character, message, person, session
from ..scope import Scope, Sight, sessions_in_sight
from ..tree import as_new
from . import openai_chat, ours, reading_matter, sillytavern


class Format(StrEnum):
    """Name what an export is written as."""

    JSON = "json"
    MARKDOWN = "markdown"
    TEXT = "text"
    SILLYTAVERN = "sillytavern"
    OPENAI = "openai"


ENDINGS = {
    Format.JSON: ".json",
    Format.MARKDOWN: ".md",
    Format.TEXT: ".txt",
    Format.SILLYTAVERN: ".jsonl",
    Format.OPENAI: ".json",
}
# These hold one conversation a file: several go into an archive.
_ONE_EACH = {Format.SILLYTAVERN, Format.OPENAI}


def ending(kind: Format, session_id: str | None) -> str:
    """Return the ending of a file with one session, or with all."""
    return ".zip" if kind in _ONE_EACH and session_id is None else ENDINGS[kind]


def export(
    connection: Connection,
    scope: Scope,
    target: Path,
    kind: Format,
    *,
    session_id: str | None,
    now_ms: int,
    zone: tzinfo = UTC,
) -> int:
    """Write a session, or all that may be seen, to a file; return how many sessions."""
    sight = scope.sight(connection)
    rows = _rows(connection, sight, session_id)
    wholes = (_whole(connection, sight, row) for row in rows)
    part = target.with_name(target.name + ".part")
    if kind in _ONE_EACH and session_id is None:
        _write_archive(connection, part, wholes, kind)
    else:
        with part.open("w", encoding="utf-8") as file:
            for piece in _pieces(connection, wholes, kind, now_ms, zone):
                file.write(piece)
    part.replace(target)
    return len(rows)


def _write_archive(
    connection: Connection, target: Path, wholes: Iterator[WholeSession], kind: Format
) -> None:
    """Write one file for each session into an archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, whole in enumerate(wholes, 1):
            begun = datetime.fromtimestamp(whole.created_ms / 1000, UTC)
            name = f"{number:04}-{begun:%Y-%m-%d}{ENDINGS[kind]}"
            pieces = _pieces(connection, iter([whole]), kind, whole.updated_ms, UTC)
            archive.writestr(name, "".join(pieces))


def _pieces(
    connection: Connection, wholes: Iterator[WholeSession], kind: Format, now_ms: int, zone: tzinfo
) -> Iterator[str]:
    """Return the text of an export, piece by piece."""
    if kind is Format.JSON:
        yield from ours.write(wholes, now_ms)
        return
    for number, whole in enumerate(wholes):
        if number:
            yield "\n\n"
        names = {
            "person": shown_name(connection, person, whole.audience or ""),
            "character": shown_name(connection, character, whole.character or ""),
        }
        match kind:
            case Format.MARKDOWN:
                yield from reading_matter.markdown(whole, zone=zone, **names)
            case Format.TEXT:
                yield from reading_matter.plain_text(whole, zone=zone, **names)
            case Format.SILLYTAVERN:
                yield from sillytavern.write(whole, **names)
            case Format.OPENAI:
                yield from openai_chat.write(whole)


def _rows(connection: Connection, sight: Sight, session_id: str | None) -> list[Any]:
    """Return the rows of the sessions to write, the oldest first."""
    if session_id is not None:
        return [sight.session_row(connection, session_id)]
    query = sessions_in_sight().where(session.c.messages > 0).order_by(session.c.created_ms)
    return list(sight.ask(connection, query))


def _whole(connection: Connection, sight: Sight, row: Any) -> WholeSession:
    """Return a session with all its branches."""
    found = sight.session_row(connection, row.uid)
    ids = list(
        connection.execute(
            select(message.c.id).where(message.c.session_id == found.id).order_by(message.c.id)
        ).scalars()
    )
    place = {one: number for number, one in enumerate(ids)}
    children = dict(
        connection.execute(
            select(message.c.id, message.c.chosen_child).where(message.c.session_id == found.id)
        )
        .tuples()
        .all()
    )
    messages = [
        WholeMessage(
            message=replace(as_new(one), session_id=""),
            parent=None if one.parent_id is None else place[one.parent_id],
            edit_of=place.get(one.edit_of) if one.edit_of is not None else None,
            chosen_child=place.get(children[one.id]) if children[one.id] is not None else None,
        )
        for one in many(connection, sight, found, ids)
    ]
    audience, character_key = place_of_room(connection, found.room_id)
    return WholeSession(
        audience=audience,
        character=character_key,
        title=found.title,
        titled_by_person=bool(found.titled_by_person),
        created_ms=found.created_ms,
        updated_ms=found.updated_ms,
        pinned=bool(found.pinned),
        archived=bool(found.archived),
        messages=messages,
        head=None if found.head_id is None else place[found.head_id],
        extra=unpack(found.extra, {}),
    )
