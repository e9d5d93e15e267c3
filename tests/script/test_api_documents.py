"""The documents of the interface say what the code does."""

import json
from pathlib import Path

from api_documents.__main__ import differing, documents
from api_documents.commands import commands, views
import pytest


def test_documents_are_what_the_code_says() -> None:
    """Whoever changes a command or a golden file writes the documents anew."""
    assert differing() == [], "run script/api"


def test_difference_is_noticed(tmp_path: Path) -> None:
    """A document that is missing or was changed by hand is named."""
    for name, text in documents().items():
        (tmp_path / name).write_text(text, "utf-8")
    assert differing(tmp_path) == []
    (tmp_path / "api.md").write_text("by hand", "utf-8")
    (tmp_path / "openapi.json").unlink()
    assert differing(tmp_path) == ["api.md", "openapi.json"]


def test_every_command_has_a_sentence() -> None:
    """A command that nobody can read about is not documented."""
    assert [one.type for one in commands() if not one.summary.endswith(".")] == []


def test_administrators_are_marked() -> None:
    """Only what core refuses to others is said to be for administrators."""
    assert {one.type for one in commands() if one.admin} == {
        "waifu_rt3d/character/export",
        "waifu_rt3d/character/import",
        "waifu_rt3d/lorebook/import",
        "waifu_rt3d/lorebook/list",
        "waifu_rt3d/lorebook/remove",
        "waifu_rt3d/preflight",
    }


def test_views_need_a_login() -> None:
    """Nothing of a home is served to somebody who is not logged in."""
    assert views()
    assert all(view.login for view in views())


@pytest.mark.parametrize("name", ["asyncapi.json", "openapi.json"])
def test_references_lead_somewhere(name: str) -> None:
    """Every `$ref` of a document names a part of it."""
    document = json.loads(documents()[name])

    def look(value: object) -> None:
        if isinstance(value, dict):
            if isinstance(reference := value.get("$ref"), str):
                part = document
                for step in reference.removeprefix("#/").split("/"):
                    part = part[step]
            for item in value.values():
                look(item)
        elif isinstance(value, list):
            for item in value:
                look(item)

    look(document)
