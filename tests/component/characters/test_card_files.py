"""Cards of other programs and in other files: nothing of them is lost on any way round."""

import base64
import json
from typing import Any

import pytest
import yaml

from custom_components.waifu_rt3d.characters.cards.archive import packed, unpacked
from custom_components.waifu_rt3d.characters.cards.card import Card, Spec, card_from
from custom_components.waifu_rt3d.characters.cards.errors import CardError
from custom_components.waifu_rt3d.characters.cards.files import (
    losses,
    read_card,
    suffix_of,
    write_card,
)
from custom_components.waifu_rt3d.characters.cards.png import SIGNATURE

from .test_cards import DOCUMENTS, V1, as_json, chunk, picture, text, v2, v3

TGW = {
    "name": "Ada",
    "greeting": "Hello, {{user}}.",
    "context": "Ada's Persona: she keeps bees.\nShe is calm.",
    "own_key": {"deep": [1, True, None]},
}
PYGMALION = {
    "char_name": "Ada",
    "char_persona": "keeps bees",
    "char_greeting": "Hello.",
    "world_scenario": "A garden.",
    "example_dialogue": "You: Hi\nAda: Hm.",
}
AGNAI = {
    "kind": "character",
    "name": "Ada",
    "description": "notes",
    "persona": {"kind": "wpp", "attributes": {"job": ["beekeeper", "engineer"], "mood": ["calm"]}},
    "greeting": "Hello.",
    "scenario": "A garden.",
    "sampleChat": "{{char}}: Hm.",
    "tags": ["calm"],
    "characterBook": {
        "kind": "memory",
        "name": "bees",
        "entries": [
            {"name": "honey", "entry": "It is sweet.", "keywords": ["honey"], "enabled": True}
        ],
    },
}
CHARACTER_AI = {"character": {"name": "Ada", "title": "keeps bees", "greeting": "Hello.", "definition": "{{char}}: Hm."}}  # fmt: skip
BYAF_FILES = {
    "manifest.json": {
        "schemaVersion": 1,
        "createdAt": "2025-01-01T00:00:00.000Z",
        "characters": ["characters/abc/character.json"],
        "scenarios": ["scenarios/scenario1.json", "scenarios/scenario2.json"],
        "author": {"name": "somebody", "backyardURL": "https://example.org/somebody"},
        "own": 1,
    },
    "characters/abc/character.json": {
        "schemaVersion": 1,
        "id": "abc",
        "name": "Ada",
        "displayName": "Ada",
        "isNSFW": False,
        "persona": "{character} keeps bees with {user}.",
        "loreItems": [{"id": "1", "key": "honey, wax", "value": "{character} sells it."}],
        "images": [{"path": "images/a.png", "label": ""}],
        "other": [None],
    },
    "scenarios/scenario1.json": {
        "narrative": "A garden.",
        "formattingInstructions": "Be brief.",
        "exampleMessages": [{"characterID": "abc", "text": "#{user}: Hi\n#{character}: Hm."}],
        "firstMessages": [{"characterID": "abc", "text": "Hello, {user}."}],
        "messages": [],
    },
    "scenarios/scenario2.json": {"firstMessages": [{"characterID": "abc", "text": "Oh."}]},
}


def byaf() -> bytes:
    """Return an archive of Backyard."""
    files = {path: as_json(document) for path, document in BYAF_FILES.items()}
    return packed({**files, "characters/abc/images/a.png": picture()})


OTHERS = {
    "tgw yaml": (yaml.safe_dump(TGW).encode(), "She is calm"),
    "tgw json": (as_json(TGW), "She is calm"),
    "pygmalion": (as_json(PYGMALION), "keeps bees"),
    "pygmalion yaml": (yaml.safe_dump(PYGMALION).encode(), "keeps bees"),
    "agnai": (as_json(AGNAI), "job: beekeeper, engineer"),
    "character.ai": (as_json(CHARACTER_AI), "{{char}}: Hm."),
    "byaf": (byaf(), "{{char}} keeps bees with {{user}}."),
}
ENDINGS = [".json", ".png", ".apng", ".charx", ".jpg"]


