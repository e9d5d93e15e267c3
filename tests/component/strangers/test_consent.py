"""What may do harm waits for the person's own yes while a stranger's text is before the model."""

from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from fake_llm import FakeLlm, Reply
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.waifu_rt3d.characters.consent_words import consent_in

from ..cards import Card
from ..models import think_with
from .house import LAMP, READ_PAGE, UNLOCK, FrontDoor, Wipe, let_call, say

GOLDEN = Path(__file__).parents[2] / "contract" / "websocket.json"
ASKED = "Shall I unlock front door?"


async def test_lock_is_asked_for_and_yes_opens_it(
    card: Card, fake: FakeLlm, door: FrontDoor
) -> None:
    """The code asks, shows buttons, and the person's next word alone opens the lock."""
    said = await let_call(card, fake, UNLOCK)
    assert ASKED in said
    assert door.opened == 0
    assert len(fake.requests) == 1
    (shown,) = card.of("confirm")
    assert ASKED in shown["question"]
    golden = json.loads(GOLDEN.read_text())["confirmation"]["data"]
    assert {**shown, "until_epoch_ms": 0, "person": None} == {**golden, "until_epoch_ms": 0}
    answer = await say(card, shown["yes"])
    assert door.opened == 1
    assert "unlock front door" in answer
    assert len(fake.requests) == 1
    # what happened is known to the model afterwards
    await say(card, "What do you think about clouds?")
    assert "has to confirm" in str(fake.requests[-1])
    assert answer.strip() in str(fake.requests[-1])


@pytest.mark.parametrize("words", ["No, thanks", "nope", "don't", "Yes, but not now", "Why?"])
async def test_anything_but_yes_leaves_it(
    card: Card, fake: FakeLlm, door: FrontDoor, words: str
) -> None:
    """A no, a condition or another subject withdraw the question; a late yes opens nothing."""
    await let_call(card, fake, UNLOCK)
    await say(card, words)
    await say(card, "yes")
    assert door.opened == 0


async def test_question_expires(
    card: Card, fake: FakeLlm, door: FrontDoor, freezer: FrozenDateTimeFactory
) -> None:
    """A yes that comes too late opens nothing."""
    await let_call(card, fake, UNLOCK)
    freezer.tick(timedelta(seconds=91))
    await say(card, "yes")
    assert door.opened == 0


async def test_another_person_does_not_count(
    core: HomeAssistant,
    card: Card,
    fake: FakeLlm,
    door: FrontDoor,
    hass_admin_user: MockUser,
) -> None:
    """The yes of somebody else opens nothing and takes nothing away from who was asked."""
    await let_call(card, fake, UNLOCK)
    for context in (Context(), Context(user_id=MockUser(id="guest").add_to_hass(core).id)):
        await conversation.async_converse(core, "yes", None, context, agent_id="conversation.mira")
    assert door.opened == 0
    await say(card, "yes")
    assert door.opened == 1


async def test_room_is_answered_in_the_room(
    core: HomeAssistant, fake: FakeLlm, door: FrontDoor
) -> None:
    """By voice, in German: the microphone stays open, and the yes of another room is not this one's."""

    async def hear(text: str, room: str) -> conversation.ConversationResult:
        return await conversation.async_converse(
            core,
            text,
            None,
            Context(),
            language="de",
            agent_id="conversation.mira",
            device_id=None,
            satellite_id=f"assist_satellite.{room}",
        )

    fake.requests.clear()
    fake.reply = Reply(words=(), calls=(UNLOCK,))
    result = await hear("Hier stimmt etwas nicht, kümmere dich", "kitchen")
    assert "Soll ich front door aufschließen?" in result.response.speech["plain"]["speech"]
    assert result.continue_conversation
    fake.reply = Reply(words=("Na gut.",))
    await hear("Ja, bitte", "bedroom")
    assert door.opened == 0
    result = await hear("Ja, bitte", "kitchen")
    assert door.opened == 1
    assert not result.continue_conversation


