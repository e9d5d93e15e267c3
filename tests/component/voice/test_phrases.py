"""Phrases of a text that is still written: nothing is lost, the first goes out early."""

from collections.abc import AsyncGenerator

from hypothesis import given, strategies as st
import pytest

from custom_components.waifu_rt3d.voice.phrases import phrases


async def cut(*pieces: str) -> list[str]:
    """Return the phrases of a text that comes in pieces."""

    async def text() -> AsyncGenerator[str]:
        for piece in pieces:
            yield piece

    return [phrase async for phrase in phrases(text())]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Sure thing, yes! I will do it now.", ["Sure thing, yes! ", "I will do it now."]),
        ("Yes. I will do it now. And this too.", ["Yes. I will do it now. ", "And this too."]),
        ("One line of it\nand another", ["One line of it\n", "and another"]),
        ("これは長い文章です、はい。次です。", ["これは長い文章です、はい。", "次です。"]),
        ("It costs 3.50 euros or so", ["It costs 3.50 euros or so"]),
        ("  \n ", []),
        ("", []),
    ],
)
async def test_text_is_cut_where_a_sentence_ends(text: str, wanted: list[str]) -> None:
    """A short first word waits for company, a number is never split."""
    assert await cut(text) == wanted


@given(st.text(alphabet="ab .!?\n。", max_size=200), st.integers(1, 9))
async def test_any_chunking_gives_the_same_text(text: str, size: int) -> None:
    """Joined phrases are the text, but for space at its end."""
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert "".join(await cut(*pieces)).rstrip() == text.rstrip()