@pytest.mark.parametrize("name", OTHERS)
def test_card_of_another_program(name: str) -> None:
    """Name, description and greeting are found, whatever the program calls them."""
    data, description = OTHERS[name]
    card = read_card(data)
    assert card.name == "Ada"
    assert description in card.text("description")
    assert card.greetings[0].startswith("Hello")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", OTHERS)
def test_card_of_another_program_goes_round(name: str, ending: str) -> None:
    """Through any kind of file every text of the original document is still there."""
    card = read_card(OTHERS[name][0])
    again = read_card(write_card(card, ending))
    assert again.as_spec(Spec.V3).raw == card.as_spec(Spec.V3).raw
    if ending != ".json":
        assert again.assets == card.assets


@pytest.mark.parametrize("document", [TGW, PYGMALION])
@pytest.mark.parametrize("ending", [".json", ".png", ".charx"])
def test_yaml_comes_back_as_it_was(document: dict[str, Any], ending: str) -> None:
    """A YAML character that was kept as another file is written as the same YAML."""
    card = read_card(yaml.safe_dump(document).encode())
    kept = read_card(write_card(card, ending))
    assert yaml.safe_load(write_card(kept, ".yaml")) == document


def test_yaml_of_another_card() -> None:
    """A card becomes what text-generation-webui reads, and what it becomes is read again."""
    written = yaml.safe_load(write_card(card_from(v3()), ".yml"))
    assert list(written)[-1] == "waifu_rt3d_card"
    assert written["name"] == "Ada"
    assert written["greeting"] == "Hello, {{user}}."
    assert "engineer" in written["context"]
    assert read_card(write_card(card_from(v3()), ".yml")).text("description") == V1["description"]


def test_changed_field_goes_into_the_yaml() -> None:
    """What was changed since is written in place of the old text, under the name that it had."""
    card = read_card(yaml.safe_dump(PYGMALION).encode())
    data = {**card.data, "description": "keeps wasps"}
    changed = Card(spec=card.spec, raw={**card.raw, "data": data})
    written = yaml.safe_load(write_card(changed, ".yaml"))
    assert written == {**PYGMALION, "char_persona": "keeps wasps"}


def test_byaf_comes_back_as_it_was() -> None:
    """All files of the archive are the same, also over a picture."""
    card = read_card(byaf())
    assert card.texts("alternate_greetings") == ("Oh.",)
    assert card.book is not None
    assert card.book["entries"][0]["keys"] == ["honey", "wax"]
    assert card.image == picture()
    for ending in (".byaf", ".png", ".charx"):
        again = read_card(write_card(card, ending))
        files = unpacked(write_card(again, ".byaf"))
        assert {path: json.loads(files[path]) for path in BYAF_FILES} == BYAF_FILES


@pytest.mark.parametrize("document", DOCUMENTS)
def test_byaf_of_another_card(document: dict[str, Any]) -> None:
    """A card becomes an archive for Backyard that is read again."""
    card = read_card(write_card(card_from(document), ".byaf"))
    assert card.name == "Ada"
    assert card.greetings[0] == "Hello, {{user}}."


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("ending", [".yaml", ".byaf"])
def test_nothing_is_lost_in_a_poorer_file(document: dict[str, Any], ending: str) -> None:
    """What the other program has no place for comes back, unless its own fields were changed."""
    card = card_from(document)
    assert read_card(write_card(card, ending)).raw == document
    data = write_card(card, ending)
    changed = data.replace(b"Hello, {{user}}.", b"Good day.", 1)
    if ending == ".yaml":
        assert read_card(changed).greetings[0] == "Good day."


