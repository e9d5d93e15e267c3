"""What more than one protocol writes alike."""

from collections.abc import Iterable
from typing import Any

from .base import ToolSpec


def function_tools(tools: Iterable[ToolSpec]) -> list[dict[str, Any]]:
    """Return tools as OpenAI's chat completions and Ollama write them.

    Their order is always the same, so that a server finds its prompt in its cache.
    """
    return [_function(tool) for tool in sorted(tools, key=lambda tool: tool.name)]


def _function(tool: ToolSpec) -> dict[str, Any]:
    """Return one tool."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        },
    }
