"""Offer everything that is stored through one object with awaitable methods."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
import time
from typing import Any, Self

from . import messages, people, sessions, turns
from .database import Database
from .errors import NotFound
from .schema import character, person
from .scope import Scope
from .sessions import PRIVATE_PREFIX, Place, SessionFilter
from .values import Message, NewMessage, NewTurn, Session
from .writer import Job

# Ids of private messages start here, so that they can't be taken for stored ones.
PRIVATE_IDS_FROM = 1 << 39
RESUME_MS = 8 * 3600 * 1000


def wall_ms() -> int:
    """Return the milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Store:
    """Keep conversations: every method takes a `Scope`, which says for whom.

    Methods never block the event loop. What changes data returns when it is on the disk.
    Private sessions live in memory only and are gone when they or the store are closed.
    """

    def __init__(self, database: Database, now_ms: Callable[[], int]) -> None:
        """Keep an open database; use `Store.open`."""
        self._database = database
        self._private: Database | None = None
        self._now_ms = now_ms

    @classmethod
    async def open(cls, path: Path, *, now_ms: Callable[[], int] = wall_ms) -> Self:
        """Open the database file, which is made or migrated where needed."""
        loop = asyncio.get_running_loop()
        return cls(await loop.run_in_executor(None, Database.open_file, path), now_ms)

    async def close(self) -> None:
        """Finish what was begun, forget private sessions and let go of the file."""
        loop = asyncio.get_running_loop()
        for database in (self._private, self._database):
            if database is not None:
                await loop.run_in_executor(None, database.close)

    # Turns

    async def start_turn(self, scope: Scope, turn: NewTurn) -> None:
        """Store that a turn began."""
        await self._of_session(turn.session_id).write(
            lambda connection: turns.start(connection, scope, turn)
        )

    async def end_turn(
        self,
        scope: Scope,
        turn_id: str,
        session_id: str,
        *,
        error: str | None = None,
        stages: dict[str, Any] | None = None,
    ) -> None:
        """Store that a turn's sound has ended, with the times of its stages in ms."""
        ended_ms = self._now_ms()
        await self._of_session(session_id).write(
            lambda connection: turns.end(
                connection, scope, turn_id, ended_ms=ended_ms, error=error, stages=stages or {}
            )
        )

    # Messages

    async def add_message(self, scope: Scope, message: NewMessage) -> int:
        """Store a message; return its id. The session stands on it then."""
        return await self._of_session(message.session_id).write(
            lambda connection: messages.add(connection, scope, message)
        )

    async def finish_message(
        self,
        scope: Scope,
        message_id: int,
        *,
        heard: str | None = None,
        cut_ms: int | None = None,
        cues: list[dict[str, Any]] | None = None,
        timeline: list[dict[str, Any]] | None = None,
    ) -> None:
        """Store what was heard of a reply, with its cues and timeline, when its sound ended."""
        await self._of_message(message_id).write(
            lambda connection: messages.finish(
                connection,
                scope,
                message_id,
                heard=heard,
                cut_ms=cut_ms,
                cues=cues or [],
                timeline=timeline or [],
            )
        )

    async def history(
        self, scope: Scope, session_id: str, *, limit: int = 50, before: int | None = None
    ) -> list[Message]:
        """Return the newest messages of the way a session stands on, oldest of them first."""
        return await self._of_session(session_id).read(
            lambda connection: messages.history(
                connection, scope, session_id, limit=limit, before=before
            )
        )

    async def message(self, scope: Scope, message_id: int) -> Message:
        """Return one message with everything that belongs to it."""
        return await self._of_message(message_id).read(
            lambda connection: messages.one(connection, scope, message_id)
        )

    # Sessions

    async def session_for(
        self,
        *,
        audience: str,
        character: str,
        conversation_id: str | None = None,
        device: str | None = None,
        private: bool = False,
        resume_ms: int = RESUME_MS,
    ) -> Session:
        """Return the session of a conversation id at this place.

        An id seen before there leads to its session; else the newest session of this audience and
        character goes on, if its last word is at most `resume_ms` old; else a new one is made.
        """
        place = Place(
            audience=audience,
            character=character,
            conversation_id=conversation_id,
            device=device,
        )
        database = await self._private_database() if private else self._database
        now_ms = self._now_ms()

        def job(connection: Any) -> Session:
            uid = sessions.find_or_create(
                connection, place, now_ms=now_ms, resume_ms=resume_ms, private=private
            )
            return sessions.one(connection, Scope.of(audience, character), uid)

        return await database.write(job)

    async def create_session(
        self, scope: Scope, *, character: str, audience: str | None = None, title: str = ""
    ) -> Session:
        """Make a new session with a character, for the scope's person if no audience is named."""
        whose = audience or scope.person
        if whose not in scope.audiences:
            raise NotFound("There is no such audience")
        now_ms = self._now_ms()

        def job(connection: Any) -> Session:
            place = Place(audience=whose, character=character)
            uid = sessions.create(connection, place, now_ms=now_ms, title=title)
            return sessions.one(connection, scope, uid)

        return await self._database.write(job)

    async def session(self, scope: Scope, session_id: str) -> Session:
        """Return one session."""
        return await self._of_session(session_id).read(
            lambda connection: sessions.one(connection, scope, session_id)
        )

    async def sessions(
        self,
        scope: Scope,
        wanted: SessionFilter | None = None,
        *,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Session]:
        """List sessions: pinned ones first, then the newest."""
        return await self._database.read(
            lambda connection: sessions.listed(
                connection, scope, wanted or SessionFilter(), limit=limit, offset=offset
            )
        )

    async def switch_session(
        self, scope: Scope, session_id: str, conversation_id: str, device: str | None = None
    ) -> Session:
        """Let a conversation id of Assist go on in another session of the same room."""
        found = await self.session(scope, session_id)
        place = Place(
            audience=found.audience,
            character=found.character,
            conversation_id=conversation_id,
            device=device,
        )
        now_ms = self._now_ms()
        await self._of_session(session_id).write(
            lambda connection: sessions.remember(connection, place, session_id, now_ms=now_ms)
        )
        return found

    async def rename_session(self, scope: Scope, session_id: str, title: str) -> None:
        """Give a session a title; an empty one brings the automatic title back."""
        await self._change(session_id, partial(sessions.rename, scope=scope, title=title))

    async def suggest_title(self, scope: Scope, session_id: str, title: str) -> None:
        """Set a title that a model found, unless a person chose one."""
        await self._change(session_id, partial(sessions.suggest_title, scope=scope, title=title))

    async def pin_session(self, scope: Scope, session_id: str, *, pinned: bool) -> None:
        """Keep a session at the top of the list, or no longer."""
        await self._change(session_id, partial(sessions.mark, scope=scope, pinned=pinned))

    async def archive_session(self, scope: Scope, session_id: str, *, archived: bool) -> None:
        """Take a session out of the list without deleting it, or bring it back."""
        await self._change(session_id, partial(sessions.mark, scope=scope, archived=archived))

    async def delete_session(self, scope: Scope, session_id: str) -> None:
        """Delete a session; within a minute it can be restored, then it is gone everywhere."""
        await self._change(session_id, partial(sessions.delete, scope=scope, now_ms=self._now_ms()))

    async def restore_session(self, scope: Scope, session_id: str) -> None:
        """Bring back a session deleted less than a minute ago."""
        await self._change(session_id, partial(sessions.restore, scope=scope))

    # Names

    async def name_person(self, key: str, name: str) -> None:
        """Keep the name of a person, for exports and prompts."""
        await self._database.write(
            lambda connection: people.set_name(connection, person, key, name)
        )

    async def name_character(self, key: str, name: str) -> None:
        """Keep the name of a character, for exports and prompts."""
        await self._database.write(
            lambda connection: people.set_name(connection, character, key, name)
        )

    async def _change(self, session_id: str, change: Callable[..., object]) -> None:
        """Run a change of one session."""
        job: Job[object] = partial(change, uid=session_id)
        await self._of_session(session_id).write(job)

    def _of_session(self, session_id: str) -> Database:
        """Return the database of a session: the file, or memory for a private one."""
        if not session_id.startswith(PRIVATE_PREFIX):
            return self._database
        if self._private is None:
            raise NotFound("There is no such conversation")
        return self._private

    def _of_message(self, message_id: int) -> Database:
        """Return the database of a message."""
        if message_id < PRIVATE_IDS_FROM:
            return self._database
        if self._private is None:
            raise NotFound("There is no such message")
        return self._private

    async def _private_database(self) -> Database:
        """Return the database in memory, which is made when first needed."""
        if self._private is None:
            database = Database.open_memory()
            self._private = database
            await database.write(
                lambda connection: messages.reserve_ids(connection, PRIVATE_IDS_FROM)
            )
        return self._private
