"""Tell Home Assistant's Supervisor where this app listens, with its key.

An app of Home Assistant gets a token in its environment; the Supervisor hands what we tell it to the
integration (`POST /discovery`, Supervisor API), so that nobody has to type a key.
"""

import asyncio
from collections.abc import Mapping
import json
import logging
import socket
from typing import Final
import urllib.request

LOGGER = logging.getLogger(__name__)
SERVICE: Final = "waifu_rt3d"
TOKEN_VARIABLE: Final = "SUPERVISOR_TOKEN"
DEFAULT_URL: Final = "http://supervisor"
TIMEOUT_S: Final = 10.0


async def tell_supervisor(
    environment: Mapping[str, str], *, server_id: str, port: int, key: str | None
) -> None:
    """Tell the Supervisor, where there is one; it asks nothing of anybody else."""
    token = environment.get(TOKEN_VARIABLE)
    if not token:
        return
    url = environment.get("SUPERVISOR_URL", DEFAULT_URL)
    config = {"host": socket.gethostname(), "port": port, "id": server_id, "pairing_key": key}
    try:
        await asyncio.to_thread(_post, f"{url}/discovery", token, config)
    except OSError as err:
        LOGGER.warning("The Supervisor did not take our address: %s", err)


def _post(url: str, token: str, config: dict[str, object]) -> None:
    """Send the address."""
    request = urllib.request.Request(
        url,
        data=json.dumps({"service": SERVICE, "config": config}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        answer.read()
