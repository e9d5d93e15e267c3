"""Publish what happens in turns to those who may see it (contract `websocket`)."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ENVELOPE_VERSION = 1
KEPT_ENVELOPES = 600
"""A reconnecting tablet can catch up on a few minutes of talk; older things are in the session."""


class Kind(StrEnum):
    """What an envelope carries."""

    TURN = "turn"
    HEARD = "heard"
    TEXT = "text"
    TIMELINE = "timeline"
    AUDIO = "audio"
    CLOCK = "clock"
    CANCEL = "cancel"
    PERFORM = "perform"
    RECALLED = "recalled"
    NOTICE = "notice"
    TOOL = "tool"
    TOUCHED = "touched"
    RECEIPT = "receipt"
    CHARACTERS = "characters"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may see a turn: who lives here, or the named users only; guests where nothing is said."""

    household: bool = False
    guests: bool = False
    user_ids: frozenset[str] = frozenset()

    def includes(self, user_id: str, *, lives_here: bool) -> bool:
        """Return whether this user may see the turn."""
        return self.guests or (self.household and lives_here) or user_id in self.user_ids


HOUSEHOLD = Audience(household=True)
EVERYBODY = Audience(household=True, guests=True)
"""For what has no words of anybody: who is there, what a body does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One numbered message about a turn."""

    seq: int
    turn_id: str
    kind: Kind
    data: dict[str, object]
    audience: Audience
    owner: str | None = None
    """Only this connection gets it, where one is named."""

    def as_dict(self) -> dict[str, object]:
        """Return the message as the websocket contract writes it."""
        return {
            "v": ENVELOPE_VERSION,
            "seq": self.seq,
            "turn_id": self.turn_id,
            "kind": self.kind.value,
            "data": self.data,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody who listens: a user on one connection."""

    user_id: str
    connection: str
    send: Callable[[Envelope], None]
    lives_here: bool = True
    """Whether the household's talk is theirs too; a guest's login sees only its own."""

    def may_see(self, envelope: Envelope) -> bool:
        """Return whether the envelope is meant for this subscriber."""
        if envelope.owner is not None and envelope.owner != self.connection:
            return False
        return envelope.audience.includes(self.user_id, lives_here=self.lives_here)


class Bus:
    """Number envelopes, keep the newest and hand each to the subscribers that may see it."""

    def __init__(self) -> None:
        """Start with no subscriber."""
        self._seq = 0
        self._kept: deque[Envelope] = deque(maxlen=KEPT_ENVELOPES)
        self._subscribers: list[Subscriber] = []

    @property
    def seq(self) -> int:
        """Return the number of the newest envelope."""
        return self._seq

    def publish(
        self,
        turn_id: str,
        kind: Kind,
        data: dict[str, object],
        audience: Audience,
        *,
        owner: str | None = None,
    ) -> Envelope:
        """Send a message to everybody who may see it."""
        self._seq += 1
        if kind is Kind.TIMELINE:
            data = {**data, "turn_id": turn_id, "seq": self._seq}
        envelope = Envelope(
            seq=self._seq, turn_id=turn_id, kind=kind, data=data, audience=audience, owner=owner
        )
        self._kept.append(envelope)
        for subscriber in list(self._subscribers):
            if subscriber.may_see(envelope):
                subscriber.send(envelope)
        return envelope

    def subscribe(self, subscriber: Subscriber, after_seq: int | None = None) -> Callable[[], None]:
        """Add a subscriber, replay what it missed after `after_seq`, and return how to stop.

        A number from before a restart is larger than ours: then everything kept is replayed.
        """
        if after_seq is not None:
            after_seq = after_seq if after_seq <= self._seq else 0
            for envelope in list(self._kept):
                if envelope.seq > after_seq and subscriber.may_see(envelope):
                    subscriber.send(envelope)
        self._subscribers.append(subscriber)

        def stop() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return stop

    def is_listening(self, connection: str) -> bool:
        """Return whether a connection still has a subscription."""
        return any(subscriber.connection == connection for subscriber in self._subscribers)

    def connection_of(self, user_id: str | None, wanted: str | None = None) -> str | None:
        """Return the wanted connection while it listens, else the newest of that user."""
        if wanted is not None and self.is_listening(wanted):
            return wanted
        own = [one.connection for one in self._subscribers if user_id and one.user_id == user_id]
        return own[-1] if own else None

    def turns_with(self, field: str, value: object) -> set[str]:
        """Return the kept turns whose state says this of them (`session_id`, `person`)."""
        return {
            envelope.turn_id
            for envelope in self._kept
            if envelope.kind is Kind.TURN and envelope.data.get(field) == value
        }

    def sessions_of(self, person: str) -> set[str]:
        """Return the sessions of a person's kept turns."""
        return {
            str(envelope.data["session_id"])
            for envelope in self._kept
            if envelope.kind is Kind.TURN and envelope.data.get("person") == person
        }

    def forget(self, turn_id: str) -> None:
        """Drop what is kept of a turn (private or deleted)."""
        kept = [envelope for envelope in self._kept if envelope.turn_id != turn_id]
        self._kept = deque(kept, maxlen=KEPT_ENVELOPES)
