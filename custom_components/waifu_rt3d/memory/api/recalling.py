"""Recall what matters now; keep and forget notes."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from .. import embeddings, forget, notes, recall
from ..embeddings import Vector
from ..ids import PRIVATE_IDS_FROM
from ..notes import Note
from ..recall import BUDGET_TOKENS, Memory, Recollection
from ..retrieve import Ranked, retrieve
from ..scope import Scope
from .base import Base


class Recalling(Base):
    """Bring back what was said before."""

    async def recall(
        self,
        scope: Scope,
        sentence: str,
        *,
        budget_tokens: int = BUDGET_TOKENS,
        leave_out: Collection[int] = (),
        vector: Vector | None = None,
    ) -> Recollection:
        """Return notes and pieces of talk that matter for a sentence.

        `leave_out` names the messages that the model sees anyway; `vector` is what an embedding
        model made of the sentence, where the owner has one.
        """
        now_ms = self._now_ms()
        seen = frozenset(leave_out)
        return await self._database.read(
            lambda connection: recall.recall(
                connection,
                scope,
                sentence,
                now_ms=now_ms,
                budget_tokens=budget_tokens,
                leave_out=seen,
                vector=vector,
            )
        )

    async def related(
        self, scope: Scope, sentence: str, *, limit: int = 20, vector: Vector | None = None
    ) -> list[Ranked]:
        """Return the messages that say most about a sentence, the best first."""
        now_ms = self._now_ms()
        return await self._database.read(
            lambda connection: retrieve(
                connection,
                scope.sight(connection),
                sentence,
                now_ms=now_ms,
                limit=limit,
                vector=vector,
            )
        )

    async def without_vector(
        self, model: str, *, after_id: int = 0, before_id: int = PRIVATE_IDS_FROM, limit: int
    ) -> list[embeddings.Unread]:
        """Return the newest messages of the house between two ids that a model has not read yet.

        Only for who makes vectors: their words go to the owner's model and to nobody else.
        """
        return await self._database.read(
            lambda connection: embeddings.unread(
                connection, model, after_id=after_id, before_id=before_id, limit=limit
            )
        )

    async def put_vectors(self, model: str, vectors: Mapping[int, Sequence[float]]) -> None:
        """Keep what a model made of messages, by their ids."""
        shrunk = {one: embeddings.shrunk(numbers) for one, numbers in vectors.items()}
        await self._database.write(lambda connection: embeddings.put(connection, model, shrunk))

    async def keep_recalled(
        self, scope: Scope, turn_id: str, session_id: str, found: Recollection
    ) -> None:
        """Store what was recalled for a turn; for a private session that is forgotten."""
        if self._of_session(session_id) is not self._database:
            return
        await self._database.write(
            lambda connection: recall.keep(connection, scope, turn_id, found)
        )

    async def marks(
        self, scope: Scope, message_ids: Collection[int], keys: Collection[str]
    ) -> dict[int, str | int]:
        """Return which messages carry one of some marks (keys of what is kept beside them)."""
        if not message_ids:
            return {}
        return await self._database.read(
            lambda connection: recall.marks(connection, scope, message_ids, keys)
        )

    async def recalled(self, scope: Scope, turn_id: str) -> list[Memory]:
        """Return what was recalled for a turn, and why."""
        return await self._database.read(
            lambda connection: recall.shown(connection, scope, turn_id)
        )

    async def add_note(
        self,
        scope: Scope,
        text: str,
        *,
        audience: str | None = None,
        for_all: bool = False,
        source_id: int | None = None,
        pinned: bool = False,
    ) -> str:
        """Remember something for a person; with `for_all` every character knows it."""
        now_ms = self._now_ms()
        return await self._database.write(
            lambda connection: notes.add(
                connection,
                scope,
                text,
                audience=audience,
                for_all=for_all,
                source_id=source_id,
                pinned=pinned,
                now_ms=now_ms,
            )
        )

    async def notes(self, scope: Scope) -> list[Note]:
        """Return all notes that may be seen, pinned ones first."""
        return await self._database.read(lambda connection: notes.listed(connection, scope))

    async def change_note(
        self, scope: Scope, note_id: str, *, text: str | None = None, pinned: bool | None = None
    ) -> None:
        """Change a note's words or its pin."""
        now_ms = self._now_ms()
        await self._database.write(
            lambda connection: notes.change(
                connection, scope, note_id, words=text, pinned=pinned, now_ms=now_ms
            )
        )

    async def forget_note(self, scope: Scope, note_id: str, *, with_source: bool = False) -> None:
        """Forget a note, and with `with_source` also what was said when it was made."""

        def job(connection: Connection) -> None:
            source_id = notes.forget(connection, scope, note_id)
            if with_source and source_id is not None:
                forget.forget_message(connection, scope, source_id)

        await self._database.write(job)
        await self._sweep()
