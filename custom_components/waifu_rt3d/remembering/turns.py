"""Put turns into the memory: what was said, and how much of the answer was heard."""

from dataclasses import dataclass, replace

from homeassistant.helpers.json import json_dumps

from ..const import LOGGER
from ..memory import (
    NewMessage,
    NewTurn,
    NotFound,
    Origin,
    Role,
    Scope,
    Session,
    Store,
    StoreError,
    ToolCall,
)
from ..memory.sessions import PRIVATE_PREFIX
from ..stage.steady import wall_ms
from ..turns.people import memory_key
from ..turns.turn import Turn

RECEIPT = "receipt"
TOUCHED = "touched"
TOOLS = "tools"
"""Keys in a stored answer: who helped, which entities it is about, how many tools were used."""
HISTORY_FROM = "history_from"
"""Key in a stored question: the turn with which the model's history began."""
UNTRUSTED = "untrusted"
"""Key in a stored question: a stranger's text came before the model in its turn."""
EXPOSED = "exposed"
"""Key in a stored question and answer: whose text was before the model (`Turn.exposed_to`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of where a turn belongs: each may be missing."""

    session_id: str | None = None
    """The session that a client wants to go on with."""
    conversation_id: str | None = None
    """Core's id of the conversation."""
    device: str | None = None
    question_id: int | None = None
    """The stored message that is to be answered anew."""
    area: str | None = None
    """The room in which it is said."""
    again_of: int | None = None
    """The stored answer that is only spoken once more."""
    passing: bool = False
    """Nothing of it goes into the memory: words that are checked first, an answer spoken again."""


async def async_find_session(store: Store, memory: str, character: str, place: Place) -> Session:
    """Return the wanted session if it may be seen, else the one where they stopped last."""
    if place.session_id is not None:
        try:
            return await store.session(Scope.of(memory, character), place.session_id)
        except NotFound:
            LOGGER.debug("The session that was asked for is not there any more")
    # A private talk that a restart has ended must not go on in one that is stored.
    private = (place.session_id or "").startswith(PRIVATE_PREFIX)
    return await store.session_for(
        audience=memory,
        character=character,
        conversation_id=place.conversation_id,
        device=place.device,
        private=private,
    )


async def async_remember_start(store: Store, turn: Turn, device: str | None) -> None:
    """Store that a turn began; one that can't be stored goes on all the same."""
    turn.device = device
    try:
        await store.start_turn(scope_of_turn(turn), _new_turn(turn))
    except StoreError as err:
        LOGGER.warning("A turn can't be remembered: %s", err)
    else:
        turn.stored = True


async def async_remember_asked(store: Store, turn: Turn) -> None:
    """Keep what was heard before it is answered: Home Assistant may be stopped in between."""
    if not turn.stored or turn.forgotten or turn.question_id is not None:
        return
    try:
        await store.ask_in_turn(
            scope_of_turn(turn), turn.id, turn.start.session_id, turn.heard_text
        )
    except StoreError as err:
        # it is stored, or waits for the disk, when the turn ends
        LOGGER.debug("What was asked can't be kept yet: %s", err)


def _new_turn(turn: Turn) -> NewTurn:
    """Return the turn as the memory knows it."""
    start = turn.start
    return NewTurn(
        turn_id=turn.id,
        session_id=start.session_id,
        person=memory_key(start.person),
        audience=start.memory,
        character=start.character_id,
        origin=Origin(start.origin.value),
        started_ms=round(wall_ms(turn.stage_times["start"])),
        device=turn.device,
    )


async def async_remember_end(store: Store, turn: Turn) -> None:
    """Store what was said and heard, when the sound has ended; raises `StoreError`.

    Called again after a failure it stores only what is not stored yet.
    """
    scope, start = scope_of_turn(turn), turn.start
    if turn.unplaced:
        await _async_place(store, turn)
        start = turn.start
    if not turn.stored:
        await store.start_turn(scope, _new_turn(turn))
        turn.stored = True
    if turn.heard_text and turn.question_id is None:
        turn.question_id = await store.add_message(scope, _question(turn))
    if (turn.speech.text or turn.display_text) and turn.answer_id is None:
        turn.answer_id = await store.add_message(scope, _answer(turn))
    stages = {stage: wall_ms(at) for stage, at in turn.stage_times.items()}
    await store.end_turn(scope, turn.id, start.session_id, error=turn.error, stages=stages)


