"""Find the websocket commands and HTTP views of the component, as its code declares them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

from homeassistant.components.http import HomeAssistantView
import probatio as vol

import custom_components.waifu_rt3d as component

PREFIX = "waifu_rt3d/"
_METHODS = ("get", "post", "put", "delete", "head")

type Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A websocket command."""

    type: str
    summary: str
    admin: bool
    fields: Schema
    """JSON schema of the message without its `id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One method of an HTTP view."""

    path: str
    method: str
    summary: str
    login: bool


def commands() -> list[Command]:
    """Return every command, sorted by its name."""
    found: dict[str, Command] = {}
    for module in _modules():
        for handler in vars(module).values():
            name = getattr(handler, "_ws_command", None)
            if isinstance(name, str) and name.startswith(PREFIX):
                found[name] = _command(name, handler)
    return [found[name] for name in sorted(found)]


def views() -> list[View]:
    """Return every method of every view, sorted by path."""
    found: list[View] = []
    for module in _modules():
        for view in vars(module).values():
            if (
                inspect.isclass(view)
                and issubclass(view, HomeAssistantView)
                and view.__module__ == module.__name__
            ):
                found += _methods(view)
    return sorted(found, key=lambda view: (view.path, view.method))


def _command(name: str, handler: Callable[..., Any]) -> Command:
    """Read what a handler declares."""
    schema = getattr(handler, "_ws_schema", False) or vol.Schema({vol.Required("type"): name})
    fields = vol.to_openapi(schema, openapi_version="3.1.0")
    fields.get("properties", {}).pop("id", None)
    fields["required"] = [field for field in fields.get("required", []) if field != "id"]
    return Command(
        type=name,
        summary=_summary(handler),
        admin=any(layer.__code__.co_name == "with_admin" for layer in _layers(handler)),
        fields=fields,
    )


def _methods(view: type[HomeAssistantView]) -> Iterator[View]:
    """Yield the methods of a view."""
    for method in _METHODS:
        if handler := getattr(view, method, None):
            yield View(
                path=str(view.url),
                method=method,
                summary=_summary(handler),
                login=view.requires_auth,
            )


def _modules() -> Iterator[ModuleType]:
    """Yield every module of the component."""
    yield component
    for info in pkgutil.walk_packages(component.__path__, f"{component.__name__}."):
        yield importlib.import_module(info.name)


def _layers(handler: Callable[..., Any]) -> Iterator[Any]:
    """Yield a handler and what it wraps."""
    layer: Any = handler
    while layer is not None:
        yield layer
        layer = getattr(layer, "__wrapped__", None)


def _summary(handler: Callable[..., Any]) -> str:
    """Return the first line of a handler's docstring."""
    return (inspect.getdoc(handler) or "").partition("\n")[0]
