"""Weeks of talk for the demo home, so that lists, searches and plots have something to show."""

from datetime import UTC, datetime, timedelta
import json
import random

import aiohttp

from .house_client import House

DAYS = 28
QUESTIONS = (
    "Is the garden gate closed?",
    "What should I cook with fennel tonight?",
    "Tell me something about the lighthouse.",
    "Remind me why cats purr.",
    "How warm is the bedroom?",
    "Which stars are up in autumn?",
    "Play something quiet while I read.",
    "Do you like the rain on the roof?",
)
ANSWERS = (
    "It is closed, I looked a moment ago.",
    "Fennel, orange and a little salt: that is a salad already.",
    "It has stood there for two hundred years, and it still blinks at the ships.",
    "Nobody knows for certain! They purr when they are glad, and when they are hurt.",
    "A bit cold, I am afraid: nineteen degrees.",
)
NOTES = (
    ("The bins go out on Tuesday evening", True),
    ("Robin takes oat milk in the coffee", False),
    ("The spare key hangs behind the blue jacket", False),
)


async def add_past(house: House) -> None:
    """Import four weeks of talks and write down some notes."""
    chance = random.Random(7)
    now = datetime.now(UTC)
    for week in range(DAYS // 7):
        await _import(house, _talk(chance, now - timedelta(days=7 * week), week))
    for text, pinned in NOTES:
        await house.call("waifu_rt3d/notes/add", text=text, pinned=pinned)


def _talk(chance: random.Random, last: datetime, week: int) -> str:
    """Return a week's talk in the format of SillyTavern: one JSON object a line."""
    lines: list[dict[str, object]] = [
        {"user_name": "Demo", "character_name": "Mira", "chat_metadata": {}},
    ]
    for day in range(6, -1, -1):
        at = last - timedelta(days=day, hours=chance.randrange(1, 6))
        for _ in range(chance.randrange(1, 5) + week):
            lines.append(_said(at, "Demo", chance.choice(QUESTIONS)))
            at += timedelta(seconds=chance.randrange(20, 90))
            lines.append(_said(at, "Mira", chance.choice(ANSWERS)))
            at += timedelta(seconds=chance.randrange(30, 200))
    return "\n".join(json.dumps(line) for line in lines)


def _said(at: datetime, name: str, text: str) -> dict[str, object]:
    """Return one message."""
    return {"name": name, "is_user": name == "Demo", "mes": text, "send_date": at.isoformat()}


async def _import(house: House, text: str) -> None:
    """Bring a talk in as the page does."""
    headers = {"Authorization": f"Bearer {house.login.token}"}
    form = aiohttp.FormData()
    form.add_field("file", text.encode(), filename="talk.jsonl")
    url = f"{house.login.url}/api/file_upload"
    async with (
        aiohttp.ClientSession(headers=headers, raise_for_status=True) as session,
        session.post(url, data=form) as response,
    ):
        file_id = (await response.json())["file_id"]
    await house.call("waifu_rt3d/import", file_id=file_id)
