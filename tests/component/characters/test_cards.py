"""Character cards: 30 made cards go round without loss, hostile files get a sentence."""

import base64
import io
import json
import struct
from typing import Any
import zipfile
import zlib

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.waifu_rt3d.characters.cards.card import Card, Spec, card_from
from custom_components.waifu_rt3d.characters.cards.errors import CardError
from custom_components.waifu_rt3d.characters.cards.files import read_card, write_card
from custom_components.waifu_rt3d.characters.cards.png import SIGNATURE

V1: dict[str, Any] = {
    "name": "Ada",
    "description": "An engineer 🤖 of ünusual calm.",
    "personality": "dry",
    "scenario": "",
    "first_mes": "Hello, {{user}}.",
    "mes_example": "",
}
V2_DATA: dict[str, Any] = {
    **V1,
    "creator_notes": "notes",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": ["Oh, {{user}}!"],
    "tags": ["calm", "工"],
    "creator": "me",
    "character_version": "1.2",
    "extensions": {"depth_prompt": {"depth": 4, "prompt": "x"}},
    "character_book": {
        "extensions": {},
        "entries": [
            {
                "keys": ["engine"],
                "content": "It hums.",
                "extensions": {"own/thing": [1]},
                "enabled": False,
                "insertion_order": 3,
            }
        ],
    },
}
V3_DATA: dict[str, Any] = {
    **V2_DATA,
    "nickname": "A",
    "group_only_greetings": [],
    "assets": [{"type": "icon", "uri": "ccdefault:", "name": "main", "ext": "png"}],
    "source": ["https://example.org"],
    "creation_date": 1700000000,
}


def v2(**more: Any) -> dict[str, Any]:
    """Return a V2 card."""
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": {**V2_DATA, **more}}


def v3(**more: Any) -> dict[str, Any]:
    """Return a V3 card."""
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": {**V3_DATA, **more}}


DOCUMENTS = [
    V1,
    {**V1, "own_key": {"deep": [1, None]}},
    {**V1, "metadata": {"version": 1, "tool": {"name": "x"}}, "alternate_greetings": ["b"]},
    v2(),
    v2(own_key=[True, 1.5, "ü"]),
    {**v2(), "create_date": "today", "avatar": "none"},
    v2(character_book=None, extensions={}),
    v3(),
    v3(own_key={"a": "b"}, creator_notes_multilingual={"de": "Notiz"}),
    {**v3(), "spec_version": "3.1", "outer": 7},
]


def chunk(kind: bytes, body: bytes, *, crc: int | None = None) -> bytes:
    """Return a PNG chunk."""
    total = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", total)


