"""Store turns and messages as they happen, and read them back."""

from typing import Any

from .. import messages, turns
from ..scope import Scope
from ..values import Message, NewMessage, NewTurn
from .base import Base


class Talk(Base):
    """Keep what is said."""

    async def start_turn(self, scope: Scope, turn: NewTurn) -> None:
        """Store that a turn began."""
        await self._of_session(turn.session_id).write(
            lambda connection: turns.start(connection, scope, turn)
        )

    async def ask_in_turn(self, scope: Scope, turn_id: str, session_id: str, text: str) -> None:
        """Keep what was said in a turn whose answer is not whole yet."""
        await self._of_session(session_id).write(
            lambda connection: turns.ask(connection, scope, turn_id, text)
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

    async def add_message(self, scope: Scope, message: NewMessage) -> int:
        """Store a message; return its id. The session stands on it then."""
        return await self._of_session(message.session_id).write(
            lambda connection: messages.add(connection, scope, message)
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
