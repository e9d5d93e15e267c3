"""Give the tests of the memory a store in a folder of its own and a clock that they move."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
import logging
from pathlib import Path

import pytest

from custom_components.waifu_rt3d.memory import NewMessage, Role, Scope, Session, Store

START_MS = 1_790_000_000_000


@dataclass(slots=True)
class Clock:
    """Stand still until a test moves it."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        """Return the time."""
        return self.now_ms

    def advance(self, *, seconds: float) -> None:
        """Let time pass."""
        self.now_ms += int(seconds * 1000)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Keep the test kit from logging every statement: that takes longer than the statement."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is."""
    return tmp_path / "companion.db"


@pytest.fixture
async def store(path: Path, clock: Clock) -> AsyncIterator[Store]:
    """Open a store and close it after the test."""
    opened = await Store.open(path, now_ms=clock)
    yield opened
    await opened.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Say things in one session of a store."""

    store: Store
    clock: Clock
    session: Session
    scope: Scope

    async def say(self, text: str, role: Role = Role.USER, **more: object) -> int:
        """Add a message a second later; return its id."""
        self.clock.advance(seconds=1)
        author = self.scope.person if role is Role.USER else None
        message = NewMessage(
            session_id=self.session.id,
            role=role,
            text=text,
            created_ms=self.clock.now_ms,
            author=author,
            **more,  # type: ignore[arg-type] # a test names the fields it needs
        )
        return await self.store.add_message(self.scope, message)

    async def answer(self, text: str, **more: object) -> int:
        """Add a reply; return its id."""
        return await self.say(text, Role.ASSISTANT, **more)

    async def texts(self, limit: int = 50) -> list[str]:
        """Return the texts on the way where the session stands."""
        found = await self.store.history(self.scope, self.session.id, limit=limit)
        return [message.text for message in found]


async def talk_in(
    store: Store, clock: Clock, audience: str = "alice", character: str = "hana", **more: object
) -> Talk:
    """Begin to talk in the session of a place."""
    session = await store.session_for(
        audience=audience,
        character=character,
        **more,  # type: ignore[arg-type] # a test names the fields it needs
    )
    return Talk(store=store, clock=clock, session=session, scope=Scope.of(audience, character))


@pytest.fixture
async def talk(store: Store, clock: Clock) -> Talk:
    """Return a talk of Alice with Hana."""
    return await talk_in(store, clock)
