"""Start the speech server: `waifu-speech --uri tcp://HOST:PORT …`."""

import asyncio
import contextlib
import logging
import os
import signal
import sys

from waifu_wire.discovery import Announcement, announced
from waifu_wire.pairing import format_key
from waifu_wire.server import Connection, ListenError, WireServer, start_server

from . import VERSION
from .describe import stable_id
from .doctor import Light, examine
from .download import download
from .engines import Engines, load_engines
from .errors import SpeechError
from .session import Session
from .settings import Command, SettingsError, SpeechSettings, read_settings
from .supervisor import tell_supervisor

LOGGER = logging.getLogger(__name__)


def main() -> None:
    """Run the server until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        settings = read_settings(sys.argv[1:], os.environ)
        if settings.command is Command.DOWNLOAD:
            download(settings.wanted, settings.models, settings.hub)
            return
        well = asyncio.run(_run(settings))
    except (SettingsError, SpeechError, ListenError) as err:
        sys.exit(f"waifu-speech: {err}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0 if well else 1)


async def _run(settings: SpeechSettings) -> bool:
    """Load the engines, serve, and end everything that was started; return whether all is well."""
    server_id = stable_id("speech", settings.port)
    engines = await load_engines(settings, server_id)
    try:
        if settings.command is Command.LIST:
            _print_installed(engines)
        elif settings.command is Command.DOCTOR:
            return await _print_examination(settings, engines)
        else:
            await _serve(settings, engines, server_id)
        return True
    finally:
        await engines.close()


async def _serve(settings: SpeechSettings, engines: Engines, server_id: str) -> None:
    """Listen and announce until a signal comes."""

    async def handle(connection: Connection) -> None:
        await Session(connection, engines).run()

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await start_server(
        handle, host=settings.host, port=settings.port, pairing_key=settings.pairing_key
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(server.close)
        if settings.announce:
            await _announce(stack, settings, server, server_id)
        _print_start(settings, server, engines)
        key = format_key(settings.pairing_key) if settings.pairing_key else None
        await tell_supervisor(os.environ, server_id=server_id, port=server.port, key=key)
        await stop.wait()


async def _announce(
    stack: contextlib.AsyncExitStack, settings: SpeechSettings, server: WireServer, server_id: str
) -> None:
    """Announce the server; a machine without a network serves all the same."""
    what = Announcement(
        id=server_id,
        name=settings.name,
        role="speech",
        version=VERSION,
        host=settings.host,
        port=server.port,
        secure=server.secure,
    )
    try:
        await stack.enter_async_context(announced(what))
    except OSError as err:
        LOGGER.warning("Could not announce the server on the network: %s", err)


def _print_start(settings: SpeechSettings, server: WireServer, engines: Engines) -> None:
    """Say where the server is and what it needs; the first line is for programs too."""
    host = settings.host or "0.0.0.0"
    print(f"waifu-speech listens on tcp://{host}:{server.port}", flush=True)
    voice = engines.catalog.default
    heard = engines.recognisers[0] if engines.recognisers else None
    recogniser = f"{heard.engine}:{heard.name}" if heard else "none"
    print(f"Voice: {voice.engine}:{voice.name}; recogniser: {recogniser}", flush=True)
    if settings.pairing_key:
        print(f"Pairing key: {format_key(settings.pairing_key)}", flush=True)
    else:
        print("Plain Wyoming: anybody on the network may connect", flush=True)


async def _print_examination(settings: SpeechSettings, engines: Engines) -> bool:
    """Try everything and show each finding at once; return whether nothing is broken."""
    well = True
    async for finding in examine(engines, settings.models):
        print(finding.line(colours=sys.stdout.isatty()), flush=True)
        well = well and finding.light is not Light.RED
    return well


def _print_installed(engines: Engines) -> None:
    """Show the installed voices and recognisers."""
    for voice in engines.catalog.voices:
        default = " (default)" if voice == engines.catalog.default else ""
        speakers = f", {len(voice.speakers)} speakers" if voice.speakers else ""
        name = f"{voice.engine}:{voice.name}"
        print(f"{name:28} {voice.language:10} {voice.description}{speakers}{default}")
    for number, one in enumerate(engines.recognisers):
        default = " (default)" if number == 0 else ""
        languages = ",".join(one.languages) if len(one.languages) < 4 else "many"
        print(f"{f'{one.engine}:{one.name}':28} {languages:10} {one.description}{default}")


if __name__ == "__main__":
    main()
