"""The commands and views as a page to read."""

import json
from typing import Any

from .commands import Command, View
from .examples import Examples

_HEAD = """\
# The interface

Written by `script/api` from the code and the golden files in `tests/contract`; a test fails when it differs. What the fields
mean stands in [contracts.md](contracts.md). For programs: [asyncapi.json](asyncapi.json) has every command and what comes
through the subscription, [openapi.json](openapi.json) the HTTP views.

Commands go over Home Assistant's own websocket (`/api/websocket`) after its login. Each answers only what the user who is
logged in may see; those marked *administrators* are refused to everybody else. A refusal has `code` and `message`, and where
a person may read it `translation_domain`, `translation_key` and `translation_placeholders`.

## Websocket commands
"""


def markdown(commands: list[Command], views: list[View], examples: Examples) -> str:
    """Return the page."""
    parts = [_HEAD, *(_command(command, examples) for command in commands)]
    parts += ["## HTTP\n", "| path | method | login | what |", "|---|---|---|---|"]
    parts += [
        f"| `{view.path}` | {view.method.upper()} | {'yes' if view.login else 'no'} | {view.summary} |"
        for view in views
    ]
    return "\n".join(parts) + "\n"


def _command(command: Command, examples: Examples) -> str:
    """Return the section of a command."""
    who = " *Administrators.*" if command.admin else ""
    lines = [f"### `{command.type}`\n", f"{command.summary}{who}\n"]
    properties = command.fields.get("properties", {})
    fields = {name: schema for name, schema in properties.items() if name != "type"}
    if fields:
        lines += ["| field | value | needed |", "|---|---|---|"]
        for name, schema in fields.items():
            needed = "yes" if name in command.fields["required"] else ""
            lines.append(f"| `{name}` | {_value(schema)} | {needed} |")
        lines.append("")
    if command.type in examples.results:
        lines += ["Answer, for example:\n", _json(examples.results[command.type])]
    if command.type in examples.events:
        lines += ["Events before it, for example:\n", _json(examples.events[command.type])]
    return "\n".join(lines)


def _value(schema: dict[str, Any]) -> str:
    """Say in words what a field takes."""
    if "anyOf" in schema:
        return " or ".join(_value(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    words = [str(schema.get("type", "anything"))]
    bounds = {"minimum": "from", "maximum": "to", "minLength": "from", "maxLength": "to"}
    unit = " characters" if schema.get("type") == "string" else ""
    limits = [f"{word} {schema[key]}" for key, word in bounds.items() if key in schema]
    if limits:
        words.append(f"{' '.join(limits)}{unit}")
    if "default" in schema:
        words.append(f"without it `{json.dumps(schema['default'])}`")
    return ", ".join(words)


def _json(value: Any) -> str:
    """Return a value as a block of code."""
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```\n"
