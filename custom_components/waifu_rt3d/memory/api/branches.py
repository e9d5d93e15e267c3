"""Walk and grow the trees of sessions."""

from .. import sessions, tree
from ..scope import Scope
from ..tree import Knot
from ..values import Message, Session
from .base import Base


class Branches(Base):
    """Regenerate, edit and branch; nothing is ever overwritten."""

    async def walk(self, scope: Scope, message_id: int) -> None:
        """Stand on the branch of a message (an alternative, an edit), where it was left last."""
        await self._of_message(message_id).write(
            lambda connection: tree.walk(connection, scope, message_id)
        )

    async def regenerate(self, scope: Scope, message_id: int) -> Message:
        """Stand on the question of a reply and return it: the next reply is an alternative."""
        return await self._of_message(message_id).write(
            lambda connection: tree.step_back(connection, scope, message_id)
        )

    async def edit_message(self, scope: Scope, message_id: int, text: str) -> int:
        """Put a changed message beside the old one and stand on it; return its id."""
        now_ms = self._now_ms()
        return await self._of_message(message_id).write(
            lambda connection: tree.edit(connection, scope, message_id, text, now_ms=now_ms)
        )

    async def branch_session(self, scope: Scope, message_id: int) -> Session:
        """Copy the way down to a message into a session of its own."""
        now_ms = self._now_ms()
        database = self._of_message(message_id)
        uid = await database.write(
            lambda connection: tree.branch(connection, scope, message_id, now_ms=now_ms)
        )
        return await database.read(lambda connection: sessions.one(connection, scope, uid))

    async def tree(self, scope: Scope, session_id: str) -> list[Knot]:
        """Return every message of a session's tree, parents first, each with a preview."""
        return await self._of_session(session_id).read(
            lambda connection: tree.knots(connection, scope, session_id)
        )
