"""Keep what was said: conversations that last, searchable, by person and character.

Everything goes through a `Store`, opened once for the house. Its methods are coroutines that never
hold the event loop; what changes data returns when it is on the disk. All of them take a `Scope`
first, which says for whom the store is asked, and reach nothing that this person may not see.

    store = await Store.open(config_dir / "waifu_rt3d" / "companion.db")
    scope = Scope.of("person.alice", "hana")
    session = await store.session_for(
        audience="person.alice", character="hana", conversation_id="01J…", device="kitchen"
    )
    await store.start_turn(scope, NewTurn(…))
    question = await store.add_message(scope, NewMessage(session_id=session.id, role=Role.USER, …))
    await store.add_message(scope, NewMessage(session_id=session.id, role=Role.ASSISTANT, …))
    for message in await store.history(scope, session.id, limit=50): …

Errors are `StoreError`s with a sentence for the person; `StoreFull` and `StoreReadOnly` mean that a
turn goes on without being stored.

This package imports nothing of Home Assistant.
"""

from .errors import (
    BadImport,
    BadQuery,
    NotAllowed,
    NotFound,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreTooNew,
)
from .scope import Scope
from .sessions import SessionFilter
from .store import Store
from .values import (
    GUEST,
    HOUSEHOLD,
    Attachment,
    Message,
    NewMessage,
    NewTurn,
    Origin,
    Role,
    Session,
    ToolCall,
)

__all__ = [
    "GUEST",
    "HOUSEHOLD",
    "Attachment",
    "BadImport",
    "BadQuery",
    "Message",
    "NewMessage",
    "NewTurn",
    "NotAllowed",
    "NotFound",
    "Origin",
    "Role",
    "Scope",
    "Session",
    "SessionFilter",
    "Store",
    "StoreClosed",
    "StoreDamaged",
    "StoreError",
    "StoreFull",
    "StoreReadOnly",
    "StoreTooNew",
    "ToolCall",
]
