"""As an app of Home Assistant the server tells the Supervisor where it is; elsewhere it asks nobody."""

import asyncio
import json
import logging
import socket

import pytest

from waifu_speech.supervisor import tell_supervisor


async def told(environment: dict[str, str], status: str = "200 OK") -> list[tuple[str, str]]:
    """Run a Supervisor that answers with a status; return heads and bodies of what it was told."""
    asked: list[tuple[str, str]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(head.lower().partition("content-length: ")[2].split("\r\n")[0])
        asked.append((head, (await reader.readexactly(length)).decode()))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        where = {"SUPERVISOR_URL": f"http://127.0.0.1:{port}"}
        await tell_supervisor({**where, **environment}, server_id="id-1", port=10720, key="ABCD")
    return asked


async def test_supervisor_is_told_address_and_key() -> None:
    """What it hands to the integration is all that the form needs."""
    ((head, body),) = await told({"SUPERVISOR_TOKEN": "secret"})
    assert head.startswith("POST /discovery ")
    assert "Authorization: Bearer secret" in head
    assert json.loads(body) == {
        "service": "waifu_rt3d",
        "config": {
            "host": socket.gethostname(),
            "port": 10720,
            "id": "id-1",
            "pairing_key": "ABCD",
        },
    }


async def test_nobody_is_asked_outside_of_an_app() -> None:
    """Without its token there is no Supervisor."""
    assert await told({}) == []


async def test_refusal_is_no_reason_to_be_mute(caplog: pytest.LogCaptureFixture) -> None:
    """The server goes on; the reason stands in the log, the token does not."""
    with caplog.at_level(logging.WARNING):
        await told({"SUPERVISOR_TOKEN": "secret"}, "403 Forbidden")
    assert "403" in caplog.text
    assert "secret" not in caplog.text
