"""Confirmations: what may do harm and was asked for by an untrusted text waits for the person's yes.

The question is made by code, of names of the house; the answer is the next thing that the same
person says to the same character in the same place. The model has no part in it.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from time import monotonic

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import llm
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..characters import consent_words as words
from ..const import DOMAIN
from ..providers.base import ToolCall
from ..turns.asked import Asked
from .house_tools import ToolUse, async_use, refused
from .tool_policy import NOTE_CHARS, described, is_dangerous, is_note, plain_words, tool_named

CONSENTS: HassKey[Consents] = HassKey(f"{DOMAIN}_consents")

PATIENCE = timedelta(seconds=90)
"""The question itself takes about ten seconds to be spoken."""
_WAITS = "The user has to confirm this first and is being asked by the house. Do not ask yourself."


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Whose answer counts: a person, with one character, in one place."""

    person: str | None
    """A user of Home Assistant; nobody is named where a room's satellite listens."""
    character: str
    session: str
    place: str | None
    """The satellite or device that hears the person."""

    @classmethod
    def of(cls, asked: Asked) -> Who:
        """Return who speaks."""
        start, user_input = asked.turn.start, asked.user_input
        return cls(
            person=start.person.user_id,
            character=asked.character.id,
            session=start.session_id,
            place=user_input.satellite_id or user_input.device_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Calls of tools that wait for a yes."""

    turn_id: str
    calls: tuple[ToolCall, ...]
    what: list[str]
    api: llm.APIInstance
    house_tools: tuple[str, ...]
    """What the character was allowed to use when it was asked for."""
    until_s: float
    """On the monotonic clock: a yes must not stay good for longer because somebody set the time."""


@dataclass(slots=True)
class Consents:
    """The open questions of the house."""

    open: dict[Who, Waiting] = field(default_factory=dict)

    @callback
    def take(self, who: Who) -> Waiting | None:
        """Return the question that waits for somebody and close it; one that is too old is none."""
        waiting = self.open.pop(who, None)
        now_s = monotonic()
        self.open = {other: one for other, one in self.open.items() if one.until_s > now_s}
        return waiting if waiting is not None and waiting.until_s > now_s else None

    def asks(self, turn_id: str) -> bool:
        """Return whether a turn has ended with a question."""
        return any(waiting.turn_id == turn_id for waiting in self.open.values())


def needing_consent(
    hass: HomeAssistant, api: llm.APIInstance | None, calls: list[ToolCall]
) -> list[ToolCall]:
    """Return the calls that wait for a yes while untrusted text is before the model."""
    return [
        call
        for call in calls
        if call.invalid is None
        and (tool := tool_named(api, call.name)) is not None
        and (is_note(tool) or is_dangerous(hass, tool, dict(call.arguments)))
    ]


def as_confirmed(api: llm.APIInstance | None, call: ToolCall) -> ToolCall:
    """Return a call as the person is told of it: of a note nothing is kept that was not said."""
    if not is_note(tool_named(api, call.name)):
        return call
    heard = plain_words(call.arguments.get("text", ""), most=NOTE_CHARS)
    return replace(call, arguments={**call.arguments, "text": heard})


def held_back(call: ToolCall) -> ToolUse:
    """Return what a model is told of a call that waits."""
    return refused(call, _WAITS)


def ask(asked: Asked, api: llm.APIInstance, calls: list[ToolCall]) -> str:
    """Keep the calls and return the question for the person, as markup."""
    what = []
    for call in calls:
        tool = tool_named(api, call.name)
        assert tool is not None
        what.append(described(asked.hass, tool, dict(call.arguments), asked.language))
    asked.hass.data[CONSENTS].open[Who.of(asked)] = Waiting(
        turn_id=asked.turn.id,
        calls=tuple(as_confirmed(api, call) for call in calls),
        what=what,
        api=api,
        house_tools=asked.character.house_tools,
        until_s=monotonic() + PATIENCE.total_seconds(),
    )
    text = words.question(what, asked.language)
    yes, no = words.buttons(asked.language)
    until_epoch_ms = round((dt_util.utcnow() + PATIENCE).timestamp() * 1000)
    asked.turn.ask_consent(
        {"question": text, "yes": yes, "no": no, "until_epoch_ms": until_epoch_ms}
    )
    return text


@callback
def answered(asked: Asked) -> tuple[Waiting, bool] | None:
    """Return the question that these words answer, and how; any other words withdraw it."""
    consents = asked.hass.data.get(CONSENTS)
    waiting = consents.take(Who.of(asked)) if consents else None
    consent = words.consent_in(asked.text, asked.language) if waiting else None
    return None if waiting is None or consent is None else (waiting, consent)


async def async_settle(
    asked: Asked, waiting: Waiting, *, consent: bool
) -> tuple[list[ToolUse], str]:
    """Do what was confirmed, or leave it; return the uses of tools and what is said, as markup."""
    if not consent:
        return [], words.left(asked.language)
    if waiting.house_tools != asked.character.house_tools:
        return [], words.gone(asked.language)
    uses = [await async_use(waiting.api, call) for call in waiting.calls]
    failures = [str(use.result.data.get("error")) for use in uses if use.result.error]
    if failures:
        return uses, words.failed(plain_words(failures[0]), asked.language)
    return uses, words.done(waiting.what, asked.language)
