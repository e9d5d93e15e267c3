"""Talk with Home Assistant as its own pages do: onboarding, REST and websocket."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import aiohttp

from .places import DemoError
from .processes import Program

USERNAME = "demo"
PASSWORD = "demo-home"
TIMEOUT_S = 30

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What a page keeps after a login."""

    url: str
    tokens: Json

    @property
    def token(self) -> str:
        """Return the access token."""
        return str(self.tokens["access_token"])


async def onboard(session: aiohttp.ClientSession, url: str) -> Login:
    """Make the owner of a fresh Home Assistant and log in."""
    client = {"client_id": f"{url}/"}
    owner = {"name": "Demo", "username": USERNAME, "password": PASSWORD, "language": "en"}
    async with session.post(f"{url}/api/onboarding/users", json={**owner, **client}) as response:
        response.raise_for_status()
        code = (await response.json())["auth_code"]
    grant = {"grant_type": "authorization_code", "code": code, **client}
    async with session.post(f"{url}/auth/token", data=grant) as response:
        response.raise_for_status()
        return Login(
            url=url, tokens={**await response.json(), "clientId": f"{url}/", "hassUrl": url}
        )


async def wait_until_running(
    session: aiohttp.ClientSession, login: Login, program: Program, timeout_s: float
) -> None:
    """Return when every integration has started."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + timeout_s
    headers = {"Authorization": f"Bearer {login.token}"}
    while loop.time() < until_s:
        program.check()
        async with session.get(f"{login.url}/api/config", headers=headers) as response:
            if response.status == 200 and (await response.json())["state"] == "RUNNING":
                return
        await asyncio.sleep(0.2)
    raise DemoError(f"Home Assistant was not running after {timeout_s:.0f} s.")


class House:
    """One websocket to Home Assistant, with its REST interface beside it."""

    def __init__(
        self, session: aiohttp.ClientSession, login: Login, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        """Hold an open socket that was let in."""
        self._session = session
        self._socket = socket
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._listeners: dict[int, Callable[[Json], None]] = {}
        self._reader = asyncio.create_task(self._read())
        self.login = login

    @classmethod
    async def connect(cls, session: aiohttp.ClientSession, login: Login) -> Self:
        """Open the websocket and log in."""
        socket = await session.ws_connect(f"{login.url}/api/websocket", max_msg_size=0)
        await socket.receive_json()
        await socket.send_json({"type": "auth", "access_token": login.token})
        if (await socket.receive_json())["type"] != "auth_ok":
            raise DemoError("Home Assistant did not let the demo in.")
        return cls(session, login, socket)

    async def close(self) -> None:
        """Close the websocket."""
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        await self._socket.close()

    async def call(self, kind: str, **fields: Any) -> Any:
        """Send a command and return its result."""
        return await self._send(next(self._ids), {"type": kind, **fields})

    async def subscribe(self, kind: str, listener: Callable[[Json], None], **fields: Any) -> Any:
        """Send a command whose events go to a listener; return its result."""
        number = next(self._ids)
        self._listeners[number] = listener
        return await self._send(number, {"type": kind, **fields})

    async def get(self, path: str) -> Any:
        """Return what a GET request answers."""
        return await self._request("GET", path, None)

    async def post(self, path: str, data: Json) -> Any:
        """Return what a POST request answers."""
        return await self._request("POST", path, data)

    async def delete(self, path: str) -> Any:
        """Return what a DELETE request answers."""
        return await self._request("DELETE", path, None)

    async def state_of(self, entity_id: str) -> str:
        """Return an entity's state."""
        return str((await self.get(f"/api/states/{entity_id}"))["state"])

    async def _send(self, number: int, message: Json) -> Any:
        """Send a message and wait for the answer that has its number."""
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"id": number, **message})
            return await asyncio.wait_for(answer, TIMEOUT_S)
        except TimeoutError as err:
            raise DemoError(f"Home Assistant did not answer {message['type']}.") from err
        finally:
            del self._answers[number]

    async def _read(self) -> None:
        """Hand every message to whom it is for."""
        async for raw in self._socket:
            message: Json = raw.json()
            number = message.get("id", 0)
            if message["type"] == "event" and number in self._listeners:
                self._listeners[number](message["event"])
            elif message["type"] == "result" and (answer := self._answers.get(number)):
                if message["success"]:
                    answer.set_result(message["result"])
                else:
                    answer.set_exception(DemoError(f"Home Assistant refused: {message['error']}"))

    async def _request(self, method: str, path: str, data: Json | None) -> Any:
        """Return the JSON that a request answers."""
        headers = {"Authorization": f"Bearer {self.login.token}"}
        url = f"{self.login.url}{path}"
        async with self._session.request(method, url, json=data, headers=headers) as response:
            if response.status >= 400:
                raise DemoError(
                    f"{method} {path} answered {response.status}: {await response.text()}"
                )
            return await response.json()
