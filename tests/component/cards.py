"""A card as the tests play it: a websocket client that subscribes and keeps what it gets."""

from typing import Any


class Card:
    """A client with its envelopes."""

    def __init__(self, client: Any) -> None:
        """Talk through a client."""
        self.client = client
        self.envelopes: list[dict[str, Any]] = []

    async def call(self, **message: Any) -> Any:
        """Send a command and return its result; envelopes that come meanwhile are kept."""
        await self.client.send_json_auto_id(message)
        while True:
            reply = await self.client.receive_json()
            if reply["type"] == "event":
                self.envelopes.append(reply["event"])
                continue
            return reply

    async def until(self, kind: str, **data: Any) -> dict[str, Any]:
        """Return the first envelope of a kind with this data."""
        seen = 0
        while True:
            for envelope in self.envelopes[seen:]:
                seen += 1
                if envelope["kind"] == kind and data.items() <= envelope["data"].items():
                    return envelope
            await self.next()

    async def next(self) -> None:
        """Keep the next envelope."""
        self.envelopes.append((await self.client.receive_json())["event"])

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the data of all envelopes of a kind."""
        return [envelope["data"] for envelope in self.envelopes if envelope["kind"] == kind]
