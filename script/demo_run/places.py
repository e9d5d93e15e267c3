"""Where the demo's parts are, and free ports for them."""

from pathlib import Path
import socket
import sys

HOST = "127.0.0.1"
HOME_ASSISTANT_PORT = 8123

ROOT = Path(__file__).resolve().parents[2]
COMPONENT = ROOT / "custom_components" / "waifu_rt3d"
DEMO_COMPONENTS = ROOT / "script" / "demo_home" / "custom_components"
LOVELACE = ROOT / "lovelace"

COMPONENT_PYTHON = sys.executable
SATELLITE_PYTHON = str(Path(sys.prefix).parent / "satellite" / "bin" / "python")


def free_port(wanted: int | None = None) -> int:
    """Return the wanted port when nobody has it, else any free one."""
    for port in (wanted, 0) if wanted else (0,):
        with socket.socket() as probe:
            # Home Assistant, too, takes a port that is only waiting to be given up.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("There is no free port on 127.0.0.1.")


class DemoError(Exception):
    """The demo can't go on; the message is one sentence for people."""
