"""Make, find, list and change sessions."""

from functools import partial

from sqlalchemy import Connection

from .. import people, sessions
from ..errors import NotFound
from ..schema import character as character_table, person as person_table
from ..scope import Scope
from ..sessions import Place, SessionFilter
from ..values import Session
from .base import Base

RESUME_MS = 8 * 3600 * 1000


class SessionList(Base):
    """Keep the list of sessions."""

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

        def job(connection: Connection) -> Session:
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

        def job(connection: Connection) -> Session:
            place = Place(audience=whose, character=character)
            uid = sessions.begin(connection, place, now_ms=now_ms, title=title)
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

    async def name_person(self, key: str, name: str) -> None:
        """Keep the name of a person, for exports and prompts."""
        await self._database.write(
            lambda connection: people.set_name(connection, person_table, key, name)
        )

    async def name_character(self, key: str, name: str) -> None:
        """Keep the name of a character, for exports and prompts."""
        await self._database.write(
            lambda connection: people.set_name(connection, character_table, key, name)
        )
