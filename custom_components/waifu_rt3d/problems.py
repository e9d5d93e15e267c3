"""What people were told that went wrong: each with an id that stands in a log file of our own.

The file (`<config>/waifu_rt3d/problems.log`) holds keys and facts, never what was said.
"""

from collections import Counter
from collections.abc import Callable
from logging import Formatter, LogRecord, makeLogRecord
from logging.handlers import QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey
import probatio as vol

from .const import DOMAIN, LOGGER
from .stage.problem_id import ALPHABET

PROBLEMS: HassKey[Problems] = HassKey(f"{DOMAIN}_problems")

FILE_NAME = "problems.log"
FILE_BYTES = 256 * 1024
KEPT_FILES = 2
MOST_OF_A_USER = 1000
"""Whoever reports more until the next restart would only push the problems of others out of the file."""
_ID = vol.All(str, vol.Match(rf"^[{ALPHABET}]{{6}}\Z"))
_CODE = vol.All(str, vol.Match(r"^[a-z][a-z0-9_]{0,47}\Z"))


class Problems:
    """The log file of what people were told; it is written in a thread."""

    def __init__(self, file: RotatingFileHandler) -> None:
        """Write into a file that rotates."""
        self._queue: SimpleQueue[LogRecord] = SimpleQueue()
        self._listener = QueueListener(self._queue, file)
        self._listener.start()
        self._file = file
        self._reported: Counter[str] = Counter()

    @callback
    def note(self, problem_id: str, code: str, **facts: object) -> None:
        """Write down a problem; `facts` are ids and names of parts."""
        told = " ".join(f"{name}={value}" for name, value in facts.items() if value is not None)
        self._queue.put(makeLogRecord({"msg": f"{problem_id} {code} {told}".rstrip()}))

    @callback
    def note_of_card(self, user_id: str, problem_id: str, code: str) -> None:
        """Write down what a card told its person, unless it tells far too much."""
        self._reported[user_id] += 1
        if self._reported[user_id] <= MOST_OF_A_USER:
            self.note(problem_id, code, where="card")

    def close(self) -> None:
        """Write the rest and close the file; blocks."""
        self._listener.stop()
        self._file.close()


def _open(folder: Path) -> RotatingFileHandler:
    """Open the file; blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(
        folder / FILE_NAME, maxBytes=FILE_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
    )
    file.setFormatter(Formatter("%(asctime)s %(message)s"))
    return file


async def async_open_problems(hass: HomeAssistant) -> Callable[[], None] | None:
    """Open the log file and return how to close it (blocking); without a disk there is none."""
    websocket_api.async_register_command(hass, ws_problem)
    folder = Path(hass.config.path(DOMAIN))
    try:
        file = await hass.async_add_executor_job(_open, folder)
    except OSError as err:
        LOGGER.warning("What goes wrong can't be written down: %s", err)
        return None
    problems = hass.data[PROBLEMS] = Problems(file)
    return problems.close


@callback
def note_problem(hass: HomeAssistant, problem_id: str, code: str, **facts: object) -> None:
    """Write down a problem, where there is a file."""
    if PROBLEMS in hass.data:
        hass.data[PROBLEMS].note(problem_id, code, **facts)


@websocket_api.websocket_command(
    {
        vol.Required("type"): "waifu_rt3d/problem",
        vol.Required("problem_id"): _ID,
        vol.Required("code"): _CODE,
    }
)
@callback
def ws_problem(
    hass: HomeAssistant, connection: websocket_api.ActiveConnection, msg: dict[str, Any]
) -> None:
    """Write down what a card told its person."""
    if (problems := hass.data.get(PROBLEMS)) is not None:
        problems.note_of_card(connection.user.id, msg["problem_id"], msg["code"])
    connection.send_result(msg["id"], {})
