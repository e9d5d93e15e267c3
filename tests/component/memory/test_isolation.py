"""Check by random operations that nobody ever reads what is another's own."""

import asyncio
from dataclasses import fields, is_dataclass
import inspect
from pathlib import Path
import tempfile
from typing import Any, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from custom_components.waifu_rt3d.memory import (
    HOUSEHOLD,
    NewMessage,
    NewTurn,
    Origin,
    Role,
    Scope,
    Store,
    StoreError,
)
from custom_components.waifu_rt3d.memory.exchange.export import Format
from custom_components.waifu_rt3d.memory.search import Order, SearchFilter
from custom_components.waifu_rt3d.memory.sessions import SessionFilter

PERSONS = ("alice", "bob", HOUSEHOLD)
CHARACTERS = ("hana", "rei")
# Every word of a person's own is marked with their key, so a leak shows as a word.
MARK = {"alice": "alicemark", "bob": "bobmark", HOUSEHOLD: "housemark"}


def words_of(value: Any) -> str:
    """Return all texts inside an answer."""
    if isinstance(value, str):
        return value + "\n"
    if isinstance(value, dict):
        return "".join(words_of(one) for one in value.values())
    if isinstance(value, list | tuple | set | frozenset):
        return "".join(words_of(one) for one in value)
    if is_dataclass(value):
        return "".join(words_of(getattr(value, field.name)) for field in fields(value))
    return ""


