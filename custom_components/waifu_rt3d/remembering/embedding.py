"""Let an embedding model of the owner's read what was said, so that recall knows meanings too.

Only where the owner named such a model with one of their servers; what it reads is what the memory
keeps, so nothing of a private session.
"""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN, LOGGER
from ..house import HOUSE
from ..memory import StoreError
from ..memory.embeddings import Vector
from ..memory.ids import PRIVATE_IDS_FROM
from ..minds.model_servers import MODEL_SERVERS, ModelServer
from ..providers.errors import ProviderError

EMBEDDING: HassKey[Reading] = HassKey(f"{DOMAIN}_embedding")

AT_ONCE = 32
MOST_A_MINUTE = 20
"""Requests: a server that also answers people must not be busy for long."""
LONGEST_TEXT = 2000
"""Most models read no more than the beginning anyway."""


@dataclass(slots=True)
class Reading:
    """How far a model has read; all below is looked through anew by the first pass of a day."""

    model: str = ""
    newest_id: int = 0
    failed: bool = False


def embedding_server(hass: HomeAssistant) -> ModelServer | None:
    """Return the first server with a model for this."""
    servers = hass.data.get(MODEL_SERVERS)
    return next((one for one in servers.all() if one.embedding_model), None) if servers else None


async def async_vector(hass: HomeAssistant, text: str) -> Vector | None:
    """Return what the model makes of a sentence; nothing where there is none or it fails."""
    server = embedding_server(hass)
    if server is None or server.embedding_model is None:
        return None
    try:
        [numbers] = await hass.data[MODEL_SERVERS].embed(server, [text[:LONGEST_TEXT]])
    except ProviderError as err:
        LOGGER.debug("The meaning of a sentence is not known: %s", err)
        return None
    return Vector.of(server.embedding_model, numbers)


async def async_read_on(hass: HomeAssistant, *, anew: bool = False) -> None:
    """Let the model read some of what it has not read yet, the newest first."""
    server, store = embedding_server(hass), hass.data[HOUSE].store
    if server is None or server.embedding_model is None or store is None:
        return
    reading = hass.data.setdefault(EMBEDDING, Reading())
    if anew or reading.model != server.embedding_model:
        reading.model, reading.newest_id = server.embedding_model, 0
    newest_id, before_id = reading.newest_id, PRIVATE_IDS_FROM
    for _ in range(MOST_A_MINUTE):
        waiting = await store.without_vector(
            reading.model, after_id=reading.newest_id, before_id=before_id, limit=AT_ONCE
        )
        if not waiting:
            reading.newest_id = newest_id
            return
        newest_id = max(newest_id, waiting[0].message_id)
        before_id = waiting[-1].message_id
        texts = [one.text[:LONGEST_TEXT] for one in waiting]
        try:
            vectors = await hass.data[MODEL_SERVERS].embed(server, texts)
            read = zip((one.message_id for one in waiting), vectors, strict=True)
            await store.put_vectors(reading.model, dict(read))
        except (ProviderError, StoreError) as err:
            if not reading.failed:
                LOGGER.warning("%s can't read what was said: %s", server.name, err)
            reading.failed = True
            return
        if reading.failed:
            LOGGER.info("%s reads what was said again", server.name)
        reading.failed = False
