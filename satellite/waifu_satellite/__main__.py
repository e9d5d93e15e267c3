"""The command line: `waifu-satellite run --uri tcp://HOST:PORT …`."""

import argparse
import asyncio
from collections.abc import Sequence
import json
import logging
import os
from pathlib import Path
import signal
import sys

from waifu_wire.pairing import format_key
from waifu_wire.server import ListenError

from . import VERSION
from .audio.base import AudioError
from .audio.devices import BACK_ENDS
from .config import DEFAULT_URI, Config, ConfigError, default_config_path, read_config, with_values
from .control import SOCKET_NAME, ask
from .keeping import default_state_dir, pairing_key
from .run import Running, one_turn, running
from .wake.base import WakeError
from .wake.engines import ENGINES


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line asks for; leave with a sentence when it can't be done."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if getattr(options, "verbose", False) else logging.INFO,
        format="%(levelname)s %(name)s: %(message)s",
    )
    try:
        code = options.work(options)
    except (ConfigError, AudioError, WakeError, ListenError) as err:
        sys.exit(f"waifu-satellite: {err}")
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


def _run(options: argparse.Namespace) -> int:
    """Run the satellite."""
    config = _config(options)
    state_dir = _state_dir(options)
    work = _run_until_stopped(config, state_dir, options.replies, once=options.once)
    return 0 if asyncio.run(work) else 1


async def _run_until_stopped(
    config: Config, state_dir: Path, replies: Path | None, *, once: bool
) -> bool:
    """Run until a signal comes, or with `once` until a reply was played; return success."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(config, state_dir=state_dir, replies=replies) as alive:
        _print_start(config, alive)
        if once:
            return await one_turn(alive.satellite, stop)
        await stop.wait()
        return True


def _print_start(config: Config, alive: Running) -> None:
    """Say where the satellite is and what it needs; the first line is for programs too."""
    print(f"waifu-satellite listens on tcp://{config.address[0]}:{alive.server.port}", flush=True)
    if alive.key is None:
        print("Plain Wyoming: anybody on the network may connect", flush=True)
    else:
        print(f"Pairing key: {format_key(alive.key)}", flush=True)
    print(f"Wake word: {', '.join(config.wake)}; microphone: {config.mic}", flush=True)


def _control(options: argparse.Namespace) -> int:
    """Send a command to the satellite that runs on this machine."""
    request: dict[str, object] = {"do": options.do}
    if options.file is not None:
        request["file"] = str(options.file.resolve())
    answer = asyncio.run(ask(_state_dir(options) / SOCKET_NAME, request))
    print(json.dumps(answer))
    return 0 if answer.get("ok") else 1


def _setup(options: argparse.Namespace) -> int:
    """Write configuration and unit, or show them."""
    # What only one command needs is loaded by it alone: `run` stays small.
    from .doctor import examine  # noqa: PLC0415 - see above
    from .setup import make_plan, next_steps, qr_code, with_found_devices  # noqa: PLC0415 - see above

    path = options.config or default_config_path(os.environ)
    config, found = with_found_devices(_config(options, missing_is_fine=True))
    plan = make_plan(config, os.environ, path)
    print("Sound devices:", *(f"  {line}" for line in found), sep="\n")
    for target, text in (
        (plan.config_path, plan.config_text),
        (plan.unit_path, plan.unit_text),
    ):
        print(f"\n{'Would write' if options.dry_run else 'Writing'} {target}:\n{text}", end="")
    if options.dry_run:
        return 0
    plan.write()
    # A sound is played and recorded, so that a wrong device is noticed now.
    print("\nIt is tried:")
    for finding in asyncio.run(examine(config, os.environ, _state_dir(options))):
        print(f"  {finding.line}")
    if key := pairing_key(config, os.environ, _state_dir(options)):
        print(f"\nPairing key for Home Assistant: {format_key(key)}")
        # A phone reads it where the terminal's text can't be copied.
        print(qr_code(format_key(key)))
    print("\nStart it now and after each boot:", *next_steps(), sep="\n  ")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    """Look whether all is well."""
    from .doctor import examine  # noqa: PLC0415 - as in `_setup`

    findings = asyncio.run(examine(_config(options), os.environ, _state_dir(options)))
    for finding in findings:
        print(finding.line)
    return 0 if all(finding.well for finding in findings) else 1


def _wake_test(options: argparse.Namespace) -> int:
    """Show the wake engine's scores."""
    from .wake_test import try_file, try_live  # noqa: PLC0415 - as in `_setup`

    config = _config(options)
    if str(options.source) == "mic":
        asyncio.run(try_live(config))
    else:
        for line in try_file(config, options.source):
            print(line)
    return 0


