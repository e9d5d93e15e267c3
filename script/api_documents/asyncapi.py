"""The websocket commands as an AsyncAPI 3 document."""

from typing import Any

from .commands import Command
from .examples import Examples, schema_of

type Json = dict[str, Any]

ADDRESS = "/api/websocket"
_ERROR: Json = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "translation_domain": {"type": "string"},
        "translation_key": {"type": "string"},
        "translation_placeholders": {"type": "object"},
    },
    "required": ["code", "message"],
}


def asyncapi(commands: list[Command], examples: Examples, version: str) -> Json:
    """Return the document; every command is an operation with its reply."""
    messages: Json = {"envelope": _envelope(examples)}
    operations: Json = {}
    for command in commands:
        name = command.type.removeprefix("waifu_rt3d/").replace("/", "_")
        messages[name] = _message(command, examples)
        reply = f"{name}_reply"
        messages[reply] = _reply(command, examples)
        operations[name] = {
            "action": "receive",
            "channel": {"$ref": "#/channels/websocket"},
            "summary": command.summary,
            "messages": [{"$ref": f"#/channels/websocket/messages/{name}"}],
            "reply": {
                "channel": {"$ref": "#/channels/websocket"},
                "messages": [{"$ref": f"#/channels/websocket/messages/{reply}"}],
            },
            **({"tags": [{"name": "administrators"}]} if command.admin else {}),
        }
    operations["envelopes"] = {
        "action": "send",
        "channel": {"$ref": "#/channels/websocket"},
        "summary": "What happens in the turns that the user may follow, after `subscribe`.",
        "messages": [{"$ref": "#/channels/websocket/messages/envelope"}],
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "waifu-rt3d over Home Assistant's websocket",
            "version": version,
            "description": "Commands of the integration; login and framing are those of core.",
            "license": {"name": "Apache-2.0"},
        },
        "channels": {"websocket": {"address": ADDRESS, "messages": messages}},
        "operations": operations,
    }


def _message(command: Command, examples: Examples) -> Json:
    """Return what a client sends."""
    payload = {
        **command.fields,
        "properties": {"id": {"type": "integer"}, **command.fields.get("properties", {})},
        "required": ["id", *command.fields["required"]],
    }
    example = examples.messages.get(command.type)
    shown = {"examples": [{"payload": {"id": 1, **example}}]} if example else {}
    return {"summary": command.summary, "payload": payload, **shown}


def _reply(command: Command, examples: Examples) -> Json:
    """Return what Home Assistant answers."""
    result = schema_of(examples.results.get(command.type))
    properties = {
        "id": {"type": "integer"},
        "type": {"const": "result"},
        "success": {"type": "boolean"},
        "result": result,
        "error": _ERROR,
    }
    event = examples.events.get(command.type)
    before = {"x-event": schema_of(event)} if event else {}
    return {"payload": {"type": "object", "properties": properties}, **before}


def _envelope(examples: Examples) -> Json:
    """Return what comes through the subscription, each kind with its data."""
    kinds = [
        {
            "title": kind,
            "properties": {"kind": {"const": kind}, "data": schema_of(envelope["data"])},
        }
        for kind, envelope in sorted(examples.envelopes.items())
    ]
    properties = {
        "v": {"const": 1},
        "seq": {"type": "integer"},
        "turn_id": {"type": "string"},
        "kind": {"type": "string"},
        "data": {"type": "object"},
    }
    return {
        "summary": "One message of a turn",
        "payload": {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "oneOf": kinds,
        },
    }