class Household(RuleBasedStateMachine):
    """Let persons talk, branch, delete, note and import; then read as each of them."""

    def __init__(self) -> None:
        """Open a store in a folder of its own."""
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name)
        self._now_ms = 1_000
        self._sessions: list[tuple[str, str, str]] = []
        self._messages: list[tuple[str, int]] = []
        self._notes: list[str] = []
        self._turns: list[str] = []
        self._store = self._run(Store.open(self._path / "c.db", now_ms=lambda: self._now_ms))

    @override
    def teardown(self) -> None:
        """Close everything."""
        self._run(self._store.close())
        self._loop.close()
        self._folder.cleanup()

    def _run(self, work: Any) -> Any:
        """Run one call; a refusal is an answer too."""
        return self._loop.run_until_complete(work)

    def _try(self, work: Any) -> Any:
        """Run one call that may be refused."""
        try:
            return self._run(work)
        except StoreError:
            return None

    @initialize()
    def begin(self) -> None:
        """Let everybody say something once."""
        for person in PERSONS:
            self.say(person, "hana")

    @rule(person=st.sampled_from(PERSONS), character=st.sampled_from(CHARACTERS))
    def say(self, person: str, character: str) -> None:
        """Say something in one's newest session with a character."""
        self._now_ms += 1_000
        scope = Scope.of(person, character)
        session = self._run(self._store.session_for(audience=person, character=character))
        turn = f"turn{self._now_ms}"
        new = NewTurn(
            turn_id=turn, session_id=session.id, person=person, audience=person,
            character=character, origin=Origin.CARD, started_ms=self._now_ms,
        )  # fmt: skip
        self._run(self._store.start_turn(scope, new))
        for role in (Role.USER, Role.ASSISTANT):
            message = NewMessage(
                session_id=session.id, role=role, text=f"common {MARK[person]} telling garden",
                created_ms=self._now_ms, author=person, turn_id=turn, sent=MARK[person].encode(),
            )  # fmt: skip
            self._messages.append((person, self._run(self._store.add_message(scope, message))))
        self._sessions.append((person, character, session.id))
        self._turns.append(turn)
        found = self._run(self._store.recall(scope, "telling garden"))
        self._run(self._store.keep_recalled(scope, turn, session.id, found))

    @rule(person=st.sampled_from(PERSONS), for_all=st.booleans())
    def note(self, person: str, for_all: bool) -> None:
        """Remember something."""
        scope = Scope.of(person, "hana")
        self._notes.append(
            self._run(self._store.add_note(scope, f"note {MARK[person]} garden", for_all=for_all))
        )

    @precondition(lambda self: self._messages)
    @rule(data=st.data(), person=st.sampled_from(PERSONS), what=st.integers(0, 7))
    def change(self, data: Any, person: str, what: int) -> None:
        """Try to change anything, one's own or not."""
        owner, message = data.draw(st.sampled_from(self._messages))
        whose, _, session = data.draw(st.sampled_from(self._sessions))
        scope = Scope.of(person)
        store = self._store
        # What is said in the household's talk is for everybody, whoever says it.
        text = f"common {MARK[HOUSEHOLD if owner == HOUSEHOLD else person]} changed"
        title = f"title {MARK[HOUSEHOLD if whose == HOUSEHOLD else person]}"
        works = (
            lambda: store.edit_message(scope, message, text),
            lambda: store.branch_session(scope, message),
            lambda: store.regenerate(scope, message),
            lambda: store.walk(scope, message),
            lambda: store.rename_session(scope, session, title),
            lambda: store.delete_session(scope, session),
            lambda: store.restore_session(scope, session),
            lambda: store.forget_message(scope, message),
        )
        before = self._try(store.message(Scope.of(owner), message))
        self._try(works[what]())
        if owner not in {person, HOUSEHOLD} and before is not None and what in (0, 7):
            assert self._try(store.message(Scope.of(owner), message)) is not None

    @rule(person=st.sampled_from(PERSONS))
    def copy(self, person: str) -> None:
        """Export what one sees, and import one session again."""
        target = self._path / "out.json"
        scope = Scope.of(person)
        self._run(self._store.export(scope, target, Format.JSON))
        assert not self._foreign(person, target.read_text())
        own = Scope(person=person, household=False)
        newest = self._run(self._store.sessions(own, limit=1))
        if newest and newest[0].messages < 50:
            export = self._store.export(own, target, Format.JSON, session_id=newest[0].id)
            self._run(export)
            self._run(self._store.import_file(own, target, character="hana"))

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        """Let time pass and sweep."""
        self._now_ms += seconds * 1000
        self._run(self._store.purge())

    @rule(person=st.sampled_from(PERSONS), data=st.data())
    def read(self, person: str, data: Any) -> None:
        """Read by every door; nothing of another person's own comes out."""
        character = data.draw(st.sampled_from((None, *CHARACTERS)))
        scope = Scope.of(person, character)
        session = data.draw(st.sampled_from(self._sessions))[2]
        message = data.draw(st.sampled_from(self._messages))[1]
        turn = data.draw(st.sampled_from(self._turns))
        store = self._store
        other = data.draw(st.sampled_from(PERSONS))
        narrowed = SearchFilter(audience=other, author=other)
        for work in (
            store.sessions(scope),
            store.sessions(scope, SessionFilter(deleted=True)),
            store.sessions(scope, SessionFilter(audience=other, empty=True, words="title")),
            store.session(scope, session),
            store.history(scope, session),
            store.history(scope, session, before=message),
            store.message(scope, message),
            store.tree(scope, session),
            store.search(scope, "common", order=Order.BEST),
            store.search(scope, "c*", order=Order.NEWEST),
            store.search(scope, "alicemark OR bobmark OR housemark", order=Order.RELEVANCE),
            store.search(scope, "common", narrowed),
            store.search(scope, "common", SearchFilter(session_id=session)),
            store.recall(scope, "telling garden alicemark bobmark"),
            store.related(scope, "alicemark bobmark"),
            store.recalled(scope, turn),
            store.notes(scope),
            store.top_words(scope),
            store.statistics(scope),
            store.retention(scope),
        ):
            answer = self._try(work)
            assert not self._foreign(person, words_of(answer)), work

    def _foreign(self, person: str, text: str) -> list[str]:
        """Return the marks of others that this person must not read."""
        mine = {person, HOUSEHOLD}
        return [mark for owner, mark in MARK.items() if owner not in mine and mark in text]


TestHousehold = Household.TestCase
TestHousehold.settings = settings(
    max_examples=6,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_every_method_that_reaches_talk_takes_a_scope() -> None:
    """A new method without a scope is seen here before it can leak."""
    free = {
        "open", "close", "session_for", "name_person", "name_character", "purge", "nightly",
        "check", "hold", "release", "join_index", "reindex", "copy_to", "without_vector", "put_vectors",
    }  # fmt: skip
    for name, method in inspect.getmembers(Store, callable):
        if not name.startswith("_") and name not in free:
            assert list(inspect.signature(method).parameters)[1] == "scope", name
