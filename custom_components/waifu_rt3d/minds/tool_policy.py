"""Which tools may do harm, and whose answers come from outside the house.

What a model is told may hold orders of a stranger: the prompt of an imported character, a web
page, an old chat that was imported. While such text is before the model, a tool that may do harm
waits for the yes of the person (`consent.py`).
"""

from typing import Any, Final

from homeassistant.components import conversation
from homeassistant.components.alarm_control_panel import DOMAIN as ALARM_DOMAIN
from homeassistant.components.cover import CoverDeviceClass
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv, intent
from homeassistant.helpers.llm import APIInstance, IntentTool, NamespacedTool, Tool

from ..characters.consent_words import short_language
from ..const import DOMAIN

_DANGEROUS_DOMAINS: Final = {ALARM_DOMAIN, "lock", "siren", "valve"}
_OPAQUE_DOMAINS: Final = {"automation", "button", "input_button", "script"}
"""Nobody can tell what these do."""
_DANGEROUS_COVERS: Final = {
    CoverDeviceClass.DOOR,
    CoverDeviceClass.GARAGE,
    CoverDeviceClass.GATE,
    CoverDeviceClass.WINDOW,
}
_HARMLESS_INTENTS: Final = {
    intent.INTENT_CANCEL_ALL_TIMERS,
    intent.INTENT_CANCEL_TIMER,
    intent.INTENT_DECREASE_TIMER,
    intent.INTENT_INCREASE_TIMER,
    intent.INTENT_PAUSE_TIMER,
    intent.INTENT_START_TIMER,
    intent.INTENT_TIMER_STATUS,
    intent.INTENT_UNPAUSE_TIMER,
}
_OPAQUE_INTENTS: Final = {"intent_script"}
"""Integrations whose intents do what the owner wrote: their targets do not tell what."""
_PLAYS: Final = {"media_player"}
"""Declares nothing, and only plays."""
_STRANGERS_WRITE: Final = {"calendar", "todo"}
"""Invitations and shared lists are written by others, though the tools stay in the house."""
REMEMBER: Final = f"{DOMAIN}__remember"
"""Our tool for notes."""
NOTE_CHARS: Final = 200
"""A note that a person confirms is heard whole, so it must be short."""
_MOST_NAMES = 4
_MOST_CHARS = 60
_VERBS: Final = {
    "en": {"on": "turn on {x}", "off": "turn off {x}", "lock.on": "lock {x}", "lock.off": "unlock {x}",
           "cover.on": "open {x}", "cover.off": "close {x}", "valve.on": "open {x}", "valve.off": "close {x}",
           "script.on": "run {x}", "button.on": "press {x}", "input_button.on": "press {x}",
           "position": "move {x} to {position} %", "timer": "set a timer that then says “{x}” to the house",
           "remember": "remember “{x}”", "tool": "use “{x}”", "tool_with": "use “{x}” with {arguments}", "more": "{names} and {count} more", "all": "that"},
    "de": {"on": "{x} einschalten", "off": "{x} ausschalten", "lock.on": "{x} abschließen", "lock.off": "{x} aufschließen",
           "cover.on": "{x} öffnen", "cover.off": "{x} schließen", "valve.on": "{x} öffnen", "valve.off": "{x} schließen",
           "script.on": "{x} ausführen", "button.on": "{x} drücken", "input_button.on": "{x} drücken",
           "position": "{x} auf {position} % stellen", "timer": "einen Timer stellen, der dem Haus dann „{x}“ sagt",
           "remember": "mir „{x}“ merken", "tool": "„{x}“ benutzen", "tool_with": "„{x}“ mit {arguments} benutzen", "more": "{names} und {count} weitere", "all": "das"},
}  # fmt: skip


def is_dangerous(hass: HomeAssistant, tool: Tool, arguments: dict[str, Any]) -> bool:
    """Return whether this use of a tool may do harm: a lock, a gate, an alarm, or who knows what."""
    inner = _inner(tool)
    annotations = inner.annotations
    if annotations.read_only or not annotations.destructive or inner.integration in _PLAYS:
        return False
    if not isinstance(inner, IntentTool) or inner.integration in _OPAQUE_INTENTS:
        return True
    if arguments.get("conversation_command"):
        return True  # a timer that gives a command when it ends
    if inner.intent_type in _HARMLESS_INTENTS:
        return False
    targets = _targets(hass, inner, arguments)
    if targets is None:
        # It is not known what will be reached: ask where anything dangerous could be.
        targets = _exposed(hass)
    return any(_is_dangerous_state(hass, state) for state in targets)


def is_own(tool: Tool) -> bool:
    """Return whether a tool is the character's own: its face, its hands, its memory."""
    return _inner(tool).integration == DOMAIN


def only_tells(tool: Tool | None) -> bool:
    """Return whether a tool changes nothing, so that its use alone is no answer."""
    return tool is None or _inner(tool).annotations.read_only


def is_note(tool: Tool | None) -> bool:
    """Return whether a tool keeps words for later: a note is trusted whenever it is recalled."""
    return tool is not None and _inner(tool).name == REMEMBER


