"""What the owner's own models have been told in each session, also after a restart.

A local model keeps what it computed for a prompt that it has seen; so the messages are kept as they
were sent, and what happened without the model is put behind them.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from homeassistant.components.conversation import AssistantContent, ChatLog, UserContent
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..characters.history import History
from ..const import DOMAIN, LOGGER
from ..memory import Message as Stored, Role as StoredRole, Scope, Store, StoreError
from ..memory.ids import is_imported
from ..providers.base import Message, Role
from ..remembering.turns import HISTORY_FROM, UNTRUSTED, heard_text
from ..turns.sent import Sent
from ..turns.turn import Turn

TALKS: HassKey[Talks] = HassKey(f"{DOMAIN}_talks")

_KEPT_TALKS = 50
_STORED_MESSAGES = 200


@dataclass(slots=True)
class Talk:
    """One session, as a model knows it."""

    history: History = field(default_factory=History)
    turns: list[str] = field(default_factory=list)
    """The turn of each message."""
    strange: set[str] = field(default_factory=set)
    """Turns in which a stranger's text came before the model."""
    known_until: datetime = field(default_factory=dt_util.utcnow)
    """What others put into the chat log after this is news."""

    def add(self, turn_id: str, *messages: Message) -> None:
        """Append messages of a turn."""
        for message in messages:
            self.history.add(message)
            self.turns.append(turn_id)
        self.known_until = dt_util.utcnow()

    def trimmed(self) -> None:
        """Forget the turns of messages that were dropped at the beginning."""
        del self.turns[: len(self.turns) - len(self.history.messages)]

    @property
    def untrusted(self) -> bool:
        """Return whether a stranger's text is still before the model."""
        return any(turn in self.strange for turn in self.turns)

    def drop_unanswered(self, turn_id: str) -> None:
        """Take back a question that got no answer: many templates want the roles to alternate."""
        messages = self.history.messages
        if messages and messages[-1].role is Role.USER and self.turns[-1] == turn_id:
            self.history = History(messages[:-1])
            del self.turns[-1]

    def sent(self, turn_id: str) -> Sent | None:
        """Return what the model has seen of a turn, to be stored."""
        own = [
            m for m, turn in zip(self.history.messages, self.turns, strict=True) if turn == turn_id
        ]
        if not own:
            return None
        answer = History(tuple(own[1:])).to_json().encode() if own[1:] else None
        return Sent(
            question=own[0].text.encode(),
            answer=answer,
            history_from=next((turn for turn in self.turns if turn), turn_id),
        )

    def take_chat_log(self, chat_log: ChatLog) -> None:
        """Append what somebody else said and answered in this conversation meanwhile."""
        for content in chat_log.content[1:-1]:
            if content.created <= self.known_until:
                continue
            if isinstance(content, UserContent) and content.content:
                self.history.add(Message(role=Role.USER, text=content.content))
                self.turns.append("")
            elif isinstance(content, AssistantContent) and content.content:
                self.history.add(Message(role=Role.ASSISTANT, text=content.content))
                self.turns.append("")


class Talks:
    """The sessions of the house that a model of the owner's takes part in."""

    def __init__(self) -> None:
        """Know none yet."""
        self._talks: OrderedDict[str, Talk] = OrderedDict()
        self._open: dict[str, Turn] = {}
        """Turns whose end is not in their talk yet."""

    async def async_talk(self, store: Store | None, turn: Turn, chat_log: ChatLog) -> Talk:
        """Return the talk of a turn's session, with all that happened before this turn."""
        session_id = turn.start.session_id
        talk = self._talks.get(session_id)
        if talk is None:
            talk = self._talks[session_id] = await _async_stored(store, turn)
        self._talks.move_to_end(session_id)
        while len(self._talks) > _KEPT_TALKS:
            self._talks.popitem(last=False)
        for other in [o for o in self._open.values() if o is not turn]:
            if other.start.session_id == session_id:
                self.settle(other)
        talk.take_chat_log(chat_log)
        return talk

    def known(self, session_id: str) -> tuple[Message, ...]:
        """Return what a model has been told in a session, as far as it is in mind."""
        talk = self._talks.get(session_id)
        return talk.history.messages if talk else ()

    def began(self, turn: Turn) -> None:
        """Take note of a turn: when the next one begins, its end is put into its talk."""
        for other in [o for o in self._open.values() if o.ended.is_set()]:
            self.settle(other)
        self._open[turn.id] = turn

    def wrote(self, turn: Turn) -> None:
        """Take note that the answer is in the chat log: what its model said is no news from there."""
        talk = self._talks.get(turn.start.session_id)
        if talk is not None and turn.id in talk.turns:
            talk.known_until = dt_util.utcnow()

    def settle(self, turn: Turn) -> None:
        """Put into the talk what was heard of a turn, or all of one that no model answered."""
        if self._open.pop(turn.id, None) is None:
            return
        talk = self._talks.get(turn.start.session_id)
        if talk is None:
            return
        if turn.id not in talk.turns:
            if turn.heard_text and turn.speech.text:
                said = heard_text(turn) if turn.cut_ms is not None else turn.speech.text
                talk.add(
                    turn.id,
                    Message(role=Role.USER, text=turn.heard_text),
                    Message(role=Role.ASSISTANT, text=said),
                )
        elif turn.cut_ms is not None and talk.turns[-1] == turn.id:
            talk.history.cut(heard_text(turn))

    def forget(self, session_id: str) -> None:
        """Forget a session: what is stored of it has changed."""
        self._talks.pop(session_id, None)

    def forget_all(self) -> None:
        """Forget every session; the next turn of each reads it from the memory again."""
        self._talks.clear()


async def _async_stored(store: Store | None, turn: Turn) -> Talk:
    """Return the talk as it is in the memory."""
    talk = Talk()
    if store is None:
        return talk
    start = turn.start
    try:
        stored = await store.history(
            Scope.of(start.memory, start.character_id), start.session_id, limit=_STORED_MESSAGES
        )
    except StoreError as err:
        LOGGER.debug("A talk can't be read: %s", err)
        return talk
    # a question that is answered anew is asked by the turn itself
    known = [message for message in stored if message.id != start.question_id]
    for message in _from_last_trim(known):
        talk.add(message.turn_id or "", *_as_sent(message))
        if is_imported(message.id) or message.extra.get(UNTRUSTED):
            talk.strange.add(message.turn_id or "")
    return talk


def _from_last_trim(stored: list[Stored]) -> list[Stored]:
    """Return the messages that the model's history had when it was last asked."""
    marks = [message.extra.get(HISTORY_FROM) for message in stored]
    first = next((mark for mark in reversed(marks) if mark), None)
    begins = next((i for i, m in enumerate(stored) if first and m.turn_id == first), 0)
    return stored[begins:]


def _as_sent(message: Stored) -> tuple[Message, ...]:
    """Return a stored message as the model has seen it."""
    if message.role is StoredRole.USER:
        text = message.sent.decode() if message.sent else message.text
        return (Message(role=Role.USER, text=text),)
    if message.role is not StoredRole.ASSISTANT:
        return ()
    if not message.sent:
        return (Message(role=Role.ASSISTANT, text=message.heard or message.text),)
    history = History.from_json(message.sent.decode())
    if message.heard is not None:
        history.cut(message.heard)
    return history.messages
