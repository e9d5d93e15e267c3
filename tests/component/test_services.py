"""The actions, called as people and automations call them."""

from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.waifu_rt3d.characters.library import card_id_of
from custom_components.waifu_rt3d.const import DOMAIN
from custom_components.waifu_rt3d.house import HOUSE
from custom_components.waifu_rt3d.memory import NewMessage, Role, Scope, Store
from custom_components.waifu_rt3d.remembering.forgetting import FILES

from .memory.test_exchange import standalone


@pytest.fixture
def store(companion: MockConfigEntry, core: HomeAssistant) -> Store:
    """Return the memory of the house."""
    store = core.data[HOUSE].store
    assert store is not None
    return store


async def act(core: HomeAssistant, action: str, user: str | None = None, **data: Any) -> Any:
    """Call an action as a user (or as an automation) and return its response."""
    return await core.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        context=Context(user_id=user),
        return_response=core.services.supports_response(DOMAIN, action).value != "none",
    )


async def tell(store: Store, person: str, session_id: str, text: str) -> int:
    """Store what a person said."""
    message = NewMessage(
        session_id=session_id,
        role=Role.USER,
        text=text,
        author=person,
        created_ms=1_790_000_000_000,
    )
    return await store.add_message(Scope(person=person), message)


async def test_session_by_actions(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """A session is begun, renamed, found, deleted and brought back."""
    me = hass_admin_user.id
    session = await act(core, "new_session", me, title="Plans")
    assert (session["audience"], session["title"]) == (me, "Plans")
    await tell(store, me, session["id"], "We paint the fence on Sunday")
    renamed = await act(core, "rename_session", me, session_id=session["id"], title="Fence")
    assert renamed["title"] == "Fence"
    found = await act(core, "search", me, words="fence sunday")
    assert [hit["session_id"] for hit in found["hits"]] == [session["id"]]
    await act(core, "delete_session", me, session_id=session["id"])
    assert (await act(core, "search", me, words="fence"))["hits"] == []
    back = await act(core, "restore_session", me, session_id=session["id"])
    assert back["title"] == "Fence"


async def test_session_is_listed_pinned_archived_and_walked_by_actions(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """What the card can do with a session and its branches, actions can too."""
    me = hass_admin_user.id
    session = await act(core, "continue_session", me)
    session_id = session["id"]
    question = await tell(store, me, session_id, "Shall we paint the fence?")
    assert (await act(core, "pin_session", me, session_id=session_id))["pinned"]
    listed = await act(core, "list_sessions", me, words="paint")
    assert [one["id"] for one in listed["sessions"]] == [session_id]
    assert (await act(core, "archive_session", me, session_id=session_id))["archived"]
    assert (await act(core, "list_sessions", me))["sessions"] == []
    assert (await act(core, "list_sessions", me, archived=True))["more"] is False
    edited = await act(core, "edit_message", me, message_id=question, text="Red?", speak=False)
    assert edited["turn_id"]
    walked = await act(core, "walk_branch", me, message_id=question)
    assert walked["id"] == session_id
    history = await act(core, "get_history", me, session_id=session_id)
    assert [one["text"] for one in history["messages"]] == ["Shall we paint the fence?"]
    branches = await act(core, "get_branches", me, session_id=session_id)
    assert [one["on_the_way"] for one in branches["messages"]][:2] == [True, False]
    copy = await act(core, "branch_session", me, message_id=question)
    assert copy["messages"] == 1
    switched = await act(
        core, "switch_session", me, session_id=copy["id"], conversation_id="01J", device="x"
    )
    assert switched["id"] == copy["id"]
    answered = await act(core, "regenerate", me, message_id=question, speak=False)
    assert answered["session_id"] == session_id
    await core.async_block_till_done()
    assert (await act(core, "forget_message", me, message_id=question))["messages"] >= 1
    counted = await act(core, "get_statistics", me)
    assert counted["messages"] >= 1
    assert await act(core, "set_retention", me, days=30) == {"days": 30, "messages": None}


async def test_nobody_imports_what_another_exported(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """Exports of a person are in a folder of their own, which goes when everything about them does."""
    guest = await core.auth.async_create_user("Berta", group_ids=["system-users"])
    session = await act(core, "new_session", hass_admin_user.id)
    await tell(store, hass_admin_user.id, session["id"], "a secret fence")
    written = await act(core, "export", hass_admin_user.id, path="talk.json")
    for path in ("talk.json", written["path"], f"../{hass_admin_user.id}/talk.json"):
        with pytest.raises(HomeAssistantError):
            await act(core, "import", guest.id, path=path)
    assert Path(written["path"]).exists()
    await act(core, "delete_everything_about_me", hass_admin_user.id, confirm=True)
    assert not Path(written["path"]).exists()


async def test_automation_acts_for_the_household_only(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """Without a person behind it an action reaches nobody's own talk."""
    mine = await act(core, "new_session", hass_admin_user.id)
    await tell(store, hass_admin_user.id, mine["id"], "a secret fence")
    assert (await act(core, "search", words="fence"))["hits"] == []
    with pytest.raises(HomeAssistantError) as refused:
        await act(core, "delete_session", session_id=mine["id"])
    assert refused.value.translation_key == "memory_not_found"
    note = await act(core, "remember", text="The bins go out on Tuesday")
    assert (await act(core, "get_notes"))["notes"][0]["audience"] == "household"
    shown = await act(core, "get_notes", hass_admin_user.id)
    assert [one["id"] for one in shown["notes"]] == [note["note_id"]]
    with pytest.raises(HomeAssistantError) as nobody:
        await act(core, "delete_everything_about_me", confirm=True)
    assert nobody.value.translation_key == "nobody_named"


async def test_notes_by_actions(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """What is to be remembered is there until it is to be forgotten."""
    note = await act(core, "remember", hass_admin_user.id, text="I take no sugar")
    await act(core, "forget", hass_admin_user.id, note_id=note["note_id"])
    assert (await act(core, "get_notes", hass_admin_user.id))["notes"] == []


async def test_export_and_import_by_actions(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser, tmp_path: Path
) -> None:
    """Files are written and read only where the owner allows it."""
    me = hass_admin_user.id
    session = await act(core, "new_session", me)
    await tell(store, me, session["id"], "We paint the fence on Sunday")
    written = await act(core, "export", me, path="talk.json")
    assert written["sessions"] == 1
    assert "fence" in Path(written["path"]).read_text("utf-8")
    readable = await act(core, "export", me, path="talk.md", format="markdown")
    assert str(hass_admin_user.name) in Path(readable["path"]).read_text("utf-8")
    brought = await act(core, "import", me, path="talk.json")
    assert brought["messages"] == 1
    assert len((await act(core, "search", me, words="fence"))["hits"]) == 2
    for action, path, key in (
        ("export", "/etc/talk.json", "path_not_allowed"),
        ("export", "../../companion.json", "path_not_allowed"),
        ("export", "talk.md", "path_ending"),
        ("import", "../../companion.db", "path_not_allowed"),
        ("import", "nothing.json", "path_missing"),
    ):
        with pytest.raises(HomeAssistantError) as refused:
            await act(core, action, me, path=path)
        assert refused.value.translation_key == key


async def test_everything_about_me_by_action(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """Without a yes nothing happens; with it nothing is left."""
    me = hass_admin_user.id
    session = await act(core, "new_session", me)
    await tell(store, me, session["id"], "abracadabra")
    with pytest.raises(vol.Invalid):
        await act(core, "delete_everything_about_me", me, confirm=False)
    counted = await act(core, "delete_everything_about_me", me, confirm=True)
    assert counted == {"sessions": 1, "messages": 1}
    folder = Path(core.config.path(DOMAIN))
    assert not any(b"abracadabra" in path.read_bytes() for path in folder.glob("companion*"))


async def test_bundle_of_another_house_finds_its_people_by_their_names(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """There their ids are others; who has no namesake, or two, stays unseen by all."""
    berta = await core.auth.async_create_user("Berta", group_ids=["system-users"])
    carl = await core.auth.async_create_user("Carl", group_ids=["system-users"])
    for user in (berta, carl):
        session = await act(core, "new_session", user.id)
        await tell(store, user.id, session["id"], f"the fence of {user.name}")
    bundle = await act(core, "backup", hass_admin_user.id)
    for user in (berta, carl):
        await core.auth.async_remove_user(user)
    berta = await core.auth.async_create_user(" berta", group_ids=["system-users"])
    others = [await core.auth.async_create_user("Carl", group_ids=["system-users"]) for _ in "12"]
    await act(core, "restore", hass_admin_user.id, path=bundle["path"])
    await core.async_block_till_done()
    hits = (await act(core, "search", berta.id, words="fence"))["hits"]
    assert [hit["snippet"]["text"] for hit in hits] == ["the fence of Berta"]
    for user in (hass_admin_user, *others):
        assert (await act(core, "search", user.id, words="fence"))["hits"] == []


async def test_bundle_is_restored(
    core: HomeAssistant,
    store: Store,
    companion: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_read_only_user: MockUser,
) -> None:
    """One file brings conversations and characters back, also after everything was lost."""
    me = hass_admin_user.id
    session = await act(core, "new_session", me)
    await tell(store, me, session["id"], "We paint the fence on Sunday")
    bundle = await act(core, "backup", me)
    assert bundle["size_bytes"] > 0
    await act(core, "delete_everything_about_me", me, confirm=True)
    (subentry,) = companion.subentries.values()
    core.config_entries.async_remove_subentry(companion, subentry.subentry_id)
    await core.async_block_till_done()

    restored = await act(core, "restore", me, path=bundle["path"])
    assert restored["characters"] == ["Mira"]
    await core.async_block_till_done()
    assert [c.name for c in core.data[HOUSE].characters.values()] == ["Mira"]
    found = await act(core, "search", me, words="fence")
    assert [hit["session_id"] for hit in found["hits"]] == [session["id"]]

    with pytest.raises(Unauthorized):
        await act(core, "restore", hass_read_only_user.id, path=bundle["path"])
    broken = Path(core.config.path(DOMAIN, "backups", "broken.zip"))
    broken.write_bytes(Path(bundle["path"]).read_bytes()[:-4000])
    with pytest.raises(HomeAssistantError) as refused:
        await act(core, "restore", me, path=str(broken))
    assert refused.value.translation_key == "bundle_unreadable"
    assert len((await act(core, "search", me, words="fence"))["hits"]) == 1
    assert list(Path(core.config.path(DOMAIN)).glob("restore-*")) == []


async def test_an_import_of_the_stand_alone_program_makes_its_characters(
    core: HomeAssistant, store: Store, hass_admin_user: MockUser
) -> None:
    """Sessions, messages and characters come over, each character once; guests make none."""
    folder = Path(core.config.path(DOMAIN, FILES, hass_admin_user.id))
    guest = await core.auth.async_create_user("Berta", group_ids=["system-users"])
    for place in (folder, folder.with_name(guest.id)):
        place.mkdir(parents=True, exist_ok=True)
        standalone(place / "app.db")
    refused = await act(core, "import", guest.id, path="app.db")
    assert (refused["characters"], refused["made"]) == (["Mia"], [])
    brought = await act(core, "import", hass_admin_user.id, path="app.db")
    assert (brought["messages"], brought["made"]) == (3, ["Mia"])
    await core.async_block_till_done()
    [mia] = [one for one in core.data[HOUSE].characters.values() if one.name == "Mia"]
    card = core.data[HOUSE].cards[card_id_of(mia.person)]
    assert (card.name, mia.untrusted, mia.house_tools) == ("Mia", True, ())
    assert "Be kind." in str(card)
    again = await act(core, "import", hass_admin_user.id, path="app.db")
    assert again["made"] == []
