"""Keep vectors of messages, made by a model of the owner's, and find what is near to a sentence.

A vector is kept as one signed byte for each dimension: only its direction counts. With numpy all
messages in sight are compared; without it only those that were found by their words, since Home
Assistant itself does not need numpy and nothing is installed for this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from math import sqrt, sumprod
from typing import Any, Self

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from .packing import as_json, listed
from .schema import embedding, embedding_model, message, session
from .scope import Sight

_BYTE = 127
# Vectors are read and compared so many at a time: nobody waits for long.
_PART = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """Hold what a model made of a sentence; vectors of other models mean something else."""

    model: str
    numbers: bytes

    @classmethod
    def of(cls, model: str, numbers: Sequence[float]) -> Self:
        """Return a model's vector as it is compared."""
        return cls(model=model, numbers=shrunk(numbers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Hold a message that has no vector of a model yet."""

    message_id: int
    text: str


@cache
def numpy() -> Any:
    """Return numpy where something else has brought it along; imported by who needs it first."""
    return import_module("numpy") if find_spec("numpy") else None


def shrunk(numbers: Sequence[float]) -> bytes:
    """Return a vector as signed bytes of the same direction."""
    longest = max(map(abs, numbers), default=0.0) or 1.0
    return bytes(round(one / longest * _BYTE) & 0xFF for one in numbers)


def unread(
    connection: Connection, model: str, *, after_id: int, before_id: int, limit: int
) -> list[Unread]:
    """Return the newest messages between two ids that have no vector of a model."""
    values = {"key": model, "after": after_id, "before": before_id, "most": limit}
    rows = connection.execute(_UNREAD, values).all()
    return [Unread(message_id=row.id, text=row.text) for row in rows]


_UNREAD = (
    select(message.c.id, message.c.text)
    .join(session, session.c.id == message.c.session_id)
    .where(
        message.c.id > bindparam("after"),
        message.c.id < bindparam("before"),
        message.c.role.in_(("user", "assistant")),
        message.c.text != "",
        session.c.deleted_ms.is_(None),
        ~select(embedding.c.message_id)
        .join(embedding_model, embedding_model.c.id == embedding.c.model_id)
        .where(embedding.c.message_id == message.c.id, embedding_model.c.key == bindparam("key"))
        .exists(),
    )
    .order_by(message.c.id.desc())
    .limit(bindparam("most"))
)


def put(connection: Connection, model: str, vectors: Mapping[int, bytes]) -> None:
    """Keep vectors of messages that are still there."""
    number = _model_number(connection, model)
    there = select(message.c.id).where(message.c.id.in_(listed("ids")))
    rows = [
        {"message_id": one, "model_id": number, "vector": vectors[one]}
        for one in connection.execute(there, {"ids": as_json(vectors)}).scalars()
    ]
    if rows:
        changed = upsert(embedding)
        connection.execute(
            changed.on_conflict_do_update(
                index_elements=["message_id"],
                set_={"model_id": changed.excluded.model_id, "vector": changed.excluded.vector},
            ),
            rows,
        )


def nearest(
    connection: Connection, sight: Sight, wanted: Vector, among: Sequence[int], limit: int
) -> list[int]:
    """Return the messages in sight nearest to a vector, the nearest first.

    Without numpy only those `among` which something was found are compared.
    """
    if numpy() is None:
        rows = connection.execute(_AMONG, {**_scope(sight, wanted), "ids": as_json(among)}).all()
        target = _signed(wanted.numbers)
        near = {
            row.message_id: _cosine(_signed(row.vector), target)
            for row in rows
            if len(row.vector) == len(target)
        }
    else:
        near = _all_near(connection, sight, wanted)
    return sorted(near, key=lambda one: (-near[one], -one))[:limit]


_IN_SIGHT = (
    select(embedding.c.message_id, embedding.c.vector)
    .join(embedding_model, embedding_model.c.id == embedding.c.model_id)
    .join(message, message.c.id == embedding.c.message_id)
    .join(session, session.c.id == message.c.session_id)
    .where(
        embedding_model.c.key == bindparam("key"),
        session.c.room_id.in_(listed("rooms")),
        session.c.deleted_ms.is_(None),
    )
)
_AMONG = _IN_SIGHT.where(embedding.c.message_id.in_(listed("ids")))


def _scope(sight: Sight, wanted: Vector) -> dict[str, Any]:
    """Return what keeps a query to the rooms in sight and to one model."""
    return {"key": wanted.model, "rooms": as_json(sight.rooms)}


def _all_near(connection: Connection, sight: Sight, wanted: Vector) -> dict[int, float]:
    """Return how near every message in sight is."""
    np = numpy()
    target = np.frombuffer(wanted.numbers, dtype=np.int8).astype(np.float32)
    near: dict[int, float] = {}
    found = connection.execute(_IN_SIGHT, _scope(sight, wanted))
    while part := list(found.fetchmany(_PART)):
        fitting = [row for row in part if len(row.vector) == len(target)]
        if not fitting:
            continue
        numbers = np.frombuffer(b"".join(row.vector for row in fitting), dtype=np.int8)
        matrix = numbers.reshape(len(fitting), len(target)).astype(np.float32)
        lengths = np.linalg.norm(matrix, axis=1) * (np.linalg.norm(target) or 1.0)
        values = (matrix @ target) / np.maximum(lengths, 1.0)
        near.update(zip((row.message_id for row in fitting), values.tolist(), strict=True))
    return near


def _signed(numbers: bytes) -> list[int]:
    """Return signed bytes as whole numbers."""
    return memoryview(numbers).cast("b").tolist()


def _cosine(one: list[int], other: list[int]) -> float:
    """Return how alike the directions of two vectors are, from -1 to 1."""
    length = sqrt(sumprod(one, one) * sumprod(other, other))
    return sumprod(one, other) / length if length else 0.0


def _model_number(connection: Connection, model: str) -> int:
    """Return the number of a model, which is made known when new."""
    query = select(embedding_model.c.id).where(embedding_model.c.key == model)
    found = connection.execute(query).scalar()
    if found is None:
        added = insert(embedding_model).values(key=model).returning(embedding_model.c.id)
        found = connection.execute(added).scalar_one()
    return int(found)
