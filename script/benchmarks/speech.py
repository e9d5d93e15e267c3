"""Measure the speech server beside wyoming-piper and wyoming-faster-whisper: `script/bench speech [--quick] [--only PART]`.

Both sides speak with the same toy voice and hear with the same toy model, made here, in one run. The
voice has the cost of a real one, the model the dimensions of Whisper tiny; what they say is known.
A rival that can't be had is named, and what is ours is measured all the same.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
import json
from pathlib import Path
import sys
import tempfile

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "satellite" / "speech"))

from hearing import parts
from wire import hearing, speaking
from wire.servers import RivalError, Running, ours, rival, version
from wire.table import Figures, ratio
from wire.whisper_cost import SIZES, cost_s

ENVIRONMENT = "satellite"
TARGETS = {
    "first_audio_ratio": 0.8,
    "second_client_wait_ratio": 0.3,
    "transcript_after_speech_ratio": 0.5,
}


def start_rival(
    stack: ExitStack, package: str, *arguments: str, extra: Sequence[str] = ()
) -> Running | None:
    """Return another server, or say why there is none."""
    try:
        server = stack.enter_context(rival(package, *arguments, extra=extra))
    except RivalError as err:
        print(f"{err}; it is left out")
        return None
    print(" ".join([f"{package} {version(package)}", *extra]))
    return server


async def answering(
    server: Running | None, ask: Callable[[Running], Awaitable[object]]
) -> Running | None:
    """Return a server that answers when it is asked for the first time, or say why there is none."""
    if server is None:
        return None
    try:
        await ask(server)
    except (OSError, TimeoutError) as err:
        print(f"{server.name} does not answer ({err or type(err).__name__}); it is left out")
        return None
    return server


async def side_by_side(folder: Path, times: int) -> Figures:
    """Run all servers and return the figures of both halves."""
    speaking.make_toy_voice(folder)
    model = hearing.make_toy_model(folder)
    data = ("--data-dir", str(folder))
    with ExitStack() as stack:
        voice, beam = f"piper:{speaking.VOICE}", str(hearing.BEAM)
        mine = stack.enter_context(ours(folder, "--tts", voice, "--beam", beam))
        piper = start_rival(stack, speaking.RIVAL, "--voice", speaking.VOICE, *data)
        figures = await speaking.measure(mine, await answering(piper, speaking.warm_up), times)
        language = ("--language", "en", "--beam-size", beam)
        whisper = start_rival(
            stack, hearing.RIVAL, "--model", str(model), *data, *language, extra=["av<19"]
        )
        figures |= await hearing.measure(mine, await answering(whisper, hearing.warm_up), times)
        figures |= _memory(mine, [one for one in (piper, whisper) if one])
    return figures | _processor(figures)


def _memory(mine: Running, theirs: list[Running]) -> Figures:
    """Print and return what the servers take (MB)."""
    for server in (mine, *theirs):
        print(
            f"{server.name:<28} {server.rss_mb():>6.0f} MB, {server.pss_mb():.0f} MB without what is shared"
        )
    figures = {"rss_mb": mine.rss_mb(), "pss_mb": mine.pss_mb()}
    if theirs:
        figures |= {
            "rivals_rss_mb": sum(server.rss_mb() for server in theirs),
            "rivals_pss_mb": sum(server.pss_mb() for server in theirs),
        }
    return figures


def _processor(figures: Figures) -> Figures:
    """Print and return what the same work has cost on both sides."""
    mine_s = figures["tts_cpu_s"] + figures["stt_cpu_s"]
    if not {"rival_tts_cpu_s", "rival_stt_cpu_s"} <= figures.keys():
        print(f"processor time: {mine_s:.1f} s")
        return {}
    theirs_s = figures["rival_tts_cpu_s"] + figures["rival_stt_cpu_s"]
    print(f"processor time: {mine_s:.1f} s, theirs {theirs_s:.1f} s")
    return {
        "cpu_ratio": ratio(mine_s, theirs_s),
        "tts_cpu_ratio": ratio(figures["tts_cpu_s"], figures["rival_tts_cpu_s"]),
        "stt_cpu_ratio": ratio(figures["stt_cpu_s"], figures["rival_stt_cpu_s"]),
    }


def whisper_costs(folder: Path) -> Figures:
    """Print and return what Whisper's real dimensions cost here."""
    figures: Figures = {}
    for name in SIZES:
        cost = cost_s(folder / "chance", name)
        print(
            f"whisper {name}, int8, two threads: {cost.whole_s:.2f} s to hear a whole window,"
            f" {cost.fitted_s:.2f} s a fitted one, {cost.writing_s:.2f} s to write"
        )
        figures[f"whisper_{name}_s"] = cost.whole_s + cost.writing_s
        figures[f"whisper_{name}_fitted_s"] = cost.fitted_s + cost.writing_s
    return figures


def verdict(figures: Figures) -> list[str]:
    """Return what missed its target or could not be measured, a line for each."""
    lines = []
    for name, most in TARGETS.items():
        value = figures.get(name)
        if value is None:
            lines.append(f"{name}: not measured")
        elif value > most:
            lines.append(f"{name}: {value:.3f}, wanted at most {most}")
    return lines


def main(words: list[str]) -> int:
    """Print the figures; the last line is JSON."""
    parser = argparse.ArgumentParser(prog="script/bench speech", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of three")
    parser.add_argument("--only", choices=sorted(parts.PARTS), help="this part alone")
    options = parser.parse_args(words)
    if options.only:
        return finish(parts.PARTS[options.only]())
    with tempfile.TemporaryDirectory() as folder:
        try:
            figures = asyncio.run(side_by_side(Path(folder), 1 if options.quick else 3))
        except (RivalError, OSError, TimeoutError) as err:
            print(f"error: {err or type(err).__name__}", file=sys.stderr)
            return 2
        figures |= whisper_costs(Path(folder))
    for measure in parts.PARTS.values():
        figures |= measure()
    return finish(figures, verdict(figures))


def finish(figures: Figures, missed: Sequence[str] = ()) -> int:
    """Print what missed its target and, in the last line, all figures; return the exit code."""
    missed = [*missed, *parts.missed(figures)]
    print("\n".join(missed) or "all targets met")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
