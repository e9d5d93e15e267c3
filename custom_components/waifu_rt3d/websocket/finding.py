"""Search and count what was said."""

from homeassistant.components import websocket_api
from homeassistant.util import dt as dt_util
import probatio as vol

from ..const import LONGEST_QUERY
from ..memory import Role
from ..memory.search import Order, SearchFilter
from ..remembering.shown import shown_hit, shown_memory, shown_statistics
from .asked import ID, OFFSET, TIME_MS, Answer, Request, asks_memory


@asks_memory(
    "search",
    {
        vol.Required("words"): vol.All(str, vol.Length(min=1, max=LONGEST_QUERY)),
        vol.Optional("character"): str,
        vol.Optional("audience"): str,
        vol.Optional("author"): str,
        vol.Optional("role"): vol.Coerce(Role),
        vol.Optional("session_id"): ID,
        vol.Optional("since_ms"): TIME_MS,
        vol.Optional("until_ms"): TIME_MS,
        vol.Optional("order", default=Order.BEST): vol.Coerce(Order),
        vol.Optional("as_typed", default=False): bool,
        vol.Optional("limit", default=20): vol.All(int, vol.Range(min=1, max=100)),
        vol.Optional("offset", default=0): OFFSET,
    },
)
async def search(request: Request) -> Answer:
    """Return the messages with the given words that the user may see."""
    wanted = SearchFilter(
        **request.given(
            "character", "audience", "author", "role", "session_id", "since_ms", "until_ms"
        )
    )
    found = await request.store.search(
        request.scope,
        request.msg["words"],
        wanted,
        **request.given("order", "as_typed", "limit", "offset"),
    )
    return {"hits": [shown_hit(hit) for hit in found.hits], "more": found.more}


@asks_memory(
    "statistics",
    {
        vol.Optional("since_ms"): TIME_MS,
        vol.Optional("until_ms"): TIME_MS,
        vol.Optional("words", default=50): vol.All(int, vol.Range(min=0, max=500)),
    },
)
async def statistics(request: Request) -> Answer:
    """Return counts per day and character, waiting times and the words people used most."""
    offset = dt_util.now().utcoffset()
    found = await request.store.statistics(
        request.scope,
        **request.given("since_ms", "until_ms"),
        utc_offset_s=round(offset.total_seconds()) if offset else 0,
    )
    words = await request.store.top_words(
        request.scope, **request.given("since_ms"), limit=request.msg["words"]
    )
    return shown_statistics(found, words)


@asks_memory("recalled", {vol.Required("turn_id"): ID})
async def recalled(request: Request) -> Answer:
    """Return what was recalled for a turn, and why."""
    found = await request.store.recalled(request.scope, request.msg["turn_id"])
    return {"memories": [shown_memory(one) for one in found]}


COMMANDS: tuple[websocket_api.const.WebSocketCommandHandler, ...] = (search, statistics, recalled)
