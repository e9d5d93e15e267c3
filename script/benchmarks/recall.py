"""Score recall on a file of dialogues in LoCoMo's format: `script/bench recall FILE`.

For every question, how many of the messages that answer it are among the first 5, 10, 20 and 50
found, and how high the first of them stands (MRR). No model is asked.
"""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime
import json
from pathlib import Path
import re
import sys
import tempfile
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pure_parts

pure_parts.load()

from waifu_rt3d.memory import Attachment, NewMessage, Role, Scope, Store  # type: ignore[import-not-found]  # noqa: E402 - made above
from waifu_rt3d.memory.bulk import WholeMessage, WholeSession  # type: ignore[import-not-found]  # noqa: E402 - made above

_PLACES = (5, 10, 20, 50)
_TARGETS = {"r_at_10": 0.721, "r_at_20": 0.785, "mrr": 0.501}
_DATES = ("%I:%M %p on %d %B, %Y", "%I:%M %p on %d %b, %Y")
_STEP_MS = 20_000
_SESSION = re.compile(r"session_\d+")
_NAME = re.compile(r"D:?\s*(\d+)\s*:\s*(\d+)")
_SCOPE = Scope.of("speaker_a", "speaker_b")
type Figures = dict[str, float]


class BadDialogues(Exception):
    """Say what is wrong with a file of dialogues, and where."""


def samples(path: Path) -> list[dict[str, Any]]:
    """Return the conversations of a file, whether they stand at its root or under a name."""
    try:
        document = json.loads(path.read_text("utf-8-sig"))
    except ValueError as error:
        raise BadDialogues(f"it is no JSON: {error}") from error
    except RecursionError as error:
        raise BadDialogues("it has too many brackets inside each other") from error
    if isinstance(document, dict) and not _is_sample(document):
        # A list under any name, such as {"data": […]}.
        document = next((one for one in document.values() if isinstance(one, list)), [])
    rows = document if isinstance(document, list) else [document]
    found = [{"conversation": row, **row} for row in rows if isinstance(row, dict)]
    return [one for one in found if _is_sample(one)]


def _is_sample(value: dict[str, Any]) -> bool:
    """Say whether an object has dialogues and questions about them."""
    dialogues = value.get("conversation", value)
    has_dialogues = isinstance(dialogues, dict) and any(map(_SESSION.fullmatch, dialogues))
    return isinstance(value.get("qa"), list) and has_dialogues


async def score(path: Path) -> Figures:
    """Return the figures over all questions of a file that name their evidence."""
    sums: dict[str, float] = defaultdict(float)
    count = 0
    for sample in samples(path):
        with tempfile.TemporaryDirectory() as folder:
            for figures in await _score_one(sample, Path(folder) / "recall.db"):
                count += 1
                for name, value in figures.items():
                    sums[name] += value
    return {name: round(value / max(1, count), 3) for name, value in sums.items()} | {
        "questions": count
    }


async def _score_one(sample: dict[str, Any], database: Path) -> list[Figures]:
    """Return the figures of each question of one conversation."""
    sessions, names = _sessions(sample["conversation"])
    if not sessions:
        return []
    last_ms = max(one.updated_ms for one in sessions)
    store = await Store.open(database, now_ms=lambda: last_ms)
    for key, tell in (("speaker_a", store.name_person), ("speaker_b", store.name_character)):
        if name := sample["conversation"].get(key):
            await tell(key, str(name))
    uids = await store.put_in(_SCOPE, sessions)
    places: dict[int, str] = {}
    for uid, dialogue in zip(uids, names, strict=True):
        for message, name in zip(await store.tree(_SCOPE, uid), dialogue, strict=True):
            places[message.id] = name
    found = []
    for question in sample["qa"]:
        asked = question.get("question") if isinstance(question, dict) else None
        if not isinstance(asked, str) or not asked.strip():
            continue
        if wanted := _evidence(question) & set(places.values()):
            ranked = await store.related(_SCOPE, asked, limit=max(_PLACES))
            found.append(_figures(wanted, [places[one.message_id] for one in ranked]))
    await store.close()
    return found


def _figures(wanted: set[str], ranked: list[str]) -> Figures:
    """Return the figures of one question."""
    figures = {
        f"r_at_{place}": len(wanted & set(ranked[:place])) / len(wanted) for place in _PLACES
    }
    first = next((place for place, one in enumerate(ranked, 1) if one in wanted), None)
    return figures | {"mrr": 0.0 if first is None else 1 / first}


