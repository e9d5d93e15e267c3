"""Lorebooks: what comes to mind, in which order, and how much of it."""

from random import Random
from typing import Any

import pytest

from custom_components.waifu_rt3d.characters.lorebook import Lorebook, Scan, activated, book_from


def entry(*keys: str, **more: Any) -> dict[str, Any]:
    """Return an entry as a V2 card writes it."""
    return {
        "keys": list(keys),
        "content": more.pop("content", f"about {keys[0] if keys else 'all'}"),
        "extensions": more.pop("extensions", {}),
        "enabled": True,
        "insertion_order": 10,
        **more,
    }


def contents(book: Lorebook, *messages: str, **more: Any) -> list[str]:
    """Return what comes to mind."""
    return [found.content for found in activated(book, Scan(messages=messages, **more))]


def book(*entries: dict[str, Any], **more: Any) -> Lorebook:
    """Return a book."""
    return book_from({"entries": list(entries), **more})


@pytest.mark.parametrize(
    ("item", "said", "comes"),
    [
        (entry("dragon"), "A Dragon!", True),
        (entry("dragon"), "A dog.", False),
        (entry("dragon", case_sensitive=True), "A Dragon!", False),
        (entry("dragon", enabled=False), "dragon", False),
        (entry("dragon", constant=True), "nothing", True),
        (entry("cat"), "concatenate", True),
        (entry("cat", extensions={"match_whole_words": True}), "concatenate", False),
        (entry("cat", selective=True, secondary_keys=["dog"]), "a cat", False),
        (entry("cat", selective=True, secondary_keys=["dog"]), "a cat and a dog", True),
        (entry("cat", selective=False, secondary_keys=["dog"]), "a cat", True),
        (entry("cat", selective=True, secondary_keys=["dog"], extensions={"selectiveLogic": 2}), "a cat", True),
        (entry("cat", selective=True, secondary_keys=["a", "b"], extensions={"selectiveLogic": 3}), "cat a", False),
        (entry("cat", selective=True, secondary_keys=["x", "y"], extensions={"selectiveLogic": 1}), "cat x", True),
        (entry("dr[ao]gon", use_regex=True), "drogon", True),
        (entry("/Dr[ao]gon/"), "drogon", True),
        (entry("/Dr[ao]gon/s"), "drogon", False),
        (entry("dr[", use_regex=True), "dr[", True),
        (entry("竜"), "大きな竜だ", True),
        (entry(content="@@activate\ntext"), "nothing", True),
        (entry("cat", content="@@dont_activate\ntext"), "cat", False),
        (entry("cat", content="@@additional_keys dog, cow\ntext"), "a cow", True),
        (entry("cat", content="@@exclude_keys dog\ntext"), "cat and dog", False),
        (entry("cat", content="@@activate_only_after 2\ntext"), "cat", False),
        (entry("cat", extensions={"probability": 0, "useProbability": True}), "cat", False),
        (entry("cat", extensions={"probability": 0, "useProbability": False}), "cat", True),
    ],
)  # fmt: skip
def test_entry_comes_to_mind(item: dict[str, Any], said: str, *, comes: bool) -> None:
    """Keys, logic, decorators and chance decide."""
    assert bool(contents(book(item), said)) is comes


def test_only_new_messages_are_looked_at() -> None:
    """The scan goes back as far as the book, the entry or its decorator says."""
    item = entry("cat")
    messages = ("a cat", "1", "2")
    assert contents(book(item, scan_depth=2), *messages) == []
    assert contents(book(item, scan_depth=3), *messages)
    deep = entry("cat", content="@@scan_depth 5\ntext")
    assert contents(book(deep, scan_depth=1), *messages) == ["text"]


def test_order_and_budget() -> None:
    """Entries stand by their order; the important get the budget first."""
    items = [
        entry("cat", content="third " * 5, insertion_order=3, priority=1),
        entry("cat", content="first " * 5, insertion_order=1, priority=5),
        entry("cat", content="second " * 5, insertion_order=2, priority=0),
    ]
    assert [c.split()[0] for c in contents(book(*items), "cat")] == ["first", "second", "third"]
    tight = contents(book(*items, token_budget=22), "cat")
    assert [c.split()[0] for c in tight] == ["first", "third"]


def test_recursion() -> None:
    """An entry calls another only where the book, and both of them, want it."""
    cat = entry("cat", content="Cats fear dragons.")
    dragon = entry("dragon", content="Dragons are old.")
    assert contents(book(cat, dragon), "cat") == ["Cats fear dragons."]
    assert len(contents(book(cat, dragon, recursive_scanning=True), "cat")) == 2
    shy = entry("dragon", extensions={"exclude_recursion": True})
    assert len(contents(book(cat, shy, recursive_scanning=True), "cat")) == 1
    loop = book(entry("a", content="b"), entry("b", content="a"), recursive_scanning=True)
    assert contents(loop, "a") == ["b", "a"]


def test_chance_is_a_chance() -> None:
    """Half of the tosses, about."""
    item = book(entry("cat", extensions={"probability": 50}))
    random = Random(5)
    came = sum(bool(contents(item, "cat", random=random)) for _ in range(400))
    assert 150 < came < 250


def test_sillytavern_world_info() -> None:
    """A world info file is read with its own names."""
    raw = {
        "entries": {
            "0": {
                "uid": 0,
                "key": ["cat"],
                "keysecondary": [],
                "comment": "Cats",
                "content": "Cats purr.",
                "order": 7,
                "position": 4,
                "depth": 2,
                "disable": False,
                "selective": True,
                "probability": 100,
                "useProbability": True,
            },
            "1": {"key": ["cat"], "content": "off", "disable": True},
        }
    }
    (found,) = activated(book_from(raw), Scan(messages=("a cat",)))
    assert (found.name, found.content, found.order, found.depth) == ("Cats", "Cats purr.", 7, 2)


def test_odd_books_are_empty_or_partly_read() -> None:
    """Wrong types cost the entry, not the book."""
    assert book_from({"entries": 7}).entries == ()
    found = book_from({"entries": [1, {"keys": "a, b", "content": None, "insertion_order": "x"}]})
    assert found.entries[0].keys == ("a", "b")


def test_hostile_pattern_takes_no_time() -> None:
    """A pattern that could take for ever is not tried: this test would not end."""
    item = book(entry("(a+)+$", use_regex=True))
    assert contents(item, "a" * 5000 + "b") == []
