"""The HTTP views as an OpenAPI document."""

import re
from typing import Any

from .commands import View

type Json = dict[str, Any]

_PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def openapi(views: list[View], version: str) -> Json:
    """Return the document."""
    paths: Json = {}
    for view in views:
        path = _PLACE.sub(r"{\1}", view.path)
        paths.setdefault(path, {})[view.method] = _operation(view)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "waifu-rt3d over Home Assistant's web server",
            "version": version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"securitySchemes": {"login": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(view: View) -> Json:
    """Return one method of a path."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PLACE.findall(view.path)
    ]
    return {
        "summary": view.summary,
        **({"parameters": parameters} if parameters else {}),
        **({"security": [{"login": []}]} if view.login else {}),
        "responses": {
            "200": {
                "description": "The file",
                "content": {"application/octet-stream": {"schema": {"format": "binary"}}},
            },
            "401": {"description": "Nobody is logged in, or the signature is too old"},
            "404": {"description": "It is not there, or belongs to somebody else"},
        },
    }
