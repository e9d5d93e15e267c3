"""Write conversations to files and read them in."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path

from .. import bulk
from ..bulk import Arrival, Piece, WholeSession
from ..errors import NotFound
from ..exchange.apart import Reading
from ..exchange.export import Format, export
from ..exchange.growing import ForeignCharacter
from ..scope import Scope
from ..sessions import Place
from ..values import HOUSEHOLD, Role
from .base import Base

# An import of fewer leaves the index to the night.
_MANY_MESSAGES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Say what an import brought; `encoding` is the file's where it had to be guessed."""

    kind: str
    encoding: str | None
    session_ids: list[str]
    messages: int
    characters: list[ForeignCharacter]


class Exchanging(Base):
    """Export and import."""

    async def export(
        self,
        scope: Scope,
        target: Path,
        kind: Format,
        *,
        session_id: str | None = None,
        zone: tzinfo = UTC,
    ) -> int:
        """Write a session, or all the scope may see, to a file; return how many sessions.

        The file appears only when it is complete. A scope with a character writes that one's.
        """
        database = self._database if session_id is None else self._of_session(session_id)
        now_ms = self._now_ms()
        return await database.read(
            lambda connection: export(
                connection, scope, target, kind, session_id=session_id, now_ms=now_ms, zone=zone
            )
        )

    async def import_file(
        self,
        scope: Scope,
        source: Path,
        *,
        character: str,
        progress: Callable[[int, int], None] | None = None,
        zone: tzinfo = UTC,
    ) -> Imported:
        """Bring a file's conversations to the scope's person; all of them, or none.

        Sessions go to the character that the file names by a key the store knows, else to
        `character`. Times without a zone are taken as those of `zone`. `progress` is told how many
        messages of how many are stored. The store works on for everybody meanwhile; the new
        sessions appear together when all are there.
        """
        loop = asyncio.get_running_loop()
        reading = await loop.run_in_executor(None, Reading.begin, source, zone)
        head = reading.head
        try:
            ours = head.kind == "waifu-rt3d"
            found = (_placed(one, scope, character, ours=ours) for one in reading.pieces)
            session_ids = await self._put_in(scope, found, head.messages, progress)
        finally:
            await asyncio.shield(loop.run_in_executor(None, reading.close))
        if head.messages >= _MANY_MESSAGES and not self._held:
            await self.join_index()
        return Imported(
            kind=head.kind,
            encoding=head.guessed,
            session_ids=session_ids,
            messages=head.messages,
            characters=head.characters,
        )

    async def put_in(
        self,
        scope: Scope,
        wholes: list[WholeSession],
        progress: Callable[[int, int], None] | None = None,
    ) -> list[str]:
        """Store whole sessions, all of them or none; return their ids."""
        total = sum(len(one.messages) for one in wholes)
        return await self._put_in(scope, bulk.pieces(wholes), total, progress)

    async def _put_in(
        self,
        scope: Scope,
        pieces: Iterator[Piece],
        total: int,
        progress: Callable[[int, int], None] | None,
    ) -> list[str]:
        """Store sessions that come in pieces, which are made or read on another thread."""
        await self._database.read(lambda connection: scope.sight(connection).may_write())
        loop = asyncio.get_running_loop()
        stored = 0
        arrivals: list[Arrival] = []
        try:
            while piece := await loop.run_in_executor(None, next, pieces, None):
                if not piece.offset:
                    arrivals.append(Arrival(_place_of(piece.whole, scope)))
                await self._database.write(partial(arrivals[-1].put, piece=piece))
                stored += len(piece.messages)
                if progress is not None:
                    progress(stored, total)
        except BaseException:
            await asyncio.shield(self._database.write(partial(bulk.give_up, arrivals=arrivals)))
            raise
        return await self._database.write(partial(bulk.reveal, arrivals=arrivals))


def _place_of(whole: WholeSession, scope: Scope) -> Place:
    """Return where a session belongs, if the scope may put it there."""
    if whole.audience is None or whole.audience not in scope.audiences:
        raise NotFound("There is no such audience")
    return Place(audience=whole.audience, character=whole.character or "")


def _placed(piece: Piece, scope: Scope, character: str, *, ours: bool) -> Piece:
    """Return some of a session as the scope's person may have it.

    Only our own files name audiences and characters by keys. Nobody brings words into another
    person's mouth or memory: what is not theirs or the household's becomes the person's own.
    """
    whole = piece.whole
    audience = scope.person
    if ours and whole.audience == HOUSEHOLD and scope.household:
        audience = HOUSEHOLD
    messages = tuple(
        replace(one, message=replace(one.message, author=_author(one.message.author, scope)))
        if one.message.role is Role.USER
        else one
        for one in piece.messages
    )
    with_whom = whole.character if ours and whole.character else character
    if scope.character is not None:
        with_whom = scope.character
    placed = replace(whole, audience=audience, character=with_whom)
    return replace(piece, whole=placed, messages=messages)


def _author(author: str | None, scope: Scope) -> str:
    """Return who said an imported message."""
    return author if author is not None and author in scope.audiences else scope.person