def _evidence(question: dict[str, Any]) -> set[str]:
    """Return the names of the messages that answer a question; several may stand in one text."""
    evidence = question.get("evidence") or []
    texts = evidence if isinstance(evidence, list) else [evidence]
    return {one for text in texts for one in _names(str(text))}


def _names(text: str) -> list[str]:
    """Return the names in a text such as `D8:6; D9:17`, `D:11:26` or `D30:05`, written alike."""
    return [f"D{int(dialogue)}:{int(line)}" for dialogue, line in _NAME.findall(text)]


def _sessions(conversation: dict[str, Any]) -> tuple[list[WholeSession], list[list[str]]]:
    """Return the sessions in order of time, and the names of their messages."""
    keys = [key for key in conversation if _SESSION.fullmatch(key) and conversation[key]]
    keys.sort(key=lambda key: int(key.split("_")[1]))
    dialogues = {key: _rows(conversation[key], key) for key in keys}
    speaker = conversation.get("speaker_a") or next(
        (row.get("speaker") for rows in dialogues.values() for row in rows), None
    )
    wholes, names = [], []
    for number, key in enumerate(keys):
        # A date that can't be read must not disturb the order.
        start_ms = _time_ms(str(conversation.get(f"{key}_date_time", "")))
        rows = dialogues[key]
        wholes.append(_session(rows, speaker, start_ms or (number + 1) * 86_400_000))
        names.append([_name_of(row, key, line) for line, row in enumerate(rows, 1)])
    order = sorted(range(len(keys)), key=lambda place: wholes[place].created_ms)
    return [wholes[one] for one in order], [names[one] for one in order]


def _rows(value: Any, key: str) -> list[dict[str, Any]]:
    """Return the messages of one dialogue; say where one is none."""
    if not isinstance(value, list):
        raise BadDialogues(f"{key} should be a list of messages")
    for number, row in enumerate(value, 1):
        if not isinstance(row, dict):
            raise BadDialogues(f"{key}, message {number} should be an object with speaker and text")
    return value


def _name_of(row: dict[str, Any], key: str, line: int) -> str:
    """Return a message's name, or its place where it has none."""
    return next(iter(_names(str(row.get("dia_id", "")))), f"D{key.split('_')[1]}:{line}")


def _session(rows: list[dict[str, Any]], person: str, start_ms: int) -> WholeSession:
    """Return one session; the first speaker is taken as the person."""
    messages = [
        WholeMessage(
            message=NewMessage(
                session_id="",
                role=Role.USER if row.get("speaker") == person else Role.ASSISTANT,
                text=_sayable(row.get("text")),
                created_ms=start_ms + place * _STEP_MS,
                attachments=_pictures(row),
            ),
            parent=place - 1 if place else None,
        )
        for place, row in enumerate(rows)
    ]
    return WholeSession(
        audience="speaker_a",
        character="speaker_b",
        title="",
        created_ms=start_ms,
        updated_ms=start_ms + len(rows) * _STEP_MS,
        messages=messages,
        head=len(messages) - 1,
    )


def _sayable(value: Any) -> str:
    """Return what was said; a half of a letter can't be stored."""
    return str(value or "").encode("utf-8", "replace").decode()


def _pictures(row: dict[str, Any]) -> list[Attachment]:
    """Return a shared picture with its caption."""
    caption = _sayable(row.get("blip_caption"))
    return [Attachment(kind="image", reference="", caption=caption)] if caption else []


def _time_ms(text: str) -> int | None:
    """Return the time of a session."""
    for form in _DATES:
        try:
            moment = datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return int(moment.timestamp() * 1000)
    return None


def main() -> int:
    """Print the figures; the last line is JSON."""
    if len(sys.argv) != 2:
        print("usage: script/bench recall FILE (dialogues in LoCoMo's format)", file=sys.stderr)
        return 2
    if not Path(sys.argv[1]).is_file():
        print(f"error: There is no file {sys.argv[1]}.", file=sys.stderr)
        return 2
    try:
        figures = asyncio.run(score(Path(sys.argv[1])))
    except BadDialogues as error:
        print(f"error: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    if not figures["questions"]:
        print(f"error: {sys.argv[1]} has no question that names its evidence", file=sys.stderr)
        return 2
    for name, value in figures.items():
        print(f"{name:<12} {value:>8.3f}   {_TARGETS.get(name, '')}")
    print(json.dumps(figures))
    return 0 if all(figures[name] >= target for name, target in _TARGETS.items()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