@pytest.mark.parametrize("make", [v2, v3])
def test_picture_goes_along(make: Any) -> None:
    """A picture stays the card's picture through an archive, and the document as it was."""
    image = picture(text(b"chara", make()))
    card = read_card(image)
    boxed = read_card(write_card(card, ".charx"))
    assert boxed.image is not None
    assert boxed.as_spec(Spec.V3).raw == card.as_spec(Spec.V3).raw
    assert read_card(write_card(boxed, ".png")).as_spec(Spec.V3).raw == card.as_spec(Spec.V3).raw
    assert losses(card, ".json") == ("the picture",)


def test_icon_is_named_in_an_archive() -> None:
    """Other programs find the picture where the card says that it is."""
    files = unpacked(write_card(read_card(picture(text(b"chara", v2()))), ".charx"))
    (asset,) = json.loads(files["card.json"])["data"]["assets"]
    assert files[asset["uri"].removeprefix("embeded://")].startswith(SIGNATURE)


def test_jpeg_keeps_its_picture() -> None:
    """The picture in front is the same afterwards; a card without one gets a small one."""
    front = base64.b64decode(b"/9j/4AAQ") + b" picture \xff\xd9"
    card = read_card(front + packed({"card.json": as_json(v3()), "assets/a.bin": b"1"}))
    written = write_card(card, ".jpeg")
    assert written.startswith(front)
    assert read_card(written).assets == {"assets/a.bin": b"1"}
    assert write_card(card_from(V1), ".jpg").startswith(b"\xff\xd8\xff")


def test_files_go_along_in_a_picture() -> None:
    """The files of an archive are chunks of a picture, and files of an archive again."""
    data = {"card.json": as_json(v3()), "assets/x_vrm/3d/me.vrm": b"glTF", "module.risum": b"\0\1"}
    card = read_card(packed(data))
    assert read_card(write_card(card, ".png")).assets == card.assets


@pytest.mark.parametrize(
    "data",
    [
        picture(chunk(b"tEXt", b"chara\0" + base64.b64encode(as_json(v2())).rstrip(b"="))),
        picture(chunk(b"tEXt", b"chara\0" + base64.encodebytes(as_json(v2())))),
        picture(chunk(b"tEXt", b"chara\0" + base64.urlsafe_b64encode(as_json(v2())))),
        b"\xef\xbb\xbf" + as_json(v2()),
        json.dumps(v2()).encode("utf-16"),
        b"\n\n  " + as_json(v2()),
        packed({"Ada/card.json": as_json(v2()), "Ada/readme.txt": b"x"}),
    ],
)
def test_habits_of_programs(data: bytes) -> None:
    """Marks, missing padding and folders around everything do no harm."""
    assert read_card(data).raw == v2()


def test_version_that_was_forgotten() -> None:
    """A document with data but no version is read, and stays as it is."""
    raw = {"data": v2()["data"], "chat": "x"}
    card = read_card(as_json(raw))
    assert (card.spec, card.raw) == (Spec.V2, raw)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: &x [1, 2]\nb: *x\nname: Ada\ncontext: y", "refers to itself"),
        (b"name: [unclosed\ncontext: x", "neither"),
        (b"- a: 1\n- b: 2", "neither"),
        (b"name: Ada\nother: 1", "not a character card"),
        (b"just: some\ntext: here", "not a character card"),
        (packed({"manifest.json": b"{}"}), "no character"),
        (packed({"manifest.json": b"["}), "not JSON"),
        (packed({"manifest.json": as_json({"characters": ["gone.json"]})}), "no character"),
        (packed({}), "no card.json"),
    ],
)
def test_bad_file_of_another_program(data: bytes, words: str) -> None:
    """Each bad file gets a sentence."""
    with pytest.raises(CardError, match=words):
        read_card(data)


@pytest.mark.parametrize("name", OTHERS)
def test_kind_of_file_is_told(name: str) -> None:
    """A kept file is named for what it is."""
    endings = {"byaf": ".byaf", "tgw yaml": ".yaml", "pygmalion yaml": ".yaml"}
    assert suffix_of(OTHERS[name][0]) == endings.get(name, ".json")