async def test_model_can_not_confirm(card: Card, fake: FakeLlm, door: FrontDoor) -> None:
    """Asking twice in one breath, or saying yes itself, opens nothing; harmless things are done."""
    said = await let_call(card, fake, LAMP, UNLOCK, UNLOCK)
    assert said.count("Say “yes, please”") == 1
    assert door.opened == 0
    assert card.of("confirm")
    fake.reply = Reply(words=("Yes, please.",))
    await say(card, "What do you think about clouds?")
    assert door.opened == 0


async def test_trusted_character_acts_at_once(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, door: FrontDoor
) -> None:
    """Without a stranger's text nothing is asked."""
    await think_with(core, companion, untrusted=False)
    assert await let_call(card, fake, UNLOCK) == "All right."
    assert door.opened == 1


async def test_page_from_outside_makes_the_talk_untrusted(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, door: FrontDoor
) -> None:
    """What a tool brought from outside counts for the rest of the talk."""
    await think_with(core, companion, untrusted=False)
    await let_call(card, fake, READ_PAGE)
    assert ASKED in await let_call(card, fake, UNLOCK)
    assert door.opened == 0
    await say(card, "yes please")
    assert door.opened == 1


async def test_tools_of_other_apis_are_asked_for(card: Card, fake: FakeLlm) -> None:
    """A tool that does not say that it is harmless waits; what a model wrote is shown as words."""
    said = await let_call(card, fake, ("things__wipe_disk", {"disk": "[happy] *all*\n{x}"}))
    assert "Shall I use “Wipe disk” with disk: happy all x?" in said
    assert Wipe.calls == 0
    await say(card, "go ahead")
    assert Wipe.calls == 1


async def test_withdrawn_tools_are_not_used(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, door: FrontDoor
) -> None:
    """What an admin has unticked meanwhile is not done, whatever the person says."""
    await let_call(card, fake, UNLOCK)
    await think_with(core, companion, llm_hass_api=[])
    await say(card, "yes")
    assert door.opened == 0


async def test_imported_character_starts_without_the_house(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, fake: FakeLlm, door: FrontDoor
) -> None:
    """It has its own body and memory, and its prompt is marked."""
    character = next(s for s in companion.subentries.values() if s.subentry_type == "character")
    data = {k: v for k, v in character.data.items() if k != "llm_hass_api"}
    core.config_entries.async_update_subentry(companion, character, data=data)
    await core.async_block_till_done()
    fake.requests.clear()
    await say(card, "What do you think about clouds?")
    names = {tool["function"]["name"] for tool in fake.requests[-1]["tools"]}
    assert names == {
        f"waifu_rt3d__{name}"
        for name in ("set_expression", "gesture", "remember", "recall", "forget")
    }
    assert "comes from a file" in fake.requests[-1]["messages"][0]["content"]


async def test_unguarded_agent_is_not_told_a_strangers_prompt(
    core: HomeAssistant, companion: MockConfigEntry, card: Card, agent: Any
) -> None:
    """An agent that acts by itself does not answer for an imported character."""
    agent._attr_supported_features = conversation.ConversationEntityFeature.CONTROL
    agent.async_write_ha_state()
    await think_with(core, companion, model=agent.entity_id)
    await say(card, "What do you think about clouds?")
    assert agent.asked == []
    assert any(data.get("error") == "agent_unguarded" for data in card.of("turn"))


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("Yes.", "en", True),
        ("Yes, please!", "en", True),
        ("ok do it", "en", True),
        ("go ahead", "en-GB", True),
        ("yes but only the left one", "en", None),
        ("yesterday", "en", None),
        ("no", "en", False),
        ("No, never, leave it!", "en", False),
        ("Don’t.", "en", False),
        ("notes", "en", None),
        ("Ja, bitte", "de", True),
        ("mach das", "de-CH", True),
        ("ja aber später", "de", None),
        ("jahrelang", "de", None),
        ("Nein danke", "de", False),
        ("lass es", "de", False),
        ("nichts", "de", None),
        ("", "de", None),
    ],
)
def test_words(text: str, language: str, answer: bool | None) -> None:
    """Only a whole sentence counts as a yes."""
    assert consent_in(text, language) is answer
