"""Lorebooks of other programs."""

import json
from typing import Any

import pytest

from custom_components.waifu_rt3d.characters.cards.errors import CardError
from custom_components.waifu_rt3d.characters.lorebook import Scan, activated, book_from
from custom_components.waifu_rt3d.characters.lorebook_files import read_lorebook

ENTRY = {"keys": ["honey"], "content": "It is sweet.", "enabled": True, "insertion_order": 1}
BOOKS: dict[str, dict[str, Any]] = {
    "sillytavern": {"entries": {"0": {"key": ["honey"], "keysecondary": [], "content": "It is sweet.", "order": 1, "disable": False}}},
    "card v3": {"spec": "lorebook_v3", "data": {"entries": [ENTRY]}},
    "alone": {"entries": [ENTRY], "scan_depth": 2},
    "agnai": {"kind": "memory", "entries": [{"keywords": ["honey"], "entry": "It is sweet.", "enabled": True}]},
    "risu": {"type": "risu", "ver": 1, "data": [{"key": "honey, wax", "content": "It is sweet.", "mode": "normal", "insertorder": 100}]},
    "novelai": {"lorebookVersion": 5, "entries": [{"keys": ["honey"], "text": "It is sweet.", "displayName": "x"}]},
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_lorebook_of_a_program(name: str) -> None:
    """The entry comes when its word is said, and only then."""
    book = read_lorebook(json.dumps(BOOKS[name]).encode())
    assert [e.content for e in activated(book, Scan(messages=["some honey"]))] == ["It is sweet."]
    assert activated(book, Scan(messages=["nothing"])) == ()


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"entries": 1}', b'{"name": "A"}', b"\xff"])
def test_no_lorebook(data: bytes) -> None:
    """What is none gets a sentence."""
    with pytest.raises(CardError, match="lorebook"):
        read_lorebook(data)


def test_sillytavern_numbers_in_a_card() -> None:
    """Depth and place of SillyTavern are found in its extensions; its words with marks are words."""
    entry = {
        "keys": ["C++"],
        "content": "A language.",
        "use_regex": True,
        "position": "after_char",
        "extensions": {"position": 4, "depth": 2, "selectiveLogic": 0},
    }
    book = book_from({"entries": [entry]})
    (found,) = activated(book, Scan(messages=["I like C++ a lot"]))
    assert found.depth == 2
