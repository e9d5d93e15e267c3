"""Put turns into the memory: what was said, and how much of the answer was heard."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from .const import DOMAIN, LOGGER
from .memory import HOUSEHOLD, NewMessage, NewTurn, Origin, Role, Scope, Store, StoreError
from .turn import Person, Turn


HISTORY_FROM = "history_from"
"""Key in a stored question: the turn with which the model's history began."""


async def async_open_store(hass: HomeAssistant) -> Store | None:
    """Open the memory; a house whose memory can't be opened still talks."""
    folder = Path(hass.config.path(DOMAIN))
    try:
        await hass.async_add_executor_job(lambda: folder.mkdir(parents=True, exist_ok=True))
        return await Store.open(folder / "companion.db")
    except (StoreError, OSError) as err:
        LOGGER.error("The memory can't be opened, nothing is remembered: %s", err)
        return None


def memory_key(person: Person) -> str:
    """Return whose memory a person's turns belong to."""
    return person.user_id or HOUSEHOLD


async def async_remember_start(store: Store, turn: Turn, device: str | None) -> None:
    """Store that a turn began; one that can't be stored goes on all the same."""
    start = turn.start
    new_turn = NewTurn(
        turn_id=turn.id,
        session_id=start.session_id,
        person=memory_key(start.person),
        audience=memory_key(start.person),
        character=start.character_id,
        origin=Origin(start.origin.value),
        started_ms=round(turn.stage_times["start"]),
        device=device,
    )
    try:
        await store.start_turn(_scope(turn), new_turn)
    except StoreError as err:
        LOGGER.warning("A turn can't be remembered: %s", err)


async def async_remember_end(store: Store, turn: Turn) -> None:
    """Store what was said and heard, when the sound has ended."""
    scope, start = _scope(turn), turn.start
    try:
        if turn.heard_text:
            await store.add_message(scope, _question(turn))
        if turn.speech.text or turn.display_text:
            await store.add_message(scope, _answer(turn))
        await store.end_turn(
            scope, turn.id, start.session_id, error=turn.error, stages=dict(turn.stage_times)
        )
    except StoreError as err:
        LOGGER.warning("A turn can't be remembered: %s", err)


def _scope(turn: Turn) -> Scope:
    """Return for whom the memory is asked."""
    return Scope.of(memory_key(turn.start.person), turn.start.character_id)


def _question(turn: Turn) -> NewMessage:
    """Return the person's words."""
    return NewMessage(
        session_id=turn.start.session_id,
        role=Role.USER,
        text=turn.heard_text,
        author=turn.start.person.user_id,
        turn_id=turn.id,
        created_ms=round(turn.stage_times["start"]),
    )


def _answer(turn: Turn) -> NewMessage:
    """Return the character's words, with what was heard before somebody cut in."""
    return NewMessage(
        session_id=turn.start.session_id,
        role=Role.ASSISTANT,
        text=turn.speech.text,
        display=turn.display_text,
        author=turn.start.character_id,
        turn_id=turn.id,
        created_ms=round(turn.stage_times.get("first_text", turn.stage_times["start"])),
        heard=heard_text(turn) if turn.cut_ms is not None else None,
        cut_ms=turn.cut_ms,
        cues=[timed.as_dict() for segment in turn.segments for timed in segment.cues],
        timeline=[segment.as_dict() for segment in turn.segments],
    )


def heard_text(turn: Turn) -> str:
    """Return the answer up to the last word that had begun when the sound was cut."""
    end = 0
    for segment in turn.segments:
        for word in segment.words:
            if word.at_ms < (turn.cut_ms or 0):
                end = word.offset + word.length
    return turn.speech.text[:end]
