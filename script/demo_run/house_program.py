"""Run Home Assistant, fresh and on this machine alone."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from .config_folder import prepare
from .house_client import House, onboard, wait_until_running
from .places import COMPONENT_PYTHON, HOME_ASSISTANT_PORT, HOST, free_port
from .processes import Program, program, wait_for_port

START_TIMEOUT_S = 120
_AGAIN = 'trap : INT; until "$@"; code=$?; [ $code -ne 100 ]; do :; done; exit $code'
"""Home Assistant ends with 100 where somebody asks for a restart; an installation then starts it
again. The trap lets the shell wait for a Home Assistant that is interrupted and stops in good order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningHouse:
    """A Home Assistant that has started, and our connection to it."""

    house: House
    program: Program
    url: str
    log: Path
    """Home Assistant's own log."""


@asynccontextmanager
async def home_assistant(
    folder: Path,
    *,
    python: str = COMPONENT_PYTHON,
    wanted_port: int | None = HOME_ASSISTANT_PORT,
    fill: Callable[[Path], None] | None = None,
    restarts: bool = False,
) -> AsyncGenerator[RunningHouse]:
    """Run Home Assistant from a fresh folder for as long as the context lasts.

    `fill` may change the configuration folder before the start. With `restarts` a restart that is
    asked for in its own interface works as in an installation.
    """
    port = free_port(wanted_port)
    config = folder / "config"
    prepare(config, port)
    if fill is not None:
        fill(config)
    url = f"http://{HOST}:{port}"
    command = (python, "-m", "homeassistant", "-c", str(config), "--log-no-color")
    again = ("sh", "-c", _AGAIN, "sh") if restarts else ()
    async with (
        program(
            "Home Assistant",
            (*again, *command),
            folder / "home-assistant.out",
            # The checkout has a package of the same name as the folder of custom components.
            folder=config,
            environment={"PYTHONPATH": ""},
        ) as running,
        aiohttp.ClientSession() as session,
    ):
        await wait_for_port(running, port, START_TIMEOUT_S)
        login = await onboard(session, url)
        await wait_until_running(session, login, running, START_TIMEOUT_S)
        house = await House.connect(session, login)
        try:
            yield RunningHouse(
                house=house, program=running, url=url, log=config / "home-assistant.log"
            )
        finally:
            await house.close()