def picture(*chunks: bytes) -> bytes:
    """Return a picture with chunks before its image."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    image = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"".join([SIGNATURE, chunk(b"IHDR", header), *chunks, image, chunk(b"IEND", b"")])


def text(keyword: bytes, document: object) -> bytes:
    """Return a text chunk with a card."""
    return chunk(b"tEXt", keyword + b"\0" + base64.b64encode(json.dumps(document).encode()))


def archive(files: dict[str, bytes], *, pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", pack) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def as_json(document: object) -> bytes:
    """Return a document as bytes."""
    return json.dumps(document).encode()


@pytest.mark.parametrize("suffix", [".json", ".png", ".charx"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_round_trip(document: dict[str, Any], suffix: str) -> None:
    """Import, export and import give the same document, keys nobody knows included: 30 cards."""
    card = read_card(as_json(document))
    again = read_card(write_card(card, suffix))
    if suffix == ".charx":
        # The format is V3 only; written once, it stays as it is.
        assert again.raw == card.as_spec(Spec.V3).raw
        assert read_card(write_card(again, suffix)) == again
    else:
        assert again.raw == document
        assert again.spec is card.spec


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("spec", [Spec.V2, Spec.V3])
def test_other_version_keeps_every_word(document: dict[str, Any], spec: Spec) -> None:
    """Going to a newer version loses no value."""
    card = card_from(document).as_spec(spec)
    assert card_from(json.loads(card.to_json())).spec is spec

    def leaves(value: object) -> set[str]:
        if isinstance(value, dict | list):
            inner = value.values() if isinstance(value, dict) else value
            return {leaf for item in inner for leaf in leaves(item)}
        return {json.dumps(value)}

    versions = {'"chara_card_v2"', '"chara_card_v3"', '"2.0"', '"3.0"', '"3.1"'}
    assert leaves(document) - leaves(card.raw) <= versions


def test_picture_keeps_its_image_and_other_chunks() -> None:
    """A card goes back into its own picture, where older programs find it too."""
    other = chunk(b"tEXt", b"Software\0x")
    card = read_card(picture(other, text(b"chara", v2()), text(b"ccv3", v3(name="New"))))
    assert (card.spec, card.name) == (Spec.V3, "New")
    written = write_card(card, ".png")
    assert other in written
    assert written.count(b"chara\0") == 1
    old = json.loads(base64.b64decode(written.split(b"chara\0")[1].split(b"\0", 1)[0][:-4] + b"=="))
    assert old["data"]["name"] == "New"
    assert read_card(written).raw == v3(name="New")


@pytest.mark.parametrize(
    "body",
    [
        chunk(b"zTXt", b"chara\0\0" + zlib.compress(base64.b64encode(as_json(v2())))),
        chunk(b"iTXt", b"chara\0\0\0\0\0" + base64.b64encode(as_json(v2()))),
        chunk(b"iTXt", b"ccv3\0\1\0en\0\0" + zlib.compress(base64.b64encode(as_json(v2())))),
        chunk(b"tEXt", b"Chara\0" + as_json(v2())),
        chunk(b"acTL", b"\0" * 8) + text(b"chara", v2()),
    ],
)
def test_ways_to_put_a_card_into_a_picture(body: bytes) -> None:
    """Packed, international, plain and animated pictures are read."""
    assert read_card(picture(body)).raw == v2()


def test_archive_with_an_avatar() -> None:
    """A VRM in the archive is the avatar; assets survive; a picture may stand in front."""
    files = {"card.json": as_json(v3()), "assets/a/me.vrm": b"glTF", "assets/icon.png": b"\x89"}
    card = read_card(archive(files))
    assert card.avatar == ("assets/a/me.vrm", b"glTF")
    assert read_card(write_card(card, ".charx")).assets == card.assets
    assert read_card(b"\xff\xd8\xff\xe0 picture \xff\xd9" + archive(files)).raw == v3()


def test_fields() -> None:
    """Greetings, nickname and book are found; odd types are left alone."""
    card = card_from(v3(tags="calm", alternate_greetings=[1, "x"], mes_example=7))
    assert (card.name, card.called) == ("Ada", "A")
    assert card.greetings == ("Hello, {{user}}.", "x")
    assert card.texts("tags") == ()
    assert card.text("mes_example") == ""
    assert card.book is not None


BOMB = archive({"card.json": as_json(v3()), "bomb": b"\0" * 30_000_000})
GOOD = archive({"card.json": as_json(v3())})
HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "text": (b"hello", "neither"),
    "broken json": (b'{"name": ', "not JSON"),
    "a list": (b"[]", "object"),
    "no card": (b'{"a": 1}', "not a character card"),
    "no name": (as_json({**V1, "name": " "}), "no name"),
    "no data": (as_json({"spec": "chara_card_v2", "data": 1}), "no data"),
    "future version": (as_json({**v3(), "spec": "chara_card_v4"}), "not known"),
    "future number": (as_json({**v3(), "spec_version": "4.0"}), "future"),
    "not utf-8": (b'{"name": "\xff"}', "UTF-8"),
    "deep": (b'{"name": "x", "description": ' + b"[" * 5000 + b"]" * 5000 + b"}", "deeply"),
    "deeper than python": (b'{"name":' + b"[" * 200_000, "deeply"),
    "cut picture": (picture(text(b"chara", v2()))[:60], "cut off"),
    "wrong crc": (picture(chunk(b"tEXt", b"chara\0e30=", crc=1)), "checksum"),
    "endless chunk": (SIGNATURE + b"\xff\xff\xff\xffIDAT", "cut off"),
    "picture alone": (picture(), "no character"),
    "no base64": (picture(chunk(b"tEXt", b"chara\0%%%")), "not a card"),
    "long text": (picture(chunk(b"tEXt", b"chara\0" + b"A" * 10_000_000)), "4 MB"),
    "packed bomb": (picture(chunk(b"zTXt", b"chara\0\0" + zlib.compress(b"A" * 50_000_000))), "4 MB"),
    "damaged packing": (picture(chunk(b"zTXt", b"chara\0\0xxxx")), "damaged"),
    "long json": (b'{"name": "' + b"x" * 5_000_000 + b'"}', "4 MB"),
    "zip slip": (archive({"card.json": as_json(v3()), "../evil": b"x"}), "outside"),
    "zip slip of windows": (archive({"card.json": as_json(v3()), "..\\evil": b"x"}), "outside"),
    "absolute path": (archive({"card.json": as_json(v3()), "/etc/passwd": b"x"}), "outside"),
    "zip bomb": (BOMB, "far more"),
    "no card in the archive": (archive({"other": b""}), "no card.json"),
    "cut archive": (GOOD[:-30], "damaged"),
    "damaged archive": (GOOD[:60] + b"\xff" * 20 + GOOD[80:], "damaged"),
    "too many files": (archive({f"{i}": b"" for i in range(2100)}), "too many"),
    "jpeg alone": (b"\xff\xd8\xff\xe0 picture", "no character"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(name: str) -> None:
    """Each bad file gets a sentence about what is wrong with it."""
    data, words = HOSTILE[name]
    with pytest.raises(CardError, match=words) as caught:
        read_card(data)
    assert str(caught.value).endswith(".")
    assert str(caught.value)[0].isupper()


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([picture(text(b"ccv3", v3())), GOOD, as_json(v2())]),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_damage_never_escapes(data: bytes, damage: list[tuple[int, int]]) -> None:
    """Whatever bytes are changed, the answer is a card or a sentence."""
    changed = bytearray(data)
    for where, byte in damage:
        changed[where % len(changed)] = byte
    try:
        card = read_card(bytes(changed))
    except CardError:
        return
    assert isinstance(card, Card)
    assert card.name


def test_unknown_ending_is_refused() -> None:
    """Nothing is written under an ending that nobody reads."""
    with pytest.raises(CardError, match="docx"):
        write_card(card_from(V1), ".docx")


@pytest.mark.parametrize("suffix", [".json", ".png", ".charx", ".yaml", ".byaf"])
def test_half_a_character_is_replaced(suffix: str) -> None:
    """JavaScript cuts an emoji in two and writes the half; such a card can be kept and given out."""
    text = (
        b'{"name": "Ann\\ud83d", "description": "\\ud83d\\ude00", "first_mes": "x", "\\udc00": 1}'
    )
    card = read_card(text)
    assert card.name == "Ann\ufffd"
    assert card.text("description") == "\U0001f600"
    assert read_card(write_card(card, suffix)).name == card.name
