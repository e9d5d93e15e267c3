"""Measure the memory at 10k, 100k and 1M messages: `script/bench memory [COUNT …]`.

The talk is made with a fixed seed: one person, ten characters, words as rare as words are (Zipf),
and marker words in 0.1 %, 1 % and 10 % of the messages. Searches see everything; recall sees one
character's tenth. `lost_hits` counts what paging through all hits of a word did not reach, and one
more where recall missed what was said first of all.

While all this runs, the event loop is watched (`loop_watch.py`): `loop_held_ms` is the longest that
this process itself held it (which operation did is told before the table), `loop_late_ms` the
longest that it was late for whatever reason, and `loop_idle_late_ms` the same while nothing was
asked, for as long.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
import gc
import itertools
import json
from pathlib import Path
import random
import resource
import sys
import tempfile
import time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pure_parts

from benchmarks.loop_watch import LoopWatch, Worst

pure_parts.load()

from waifu_rt3d.memory import NewMessage, Role, Scope, Store  # type: ignore[import-not-found]  # noqa: E402 - made above
from waifu_rt3d.memory.bulk import WholeMessage, WholeSession  # type: ignore[import-not-found]  # noqa: E402 - made above

_SIZES = (10_000, 100_000, 1_000_000)
_CHARACTERS = 10
_QUERIES = 200
_WARM_UP = 20
_AT_ONCE = 10_000
_PAGE = 4_000
_FEWEST = 1_000
_START_MS = 1_700_000_000_000
# Marker words: how many there are of a kind, and in which part of the messages each is.
_MARKERS = {"rare": (20, 0.001), "word": (8, 0.01), "common": (3, 0.1)}
_EVERYTHING = Scope.of("alice")
# Targets in ms, where there is one for a size.
_TARGETS = {
    "search_rare_ms_100k": 1, "search_word_ms_100k": 3, "search_common_ms_100k": 25,
    "search_rare_ms_1m": 4, "search_word_ms_1m": 12, "search_common_ms_1m": 100,
    "append_ms_100k": 2, "append_ms_1m": 2, "open_ms_100k": 5, "open_ms_1m": 5,
    "recall_ms_100k": 15, "recall_ms_1m": 15, "loop_held_ms": 10,
    "lost_hits_10k": 0, "lost_hits_100k": 0, "lost_hits_1m": 0,
}  # fmt: skip
type Figures = dict[str, float]


class Talk:
    """Make up sentences, the same in every run."""

    def __init__(self) -> None:
        """Make the words and how often they are said."""
        self.chance = random.Random(7)
        self.marked: Counter[str] = Counter()
        sounds = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "ai", "ou")]
        words: set[str] = set()
        while len(words) < 20_000:
            length = self.chance.choice((1, 2, 2, 3, 3, 4))
            words.add("".join(self.chance.choice(sounds) for _ in range(length)) + "t")
        self._words = sorted(words)
        self.chance.shuffle(self._words)
        self._weights = list(itertools.accumulate(1 / (n + 10) for n in range(len(words))))

    def sentence(self) -> str:
        """Return about eighteen words, with markers now and then."""
        length = max(3, min(60, round(self.chance.gauss(18, 8))))
        said = self.chance.choices(self._words, cum_weights=self._weights, k=length)
        for name, (kinds, part) in _MARKERS.items():
            for kind in range(kinds):
                if self.chance.random() < part:
                    word = f"{name}mark{kind}"
                    said.insert(self.chance.randrange(len(said)), word)
                    self.marked[word] += 1
        return " ".join(said)

    def session(self, number: int, count: int, at_ms: int) -> WholeSession:
        """Return one session."""
        messages = [
            WholeMessage(
                message=NewMessage(
                    session_id="",
                    role=Role.ASSISTANT if place % 2 else Role.USER,
                    text=self.sentence(),
                    created_ms=at_ms + place * 20_000,
                    author=None if place % 2 else "alice",
                ),
                parent=place - 1 if place else None,
            )
            for place in range(count)
        ]
        return WholeSession(
            audience="alice",
            character=f"character{number % _CHARACTERS}",
            title="",
            created_ms=at_ms,
            updated_ms=at_ms + count * 20_000,
            messages=messages,
            head=count - 1,
        )


# Common words that stand together nowhere else, in what was said before all the rest.
_OLDEST = "wordmark0 wordmark1 wordmark2 wordmark3"


async def fill(store: Store, talk: Talk, count: int) -> list[str]:
    """Put so many messages into the store; return the ids of the sessions."""
    oldest = talk.session(0, 1, _START_MS - 86_400_000)
    text = f"{_OLDEST} and a dozen other words that nobody says in the rest of this made up talk"
    told = WholeMessage(message=replace(oldest.messages[0].message, text=text), parent=None)
    uids: list[str] = await store.put_in(_EVERYTHING, [replace(oldest, messages=[told])])
    talk.marked.clear()
    talk.marked.update(_OLDEST.split())
    done = 1
    while done < count:
        # Made up on another thread: only the store's own work is watched.
        wholes = await asyncio.to_thread(batch, talk, len(uids), done, count)
        uids += await store.put_in(_EVERYTHING, wholes)
        done += sum(len(one.messages) for one in wholes)
        if done % 100_000 < _AT_ONCE:
            print(f"  {done} of {count} messages", flush=True)
    # As every import of many messages ends, and every night.
    await store.join_index()
    return uids


def batch(talk: Talk, number: int, done: int, count: int) -> list[WholeSession]:
    """Return the next sessions, of about `_AT_ONCE` messages together."""
    wholes: list[WholeSession] = []
    last = min(count, done + _AT_ONCE)
    while done < last:
        length = min(talk.chance.choice((20, 50, 100, 200)), last - done)
        wholes.append(talk.session(number + len(wholes), length, _START_MS + done * 30_000))
        done += length
    return wholes


async def lost_hits(store: Store, talk: Talk) -> int:
    """Return how many messages with a word paging does not reach, and whether recall misses one."""
    found: set[int] = set()
    more = True
    while more:
        page = await store.search(_EVERYTHING, "wordmark1", limit=_PAGE, offset=len(found))
        found.update(hit.message_id for hit in page.hits)
        more = page.more
    recalled = await store.related(Scope.of("alice", "character0"), _OLDEST, limit=5)
    missed = not any(one.text.startswith(_OLDEST) for one in recalled)
    return abs(talk.marked["wordmark1"] - len(found)) + missed


async def timed(
    work: Callable[[int], Awaitable[object]], count: int = _QUERIES
) -> tuple[float, float]:
    """Return the middle and the slowest hundredth of so many runs, in ms."""
    times = []
    for number in range(_WARM_UP):
        await work(number)
    for number in range(count):
        before = time.perf_counter()
        await work(number)
        times.append((time.perf_counter() - before) * 1000)
        await asyncio.sleep(0)
    times.sort()
    return times[count // 2], times[count * 99 // 100]


def works(
    store: Store, talk: Talk, uids: list[str]
) -> dict[str, Callable[[int], Awaitable[object]]]:
    """Return what is measured, by the name of its figure."""
    sentences = [talk.sentence() for _ in range(_QUERIES)]
    common = [sentence.split()[:2] for sentence in sentences]

    def marked(kind: str) -> Callable[[int], Awaitable[object]]:
        return lambda n: store.search(_EVERYTHING, f"{kind}mark{n % _MARKERS[kind][0]}")

    async def append(number: int) -> None:
        role = Role.ASSISTANT if number % 2 else Role.USER
        new = NewMessage(
            session_id=uids[-1], role=role, text=sentences[number], created_ms=_START_MS
        )
        await store.add_message(_EVERYTHING, new)

    return {
        "append_ms": append,
        "open_ms": lambda n: store.history(_EVERYTHING, uids[n * 7 % len(uids)], limit=50),
        "list_ms": lambda n: store.sessions(_EVERYTHING, limit=50),
        "search_rare_ms": marked("rare"),
        "search_word_ms": marked("word"),
        "search_common_ms": marked("common"),
        "search_two_ms": lambda n: store.search(_EVERYTHING, f"commonmark{n % 3} wordmark{n % 8}"),
        "search_phrase_ms": lambda n: store.search(_EVERYTHING, f'"{" ".join(common[n])}"'),
        "search_prefix_ms": lambda n: store.search(_EVERYTHING, f"{common[n][0][:3]}*"),
        "recall_ms": lambda n: store.recall(
            Scope.of("alice", f"character{n % _CHARACTERS}"), " ".join(sentences[n].split()[:8])
        ),
    }


async def measure(size: int, folder: Path) -> Figures:
    """Return the figures of one size."""
    name = _named(size)
    path = folder / f"{name}.db"
    talk = Talk()
    store = await Store.open(path)
    figures: Figures = {}
    async with LoopWatch() as watch:
        before = time.perf_counter()
        uids = await fill(store, talk, size)
        figures[f"import_s_{name}"] = time.perf_counter() - before
        figures[f"import_loop_held_ms_{name}"] = (await watch.worst()).held_ms
        figures[f"lost_hits_{name}"] = await lost_hits(store, talk)
        # What making up the talk left on the heap is not the store's to be looked through.
        gc.collect()
        gc.freeze()
        await watch.worst()
        before = time.perf_counter()
        worst: dict[str, Worst] = {}
        for figure, work in works(store, talk, uids).items():
            middle, slowest = await timed(work)
            figures[f"{figure}_{name}"] = middle
            figures[f"{figure}_p99_{name}"] = slowest
            worst[figure.removesuffix("_ms")] = await watch.worst()
        figures[f"loop_held_ms_{name}"] = max(one.held_ms for one in worst.values())
        figures[f"loop_late_ms_{name}"] = max(one.late_ms for one in worst.values())
        await asyncio.sleep(time.perf_counter() - before)
        figures[f"loop_idle_late_ms_{name}"] = (await watch.worst()).late_ms
    held = sorted(((one.held_ms, work) for work, one in worst.items()), reverse=True)
    print("  the loop was held by", ", ".join(f"{work} {ms:.1f} ms" for ms, work in held))
    await store.close()
    figures[f"file_mb_{name}"] = path.stat().st_size / 1e6
    before = time.perf_counter()
    await (await Store.open(path)).close()
    figures[f"start_ms_{name}"] = (time.perf_counter() - before) * 1000
    figures[f"rss_mb_{name}"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _named(size: int) -> str:
    """Return a size as figures are called by it: 1m, 100k, 1500."""
    for unit, letter in ((1_000_000, "m"), (1_000, "k")):
        if size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)


def main() -> int:
    """Print the figures; the last line is JSON."""
    words = [word.replace("_", "") for word in sys.argv[1:]]
    if not all(word.isdecimal() and int(word) >= _FEWEST for word in words):
        print(f"usage: script/bench memory [COUNT …], each {_FEWEST} or more", file=sys.stderr)
        return 2
    sizes = list(dict.fromkeys(map(int, words))) or _SIZES
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            print(f"{size} messages", flush=True)
            figures |= asyncio.run(measure(size, Path(folder)))
    held = [value for name, value in figures.items() if name.startswith("loop_held_ms")]
    figures["loop_held_ms"] = max(held)
    for name, value in figures.items():
        print(f"{name:<28} {value:>10.2f}   {_TARGETS.get(name, '')}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    return 1 if any(figures.get(name, 0) > most for name, most in _TARGETS.items()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
