"""Regenerate, edit and branch; nothing is ever overwritten."""

from homeassistant.components import websocket_api
import probatio as vol

from ..cast.character import Character
from ..memory import NotFound, Role
from ..remembering.shown import shown_message, shown_session
from ..remembering.turns import Place
from ..turns.typed import Typed, async_answer, async_speak_again
from .asked import MESSAGE_ID, TEXT, Answer, Request, asks_memory

_MESSAGE = {vol.Required("message_id"): MESSAGE_ID}
_SPEAK = {vol.Optional("speak", default=True): bool}


@asks_memory("message/walk", _MESSAGE)
async def walk(request: Request) -> Answer:
    """Stand on the branch of a message, where it was left last."""
    await request.store.walk(request.scope, request.msg["message_id"])
    found = await request.store.message(request.scope, request.msg["message_id"])
    request.house.rewound.add(found.session_id)
    return shown_session(await request.store.session(request.scope, found.session_id))


@asks_memory("message/regenerate", {**_MESSAGE, **_SPEAK})
async def regenerate(request: Request) -> Answer:
    """Answer a question anew; the new reply stands beside the old one."""
    question = await request.store.regenerate(request.scope, request.msg["message_id"])
    return await _async_answer(request, question.session_id, question.id, question.text)


@asks_memory("message/edit", {**_MESSAGE, vol.Required("text"): TEXT, **_SPEAK})
async def edit(request: Request) -> Answer:
    """Put a changed message beside the old one; a changed question is answered."""
    text = request.msg["text"].strip()
    message_id = await request.store.edit_message(request.scope, request.msg["message_id"], text)
    changed = await request.store.message(request.scope, message_id)
    request.house.rewound.add(changed.session_id)
    if changed.role is Role.USER:
        answer = await _async_answer(request, changed.session_id, message_id, text)
        return {"message_id": message_id, **answer}
    return {"message_id": message_id, "session_id": changed.session_id}


@asks_memory("message/branch", _MESSAGE)
async def branch(request: Request) -> Answer:
    """Copy the way down to a message into a session of its own."""
    session = await request.store.branch_session(request.scope, request.msg["message_id"])
    return shown_session(session)


@asks_memory("message/alternatives", _MESSAGE)
async def alternatives(request: Request) -> Answer:
    """Return a message and those that stand beside it."""
    found = await request.store.message(request.scope, request.msg["message_id"])
    beside = [await request.store.message(request.scope, one) for one in found.alternatives]
    return {"messages": [shown_message(one) for one in beside or [found]]}


@asks_memory("message/speak", _MESSAGE)
async def speak(request: Request) -> Answer:
    """Speak an answer of before once more, on the card that asks; nothing new is stored."""
    message = await request.store.message(request.scope, request.msg["message_id"])
    if message.role is not Role.ASSISTANT or not message.text.strip():
        raise NotFound("Only an answer can be spoken again")
    character = await _async_character(request, message.session_id)
    context = request.connection.context(request.msg)
    turn = await async_speak_again(request.hass, request.connection, context, character, message)
    return {"turn_id": turn.id, "session_id": message.session_id}


async def _async_character(request: Request, session_id: str) -> Character:
    """Return who speaks in a session."""
    session = await request.store.session(request.scope, session_id)
    character = request.house.characters.get(session.character)
    if character is None or character.pipeline is None:
        raise NotFound("The character of this conversation is not there any more")
    return character


async def _async_answer(
    request: Request, session_id: str, question_id: int, text: str
) -> dict[str, str]:
    """Begin a turn that answers a stored question."""
    character = await _async_character(request, session_id)
    place = Place(session_id=session_id, question_id=question_id)
    typed = Typed(text=text, character=character, place=place, speak=request.msg["speak"])
    context = request.connection.context(request.msg)
    turn = await async_answer(request.hass, request.connection, context, typed)
    return {"turn_id": turn.id, "session_id": session_id}


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (
    walk,
    regenerate,
    edit,
    branch,
    alternatives,
    speak,
)
