"""How soon a reply is heard while it is written, ours beside wyoming-piper's."""

from pathlib import Path

from toy_piper import make_voice

from .client import second_client, speak, speak_stream
from .servers import Running
from .table import Figures, Repeating, ratio, show

VOICE = "en_US-toy-medium"
RIVAL = "wyoming-piper"
# About a tenth of the sound's length on one core, as a medium voice of Piper has.
VOICE_BURDEN = 60
REPLY = (
    "Good morning, I have opened the blinds for you. It will be a sunny day, but the evening may be"
    " cold. Shall I put the heating on before you come home?"
)
LONG = (
    "Once upon a time there was a small robot who lived in a big house near the sea. Every morning"
    " she opened the windows and listened to the waves. She knew the names of all the birds. One day"
    " a storm came, and the lights went out in the whole town. The robot lit a candle and told"
    " stories until the sun came back. Nobody was afraid that night. "
) * 2
SHORT = "Yes, I am here."
_COLUMNS = ("first sound", "whole reply", "second client")


def make_toy_voice(folder: Path) -> None:
    """Write the voice that both speak with."""
    make_voice(folder / f"{VOICE}.onnx", burden=VOICE_BURDEN)


async def warm_up(server: Running) -> None:
    """Let a server load what it needs; raise OSError or TimeoutError where it does not speak."""
    if not (await speak(server.port, REPLY)).audio_s:
        raise ConnectionError("no sound came")


async def measure(mine: Running, theirs: Running | None, times: int) -> Figures:
    """Print and return how soon they speak; ratios only where there is another one."""
    rows, cpu_s = {}, {}
    await warm_up(mine)
    for server in filter(None, (theirs, mine)):
        before_s = server.cpu_s()
        rows[server.name] = await _one(server.port, times)
        cpu_s[server.name] = server.cpu_s() - before_s
        show(f"{server.name} speaks", _COLUMNS, {server.name: rows[server.name]})
    first_s, total_s, wait_s = rows[mine.name]
    figures = {
        "first_audio_ms": first_s * 1000,
        "total_ms": total_s * 1000,
        "second_client_wait_ms": wait_s * 1000,
        "tts_cpu_s": cpu_s[mine.name],
    }
    if theirs is not None:
        names = ("first_audio_ratio", "total_ratio", "second_client_wait_ratio")
        figures |= dict(zip(names, map(ratio, rows[mine.name], rows[theirs.name]), strict=True))
        figures["rival_tts_cpu_s"] = cpu_s[theirs.name]
    return figures


async def _one(port: int, times: int) -> list[float]:
    """Return first sound, whole reply and second client's wait (s) of a server."""
    repeating = Repeating(times)
    totals: list[float] = []

    async def first() -> float:
        spoken = await speak_stream(port, REPLY)
        totals.append(spoken.total_s)
        return spoken.first_s

    first_s = await repeating.median(first)
    # A first pair of clients starts whatever the server keeps for two.
    await second_client(port, LONG, SHORT)
    wait_s = await repeating.median(lambda: second_client(port, LONG, SHORT))
    return [first_s, sorted(totals)[len(totals) // 2], wait_s]