def _config(options: argparse.Namespace, *, missing_is_fine: bool = False) -> Config:
    """Return the settings: command line over file over defaults."""
    path = options.config or default_config_path(os.environ)
    wanted = options.config is not None and not missing_is_fine
    config = read_config(path) if wanted or path.exists() else Config()
    names = Config.__dataclass_fields__
    given = {k: v for k, v in vars(options).items() if k in names and v is not None}
    return with_values(config, given, "The command line").checked()


def _state_dir(options: argparse.Namespace) -> Path:
    """Return where the satellite keeps its id, key, timers and control socket."""
    return options.state_dir or default_state_dir(os.environ)


def _parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parser = argparse.ArgumentParser(
        prog="waifu-satellite",
        description="A room's microphone and loudspeaker for Home Assistant.",
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    _add_run(commands.add_parser("run", help="listen and speak until stopped"))
    setup = commands.add_parser("setup", help="find the devices, write configuration and unit")
    setup.set_defaults(work=_setup)
    setup.add_argument("--dry-run", action="store_true", help="show what would be written")
    _add_settings(setup)
    doctor = commands.add_parser("doctor", help="look whether everything it needs is there")
    doctor.set_defaults(work=_doctor)
    _add_settings(doctor)
    wake_test = commands.add_parser("wake-test", help="show how sure it is of a wake word")
    wake_test.set_defaults(work=_wake_test)
    wake_test.add_argument("source", type=Path, help="a WAV file, or `mic` for 30 s of it")
    _add_settings(wake_test)
    _add_control(commands.add_parser("ctl", help="tell a running satellite what to do"))
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    """Add the options of `run`."""
    run.set_defaults(work=_run)
    run.add_argument("--once", action="store_true", help="leave when one reply has been played")
    run.add_argument(
        "--replies", type=Path, help="for tests: folder for a WAV of each sound that was played"
    )
    _add_settings(run)


def _add_settings(run: argparse.ArgumentParser) -> None:
    """Add the settings, with the names of the configuration file."""
    run.add_argument(
        "--config",
        type=Path,
        help="TOML file with the same settings (default: where `setup` writes it)",
    )
    run.add_argument("--uri", help=f"where to listen (default {DEFAULT_URI}; port 0: a free one)")
    run.add_argument("--name", help="name under which Home Assistant finds it")
    run.add_argument("--area", help="the room, suggested to Home Assistant")
    security = run.add_mutually_exclusive_group()
    security.add_argument("--pairing-key", help="26 letters; without it one is made and kept")
    security.add_argument(
        "--plain", action="store_true", default=None, help="no encryption, anybody may connect"
    )
    run.add_argument("--mic", help=f"{BACK_ENDS}; a file is played once somebody is connected")
    run.add_argument("--speaker", help=BACK_ENDS)
    run.add_argument("--speaker-rate-hz", type=int, help="sample rate of the loudspeaker")
    run.add_argument("--wake", action="append", help=f"{ENGINES}; may be given several times")
    run.add_argument("--wake-models", help="folder with .onnx and .tflite models of your own")
    run.add_argument("--stop-word", help="pocketsphinx:PHRASE or a model file, while she speaks")
    run.add_argument("--threshold", type=float, help="how sure of a wake word it must be, 0…1")
    run.add_argument("--chime", action="store_true", default=None, help="sound after the wake word")
    run.add_argument("--volume", type=float, help="0…1")
    run.add_argument("--silence-s", type=float, help="silence that ends what somebody says")
    run.add_argument("--no-speech-s", type=float, help="how long to wait for the first word")
    run.add_argument("--follow-up-s", type=float, help="how long to wait for an answer")
    run.add_argument("--gpio", help="pins: button=17,mute=22,led=5 or button=17,rgb=5:6:13")
    run.add_argument("--echo", help="speex, off, or device:N: channel N carries what is played")
    run.add_argument(
        "--no-announce",
        dest="announce",
        action="store_false",
        default=None,
        help="do not announce it on the network",
    )
    _add_common(run)


def _add_control(control: argparse.ArgumentParser) -> None:
    """Add the options of `ctl`."""
    control.set_defaults(work=_control)
    control.add_argument(
        "do",
        choices=("say", "wake", "stop", "mute", "unmute", "record", "end-record", "state"),
        help="`record` keeps what the microphone hears as a file, for ten minutes at most",
    )
    control.add_argument("file", type=Path, nargs="?", help="the WAV to say into a file microphone")
    _add_common(control)


def _add_common(parser: argparse.ArgumentParser) -> None:
    """Add what every command understands."""
    parser.add_argument("--state-dir", type=Path, help="where id, key, timers and socket are kept")
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")


if __name__ == "__main__":
    main()
