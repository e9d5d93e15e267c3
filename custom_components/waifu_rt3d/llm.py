"""Tools of a character's own: show a feeling, make a gesture, remember, recall, forget.

Platforms like this one reach every agent of the house: ours are there only inside a turn of ours,
so that no other agent can read what belongs to a person.
"""

from typing import Any, ClassVar, override

from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.llm import (
    API,
    LLM_API_ASSIST,
    APIInstance,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
import probatio as vol

from .const import DOMAIN
from .house import HOUSE
from .memory import Store, StoreError
from .minds.exposure import async_foreign
from .minds.tool_policy import REMEMBER
from .remembering.turns import scope_of_turn
from .stage.cues import CueKind, read_tag
from .stage.markup import Piece
from .turns.turn import Turn, current_turn

_RECALLED = 6
_LED = "Text from outside is in this talk; the person has to change notes on the page Memories"
_NOTE_CHARS = 500


@callback
def async_get_tools(hass: HomeAssistant, llm_context: LLMContext, api_id: str) -> LLMTools | None:
    """Return our tools inside a turn of ours, nothing elsewhere."""
    turn = current_turn.get()
    if api_id != LLM_API_ASSIST or turn is None or turn.ended.is_set() or HOUSE not in hass.data:
        return None
    return LLMTools(tools=_own_tools(hass))


@callback
def _own_tools(hass: HomeAssistant) -> list[Tool]:
    """Return the tools of a character's own."""
    tools: list[Tool] = [ExpressionTool(), GestureTool()]
    if hass.data[HOUSE].store is not None:
        tools += [RememberTool(), RecallTool(), ForgetTool()]
    return tools


class OwnApi(API):
    """The character's own tools alone, for one that may use nothing of the house."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Belong to no list: nobody else can choose it."""
        super().__init__(hass=hass, id=DOMAIN, name=DOMAIN)

    @override
    async def async_get_api_instance(self, llm_context: LLMContext) -> APIInstance:
        """Return the tools."""
        return APIInstance(
            api=self, api_prompt="", llm_context=llm_context, tools=_own_tools(self.hass)
        )


class _TurnTool(Tool):
    """A tool that works on the turn in which it is called."""

    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Do it within the turn, or tell why not."""
        turn = current_turn.get()
        if turn is None or turn.ended.is_set():
            return _failed("This works only while somebody is answered")
        data: dict[str, Any] = self.parameters(tool_input.tool_args)
        try:
            return await self.run(hass, turn, data)
        except StoreError as err:
            return _failed(str(err))

    async def run(self, hass: HomeAssistant, turn: Turn, data: dict[str, Any]) -> ToolResult:
        """Do it."""
        raise NotImplementedError


class _CueTool(_TurnTool):
    """A tool that shows something on the body."""

    annotations = ToolAnnotations(destructive=False, open_world=False)
    cue_kind: ClassVar[CueKind]

    @override
    async def run(self, hass: HomeAssistant, turn: Turn, data: dict[str, Any]) -> ToolResult:
        """Put the cue where the answer stands now."""
        found = read_tag(f"{self.cue_kind.value}:{data['name']}:{data.get('intensity', 1.0)}")
        if not found:
            return _failed(f"{data['name']} is not known")
        cue = found[0].at(len(turn.speech.text))
        turn.say(Piece(display="", speech="", cues=(cue,)))
        return ToolResult(data={"shown": cue.name})


class ExpressionTool(_CueTool):
    """Show a feeling on the face."""

    name = f"{DOMAIN}__set_expression"
    title = "Set expression"
    description = "Show a feeling on your face, such as happy, sad, surprised or relaxed."
    parameters = vol.Schema(
        {
            vol.Required("name"): cv.string,
            vol.Optional("intensity"): vol.All(vol.Coerce(float), vol.Range(min=0, max=1)),
        }
    )
    cue_kind = CueKind.EMOTION


class GestureTool(_CueTool):
    """Make a gesture."""

    name = f"{DOMAIN}__gesture"
    title = "Gesture"
    description = "Make a gesture, such as wave, nod, shake, shrug, think, bow or clap."
    parameters = vol.Schema({vol.Required("name"): cv.string})
    cue_kind = CueKind.GESTURE


class RememberTool(_TurnTool):
    """Keep a note about the person who speaks."""

    name = REMEMBER
    title = "Remember"
    description = "Keep a short note for later, when the person asks you to remember something."
    parameters = vol.Schema(
        {vol.Required("text"): vol.All(cv.string, vol.Length(min=1, max=_NOTE_CHARS))}
    )
    annotations = ToolAnnotations(destructive=False, open_world=False)

    @override
    async def run(self, hass: HomeAssistant, turn: Turn, data: dict[str, Any]) -> ToolResult:
        """Keep the note; who may be led by a stranger and can't be held back keeps none."""
        if turn.untrusted and not turn.guarded:
            return _failed(_LED)
        note_id = await _store(hass).add_note(
            scope_of_turn(turn), data["text"], audience=turn.start.memory
        )
        return ToolResult(data={"note_id": note_id})


class RecallTool(_TurnTool):
    """Look for what was said before."""

    name = f"{DOMAIN}__recall"
    title = "Recall"
    description = "Look up notes and what was said in earlier conversations about something."
    parameters = vol.Schema({vol.Required("about"): cv.string})
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )

    @override
    async def run(self, hass: HomeAssistant, turn: Turn, data: dict[str, Any]) -> ToolResult:
        """Return notes and pieces of talk."""
        store, scope = _store(hass), scope_of_turn(turn)
        found = await store.related(scope, data["about"], limit=_RECALLED)
        character = hass.data[HOUSE].characters.get(turn.start.character_id)
        ids = [ranked.message_id for ranked in found]
        if foreign := await async_foreign(store, scope, character, ids):
            if turn.guarded:
                turn.untrusted = True
            else:
                # another agent's tools are its own: nobody would ask before they do harm
                found = [ranked for ranked in found if ranked.message_id not in foreign]
        notes = await store.notes(scope)
        return ToolResult(
            data={
                "notes": [{"note_id": note.id, "text": note.text} for note in notes],
                "said": [ranked.text for ranked in found],
            }
        )


class ForgetTool(_TurnTool):
    """Forget a note."""

    name = f"{DOMAIN}__forget"
    title = "Forget"
    description = "Forget a note that recall has shown, when the person asks you to."
    parameters = vol.Schema({vol.Required("note_id"): cv.string})
    annotations = ToolAnnotations(destructive=True, idempotent=True, open_world=False)

    @override
    async def run(self, hass: HomeAssistant, turn: Turn, data: dict[str, Any]) -> ToolResult:
        """Forget it, with the same care."""
        if turn.untrusted and not turn.guarded:
            return _failed(_LED)
        await _store(hass).forget_note(scope_of_turn(turn), data["note_id"])
        return ToolResult(data={"forgotten": True})


def _store(hass: HomeAssistant) -> Store:
    """Return the memory."""
    store = hass.data[HOUSE].store
    if store is None:
        raise StoreError("There is no memory")
    return store


def _failed(reason: str) -> ToolResult:
    """Return that nothing was done."""
    return ToolResult(data={"error": reason}, error=True)