def brings_text(tool: Tool | None) -> bool:
    """Return whether a tool's answer may hold words of strangers; one that is not known may."""
    if tool is None:
        return True
    inner = _inner(tool)
    return inner.annotations.open_world or inner.integration in _STRANGERS_WRITE


def tool_named(api: APIInstance | None, name: str) -> Tool | None:
    """Return a tool of an API."""
    return next((tool for tool in api.tools if tool.name == name), None) if api else None


def described(hass: HomeAssistant, tool: Tool, arguments: dict[str, Any], language: str) -> str:
    """Return what a tool would do, made of names of the house where it can be, as plain words."""
    inner, verbs = _inner(tool), _VERBS[short_language(language)]
    if inner.name == REMEMBER:
        return verbs["remember"].format(x=plain_words(arguments.get("text", ""), most=NOTE_CHARS))
    if command := arguments.get("conversation_command"):
        return verbs["timer"].format(x=plain_words(command))
    if done := deed(hass, tool, arguments, language):
        return done
    shown = ", ".join(
        f"{plain_words(key)}: {plain_words(value)}" for key, value in arguments.items()
    )
    label = plain_words(inner.title or inner.name)
    return verbs["tool_with" if shown else "tool"].format(x=label, arguments=shown)


def deed(hass: HomeAssistant, tool: Tool, arguments: dict[str, Any], language: str) -> str:
    """Return what an intent does to things of the house, empty where they are not known."""
    inner, verbs = _inner(tool), _VERBS[short_language(language)]
    if isinstance(inner, IntentTool) and (targets := _targets(hass, inner, arguments)):
        return _of_targets(inner.intent_type, targets, arguments, verbs)
    return ""


def _of_targets(
    intent_type: str, targets: list[State], arguments: dict[str, Any], verbs: dict[str, str]
) -> str:
    """Return what an intent does to things of the house."""
    names = [plain_words(state.name) for state in targets]
    shown = ", ".join(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        shown = verbs["more"].format(names=shown, count=len(names) - _MOST_NAMES)
    if intent_type == intent.INTENT_SET_POSITION:
        return verbs["position"].format(
            x=shown, position=plain_words(arguments.get("position", "?"))
        )
    way = {intent.INTENT_TURN_ON: "on", intent.INTENT_TURN_OFF: "off"}.get(intent_type)
    if way is None:
        return verbs["tool_with"].format(x=intent_type, arguments=shown)
    domains = {state.domain for state in targets}
    own = f"{domains.pop()}.{way}" if len(domains) == 1 else way
    return verbs.get(own, verbs[way]).format(x=shown)


def _inner(tool: Tool) -> Tool:
    """Return the tool itself, without the namespaces around it."""
    while isinstance(tool, NamespacedTool):
        tool = tool.tool
    return tool


def _targets(
    hass: HomeAssistant, tool: IntentTool, arguments: dict[str, Any]
) -> list[State] | None:
    """Return what an intent would reach, as Home Assistant finds it; `None` where that is not sure."""
    given = {k: v for k, v in arguments.items() if not intent.is_blank_slot_value(v)}
    constraints = intent.MatchTargetsConstraints(
        name=None if given.get("name") == "all" else given.get("name"),
        area_name=given.get("area"),
        floor_name=given.get("floor"),
        domains=set(cv.ensure_list(given.get("domain") or [])) or _domains_of(hass, tool),
        device_classes=set(cv.ensure_list(given.get("device_class") or [])) or None,
        assistant=conversation.DOMAIN,
        allow_duplicate_names=True,
    )
    if not constraints.has_constraints:
        return None
    try:
        result = intent.async_match_targets(hass, constraints)
    except TypeError, AttributeError:  # a model may write anything
        return None
    return list(result.states) if result.is_match else None


def _domains_of(hass: HomeAssistant, tool: IntentTool) -> set[str] | None:
    """Return what an intent reaches in any case."""
    for handler in intent.async_get(hass):
        if handler.intent_type == tool.intent_type:
            return getattr(handler, "required_domains", None)
    return None


def _exposed(hass: HomeAssistant) -> list[State]:
    """Return all that an agent may reach."""
    return [
        state
        for state in hass.states.async_all()
        if async_should_expose(hass, conversation.DOMAIN, state.entity_id)
    ]


def _is_dangerous_state(hass: HomeAssistant, state: State, depth: int = 3) -> bool:
    """Return whether a thing, or a member of a group or scene, may do harm."""
    if state.domain in _DANGEROUS_DOMAINS or state.domain in _OPAQUE_DOMAINS:
        return True
    if state.domain == "cover" and state.attributes.get(ATTR_DEVICE_CLASS) in _DANGEROUS_COVERS:
        return True
    members = state.attributes.get(ATTR_ENTITY_ID) if depth else None
    found = (hass.states.get(str(member)) for member in cv.ensure_list(members or []))
    return any(member and _is_dangerous_state(hass, member, depth - 1) for member in found)


def plain_words(value: object, *, most: int = _MOST_CHARS) -> str:
    """Return a value that a model may have written as short plain words: no tag, no new line."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    for sign in "[]<>*`|{}_":
        text = text.replace(sign, " ")
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"
