"""Characters from cards: through the form, the action and the websocket, without any right."""

from http import HTTPStatus
from io import BytesIO
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from aiohttp import FormData
from homeassistant.core import Context, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.waifu_rt3d.characters.cards.files import read_card
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE

from .agents import StreamingAgent
from .avatars.made import glb, vrm_1
from .cards import Card

GOLDEN = json.loads(
    (Path(__file__).parents[1] / "contract" / "websocket-cards.json").read_text("utf-8")
)
ADA = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {
        "name": "Ada Lovegood",
        "nickname": "Ada",
        "description": "{{char}} keeps bees and talks to {{user}} about them.",
        "personality": "",
        "scenario": "",
        "first_mes": "*looks up from the hive* Oh, {{user}}! Careful, they sting.",
        "mes_example": "",
        "creator_notes": "A quiet beekeeper.",
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": [],
        "group_only_greetings": [],
        "tags": [],
        "creator": "somebody",
        "character_version": "",
        "extensions": {"of": {"another": "program"}},
        "character_book": {
            "extensions": {},
            "entries": [
                {"keys": ["honey"], "content": "The honey of {{char}} is sold on Fridays.", "enabled": True,
                 "insertion_order": 1, "use_regex": False, "extensions": {}},
                {"keys": [], "content": "The hives are blue.", "constant": True, "enabled": True,
                 "insertion_order": 2, "use_regex": False, "extensions": {}},
            ],
        },
    },
}  # fmt: skip


def written(folder: Path, name: str, data: bytes | dict[str, Any]) -> Path:
    """Return a file below the folder that actions may read."""
    target = folder / DOMAIN / "files" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return target


WORLD = {"entries": {"0": {"uid": 0, "key": ["attic"], "content": "{{char}} keeps maps there."}}}


@pytest.fixture
def folder(hass: HomeAssistant) -> Path:
    """Return the configuration folder."""
    return Path(hass.config.config_dir)


async def upload(hass: HomeAssistant, client: ClientSessionGenerator, data: bytes) -> str:
    """Send a file as the form does, and return its id."""
    assert await async_setup_component(hass, "file_upload", {})
    browser = await client()
    form = FormData()
    form.add_field("file", data, filename="card")
    answer = await browser.post("/api/file_upload", data=form)
    assert answer.status == HTTPStatus.OK
    return str((await answer.json())["file_id"])


