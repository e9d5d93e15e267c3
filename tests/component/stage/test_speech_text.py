"""Text is read while it is written, and nobody waits for ever."""

import asyncio

from custom_components.waifu_rt3d.stage.speech_text import SpeechText


async def read(text: SpeechText) -> list[str]:
    """Read to the end."""
    return [piece async for piece in text.stream()]


async def test_reader_follows_the_writer() -> None:
    """Pieces come as they are written and the end ends the reader."""
    text = SpeechText()
    text.put("Hello ")
    reader = asyncio.create_task(read(text))
    await asyncio.sleep(0)
    text.put("you.")
    text.close()
    assert await reader == ["Hello ", "you."]
    assert text.text == "Hello you."


async def test_late_reader_gets_all() -> None:
    """A voice that starts late still reads from the first word."""
    text = SpeechText()
    text.put("a")
    text.put("b")
    text.close()
    assert await read(text) == ["a", "b"]


async def test_drop_ends_a_waiting_reader() -> None:
    """A cancelled turn ends its voice at once."""
    text = SpeechText()
    text.put("Hello ")
    stream = text.stream()
    assert await anext(stream) == "Hello "
    text.put("unheard")
    text.drop()
    assert await anext(stream, None) is None


async def test_text_behind_the_end_is_ignored() -> None:
    """Nothing is added to a closed text."""
    text = SpeechText()
    text.close()
    text.put("late")
    assert await read(text) == []
    assert text.closed
