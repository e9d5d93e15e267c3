"""The demo agent's stream."""

import asyncio

from demo_home.custom_components.demo_agent.delivery import PIECE_BYTES, pieces
from hypothesis import given, strategies as st


async def _collect(text: str, duration_s: float) -> list[str]:
    return [piece async for piece in pieces(text, duration_s)]


@given(text=st.text(max_size=60))
def test_pieces_join_to_the_text(text: str) -> None:
    """No letter is lost where a piece ends inside it."""
    got = asyncio.run(_collect(text, 0))
    assert "".join(got) == text
    assert all(len(piece.encode()) <= PIECE_BYTES + 3 for piece in got)


async def test_pieces_are_spread_over_their_time() -> None:
    """The last piece comes when the time is over, not before."""
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    got = await _collect("Sure, here I am.", 0.05)
    assert len(got) == 6
    assert loop.time() - started_s >= 0.05