async def _async_place(store: Store, turn: Turn) -> None:
    """Find the session of a turn that began while the memory could not be asked."""
    session = await store.session_for(
        audience=turn.start.memory, character=turn.start.character_id, device=turn.device
    )
    turn.start = replace(turn.start, session_id=session.id)
    turn.unplaced = False


def scope_of_turn(turn: Turn) -> Scope:
    """Return for whom the memory is asked."""
    return Scope.of(turn.start.memory, turn.start.character_id)


def _question(turn: Turn) -> NewMessage:
    """Return the person's words."""
    return NewMessage(
        session_id=turn.start.session_id,
        role=Role.USER,
        text=turn.heard_text,
        author=turn.start.person.user_id,
        turn_id=turn.id,
        created_ms=round(wall_ms(turn.stage_times["start"])),
        sent=turn.sent.question if turn.sent else None,
        extra=_model_facts(turn),
    )


def _model_facts(turn: Turn) -> dict[str, object]:
    """Return what is to be known again when the talk goes on after a restart."""
    facts: dict[str, object] = {HISTORY_FROM: turn.sent.history_from} if turn.sent else {}
    return facts | ({UNTRUSTED: True} if turn.untrusted else {}) | _exposure(turn)


def _exposure(turn: Turn) -> dict[str, object]:
    """Return by whose text a model may have been led when it wrote this."""
    return {EXPOSED: turn.exposed_to} if turn.exposed_to else {}


def _answer(turn: Turn) -> NewMessage:
    """Return the character's words, with what was heard before somebody cut in."""
    return NewMessage(
        session_id=turn.start.session_id,
        role=Role.ASSISTANT,
        text=turn.speech.text,
        display=turn.display_text,
        author=turn.start.character_id,
        turn_id=turn.id,
        parent_id=turn.question_id,
        created_ms=round(wall_ms(turn.stage_times.get("first_text", turn.stage_times["start"]))),
        heard=heard_text(turn) if turn.cut_ms is not None else None,
        cut_ms=turn.cut_ms,
        sent=turn.sent.answer if turn.sent else None,
        cues=[timed.as_dict() for segment in turn.segments for timed in segment.cues],
        timeline=[segment.as_dict() for segment in turn.segments],
        tool_calls=_tool_calls(turn),
        model=turn.model,
        tokens_in=turn.tokens_in or None,
        tokens_out=turn.tokens_out or None,
        first_token_ms=_between_ms(turn, "heard", "first_text"),
        duration_ms=_between_ms(turn, "first_text", "text_done"),
        extra={RECEIPT: turn.receipt.as_dict()}
        | _exposure(turn)
        | ({TOUCHED: turn.touched} if turn.touched else {})
        | ({TOOLS: len(turn.tools)} if turn.tools else {}),
    )


def _between_ms(turn: Turn, first: str, last: str) -> int | None:
    """Return how long it took from one stage to another, where both were reached."""
    times = turn.stage_times
    if first not in times or last not in times:
        return None
    return max(0, round(times[last] - times[first]))


def _tool_calls(turn: Turn) -> list[ToolCall]:
    """Return the tools that were used, as the memory keeps them."""
    return [
        ToolCall(
            call_id=use.call_id,
            name=use.name,
            arguments=use.arguments,
            result=use.result,
            error=json_dumps(use.result) if use.failed else None,
            ended_ms=round(wall_ms(use.at_ms)),
        )
        for use in turn.tools
    ]


def heard_text(turn: Turn) -> str:
    """Return the answer up to the last word that had begun when the sound was cut."""
    end = 0
    for segment in turn.segments:
        for word in segment.words:
            if word.at_ms < (turn.cut_ms or 0):
                end = word.offset + word.length
    return turn.speech.text[:end]