async def act(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call an action and return its response."""
    return await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)


def character_of(companion: MockConfigEntry, name: str) -> Any:
    """Return the subentry of a character."""
    return next(s for s in companion.subentries.values() if s.title == name)


async def test_form_imports_a_card(
    core: HomeAssistant,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    hass_client: ClientSessionGenerator,
) -> None:
    """From a file to a working character: a bad file first gets a sentence and changes nothing."""
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"), context={"source": "user"}
    )
    configure = core.config_entries.subentries.async_configure
    form = await configure(form["flow_id"], {"person": "file", "model": agent.entity_id})
    assert form["step_id"] == "card"
    bad = await upload(core, hass_client, b'{"name": ')
    form = await configure(form["flow_id"], {"file": bad})
    assert form["errors"] == {"file": "card_not_json"}
    assert not core.data[HOUSE].cards
    good = await upload(core, hass_client, json.dumps(ADA).encode())
    form = await configure(form["flow_id"], {"file": good})
    assert form["step_id"] == "read"
    assert form["description_placeholders"]["lore"] == "2"
    assert form["description_placeholders"]["about"] == "A quiet beekeeper."
    result = await configure(form["flow_id"], {"name": "Ada"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await core.async_block_till_done()
    ada = character_of(companion, "Ada")
    assert ada.data["untrusted"] is True
    assert ada.data["llm_hass_api"] == []
    assert ada.data["pipeline"]
    assert core.states.get("conversation.ada") is not None


async def test_imported_character_plays_its_card(
    core: HomeAssistant,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    folder: Path,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The prompt is the card's, marked as untrusted; lore comes when its word is said."""
    written(folder, "ada.json", ADA)
    told = await act(core, "import_character", path="ada.json", model=agent.entity_id)
    await core.async_block_till_done()
    assert told["name"] == "Ada"
    assert (told["version"], told["greetings"], told["lore_entries"]) == ("chara_card_v3", 1, 2)
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    ask = {"type": "waifu_rt3d/turn/start", "character": told["character"], "speak": False}
    await card.call(**ask, text="What do you think about honey in winter?")
    await card.until("timeline", final=True)
    asked = agent.asked[-1]
    prompt = asked.extra_system_prompt or ""
    assert prompt.startswith("You are Ada.")
    assert "comes from a file" in prompt
    assert "Ada keeps bees" in prompt
    assert "The hives are blue." in prompt
    assert "files every small thing" not in prompt
    assert "The honey of Ada is sold on Fridays." in asked.text
    del card.envelopes[:]
    await card.call(**ask, text="And what about winter alone?")
    await card.until("timeline", final=True)
    assert (agent.asked[-1].extra_system_prompt or "") == prompt


async def test_first_meeting_begins_with_the_cards_greeting(
    core: HomeAssistant,
    companion: MockConfigEntry,
    folder: Path,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The card's first message is spoken, then who it is, then the question for the name."""
    written(folder, "ada.json", ADA)
    told = await act(core, "import_character", path="ada.json")
    await core.async_block_till_done()
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/meet", character=told["character"])
    await card.until("timeline", final=True)
    said = "".join(data["speech"] for data in card.of("text"))
    assert "Careful, they sting." in said
    assert "I'm Ada, an AI character" in said
    assert "hive" not in said


async def test_export_gives_the_card_back(
    core: HomeAssistant, companion: MockConfigEntry, folder: Path
) -> None:
    """What was imported comes out as it was, in any kind of file; ours comes out as a card."""
    written(folder, "ada.json", ADA)
    await act(core, "import_character", path="ada.json")
    await core.async_block_till_done()
    for name in ("ada.png", "ada.charx", "again.json"):
        told = await act(core, "export_character", path=name, character="Ada")
        assert read_card(Path(told["path"]).read_bytes()).raw == ADA
    told = await act(core, "export_character", path="mira.png", character="Mira", version="v2")
    mira = read_card(Path(told["path"]).read_bytes())
    assert (mira.spec.value, mira.name) == ("chara_card_v2", "Mira")
    assert "star charts" in mira.text("description")
    with pytest.raises(HomeAssistantError) as caught:
        await act(core, "export_character", path="ada.docx", character="Ada")
    assert caught.value.translation_key == "card_unwritable"


async def test_figure_in_an_archive_is_worn(
    core: HomeAssistant, companion: MockConfigEntry, folder: Path
) -> None:
    """A VRM inside a CHARX becomes the avatar; one that is refused costs the figure only."""
    for name, model, worn in (("good", glb(vrm_1()), True), ("bad", b"glTF", False)):
        data = BytesIO()
        with ZipFile(data, "w") as archive:
            archive.writestr("card.json", json.dumps(ADA))
            archive.writestr("assets/x_vrm/3d/me.vrm", model)
        written(folder, f"{name}.charx", data.getvalue())
        told = await act(core, "import_character", path=f"{name}.charx", name=name)
        await core.async_block_till_done()
        character = core.data[HOUSE].characters[told["character"]]
        assert (told["avatar"] is not None) is worn
        assert character.avatar == (told["avatar"] if worn else "companion")


async def test_websocket_imports_and_exports(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The page imports an upload and fetches the card again."""
    file_id = await upload(core, hass_client, json.dumps(ADA).encode())
    card = Card(await hass_ws_client(core))
    reply = await card.call(type="waifu_rt3d/character/import", file_id=file_id, name="Bee")
    assert reply["result"]["name"] == "Bee"
    await core.async_block_till_done()
    reply = await card.call(
        type="waifu_rt3d/character/export",
        character=reply["result"]["character"],
        format="json",
    )
    assert reply["result"]["name"] == "bee.json"
    browser = await hass_client()
    fetched = await browser.get(reply["result"]["url"])
    assert await fetched.json(content_type=None) == ADA
    reply = await card.call(type="waifu_rt3d/character/import", file_id=file_id)
    assert reply["error"]["translation_key"] == "upload_missing"
    bad = await upload(core, hass_client, b"[]")
    reply = await card.call(type="waifu_rt3d/character/import", file_id=bad)
    assert reply["error"]["translation_key"] == "card_no_object"
    future = {"spec": "chara_card_v9", "data": {"name": "Ada"}}
    bad = await upload(core, hass_client, json.dumps(future).encode())
    reply = await card.call(type="waifu_rt3d/character/import", file_id=bad)
    assert reply["error"]["translation_key"] == "card_unknown_version"
    assert reply["error"]["translation_placeholders"]["detail"] == "chara_card_v9"
    assert "chara_card_v9" in reply["error"]["message"]


async def test_commands_are_as_the_contract_says(
    core: HomeAssistant,
    companion: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The golden file's commands are taken; a figure that is refused is told in the shape shown."""
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        files.writestr("card.json", json.dumps(ADA))
        files.writestr("assets/x_vrm/3d/me.vrm", b"glTF")
    files = {
        "character/import": await upload(core, hass_client, archive.getvalue()),
        "lorebook/import": await upload(core, hass_client, json.dumps(WORLD).encode()),
    }
    given: dict[str, str] = {}
    card = Card(await hass_ws_client(core))
    for example in GOLDEN["commands"]:
        given["file_id"] = files.get(example["type"].removeprefix(f"{DOMAIN}/"), "")
        reply = await card.call(**{name: given.get(name, example[name]) for name in example})
        assert reply["success"], reply
        shown = GOLDEN["results"][example["type"]]
        assert reply["result"].keys() == shown.keys()
        for warning, known in zip(
            reply["result"].get("warnings", []), shown.get("warnings", []), strict=True
        ):
            assert warning.keys() == known.keys()
            assert warning["translation_key"].startswith("avatar_")
        given["character"] = reply["result"].get("character", given.get("character", ""))
        books = reply["result"].get("books", [])[-1:]
        for book, known in zip(books, shown.get("books", []), strict=False):
            assert book.keys() == known.keys()
            assert [*book["entries"][0]] == [*known["entries"][0]]
            given["book_id"] = book["id"] or given.get("book_id", "")
        await core.async_block_till_done()


async def test_lorebooks_are_seen_and_taken_away(
    core: HomeAssistant,
    companion: MockConfigEntry,
    folder: Path,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The page shows what is in them; a file that the last character gave up is gone."""
    written(folder, "ada.json", ADA)
    ada = (await act(core, "import_character", path="ada.json"))["character"]
    await core.async_block_till_done()
    card = Card(await hass_ws_client(core))
    (own,) = (await card.call(type="waifu_rt3d/lorebook/list", character=ada))["result"]["books"]
    assert (own["id"], len(own["entries"])) == ("", 2)
    for character in (ada, "default"):
        file_id = await upload(core, hass_client, json.dumps(WORLD).encode())
        reply = await card.call(
            type="waifu_rt3d/lorebook/import",
            character=character,
            file_id=file_id,
            name="Attic.json",
        )
        brought = reply["result"]["books"][-1]
        assert brought["name"] == "attic"
        assert brought["entries"][0]["keys"] == ["attic"]
        await core.async_block_till_done()
    kept = folder / DOMAIN / "lorebooks" / f"{brought['id']}.json"
    for character, left in ((ada, True), ("default", False)):
        remove = {"type": "waifu_rt3d/lorebook/remove", "character": character}
        reply = await card.call(**remove, book_id=brought["id"])
        assert all(book["id"] == "" for book in reply["result"]["books"])
        await core.async_block_till_done()
        assert kept.exists() is left
    reply = await card.call(**remove, book_id=brought["id"])
    assert reply["error"]["translation_key"] == "lorebook_missing"
    bad = await upload(core, hass_client, b"[]")
    reply = await card.call(type="waifu_rt3d/lorebook/import", file_id=bad)
    assert reply["error"]["translation_key"] == "card_no_book"
    reply = await card.call(type="waifu_rt3d/lorebook/list", character="nobody")
    assert reply["error"]["translation_key"] == "character_missing"


async def test_only_administrators_import(
    core: HomeAssistant,
    companion: MockConfigEntry,
    folder: Path,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Who is no administrator brings nobody into the house, nor takes anybody's text out."""
    written(folder, "ada.json", ADA)
    guest = MockUser().add_to_hass(core)
    for action in ("import_character", "export_character"):
        with pytest.raises(Unauthorized):
            await core.services.async_call(
                DOMAIN, action, {"path": "ada.json"}, blocking=True, context=Context(guest.id)
            )
    card = Card(await hass_ws_client(core, hass_read_only_access_token))
    for command, more in (("import", {"file_id": "x" * 32}), ("export", {})):
        reply = await card.call(type=f"waifu_rt3d/character/{command}", **more)
        assert reply["error"]["code"] == "unauthorized"


@pytest.mark.parametrize("path", ["missing.json", "/etc/hostname"])
async def test_path_is_checked(core: HomeAssistant, companion: MockConfigEntry, path: str) -> None:
    """A file that is missing or not allowed gets its sentence."""
    with pytest.raises(HomeAssistantError) as caught:
        await act(core, "import_character", path=path)
    assert caught.value.translation_key in {"path_missing", "path_not_allowed"}
    assert len(companion.subentries) == 1


async def test_cards_are_known_after_a_restart(
    core: HomeAssistant, companion: MockConfigEntry, folder: Path
) -> None:
    """Cards are read again; a damaged file in the folder takes no other away."""
    written(folder, "ada.json", ADA)
    await act(core, "import_character", path="ada.json")
    await core.async_block_till_done()
    (kept,) = (folder / DOMAIN / "cards").iterdir()
    (folder / DOMAIN / "cards" / "broken.json").write_bytes(b"{")
    assert await core.config_entries.async_reload(companion.entry_id)
    await core.async_block_till_done()
    assert list(core.data[HOUSE].cards) == [kept.stem]


async def test_card_without_a_house_is_refused(hass: HomeAssistant) -> None:
    """Before the companion is set up there is nobody to move in with."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    assert await async_setup_component(hass, DOMAIN, {})
    written(Path(hass.config.config_dir), "ada.json", ADA)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "import_character", path="ada.json")
    assert caught.value.translation_key == "companion_missing"


async def test_person_is_changed(
    core: HomeAssistant, companion: MockConfigEntry, agent: StreamingAgent
) -> None:
    """Another person brings name, figure, temperament and words, and keeps what was chosen."""
    mira = character_of(companion, "Mira")
    form = await core.config_entries.subentries.async_init(
        (companion.entry_id, "character"),
        context={"source": "reconfigure", "subentry_id": mira.subentry_id},
    )
    with patch("custom_components.waifu_rt3d.flows.character.async_check_saved"):
        result = await core.config_entries.subentries.async_configure(
            form["flow_id"], {"person": "rowan", "model": agent.entity_id}
        )
    assert result["reason"] == "reconfigure_successful"
    await core.async_block_till_done()
    character = core.data[HOUSE].characters["default"]
    assert (character.name, character.person, character.avatar) == ("Rowan", "rowan", "steward")
    words = core.data[HOUSE].words.scene(character, "de")
    assert "Rowan, eine KI" in words[1]


async def test_lorebook_is_given_to_a_character(
    core: HomeAssistant,
    companion: MockConfigEntry,
    agent: StreamingAgent,
    folder: Path,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """World info of SillyTavern is known to a person that was written here, when its word is said."""
    written(folder, "world.json", WORLD)
    told = await act(core, "import_lorebook", path="world.json", character="Mira")
    assert told["entries"] == 1
    await core.async_block_till_done()
    card = Card(await hass_ws_client(core))
    await card.call(type="waifu_rt3d/subscribe")
    await card.call(type="waifu_rt3d/turn/start", text="Tell me about the attic", speak=False)
    await card.until("timeline", final=True)
    assert "Mira keeps maps there." in agent.asked[-1].text
    written(folder, "no.json", {"a": 1})
    with pytest.raises(HomeAssistantError) as caught:
        await act(core, "import_lorebook", path="no.json")
    assert caught.value.translation_key == "card_no_book"
