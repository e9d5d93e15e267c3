"""Python loads this at its start: from then on every attempt to leave this machine is written down.

Audit events of `socket` (https://docs.python.org/3/library/audit_events.html) are raised before
anything is sent. Those with a frame of ours on their stack are ours; names that are looked up are
written down in any case, because a thread does that whose stack does not tell for whom.
"""

import ipaddress
import os
import sys
from types import FrameType

_LOG = os.environ.get("WAIFU_RT3D_OUTBOUND", "")
_OURS = ("custom_components/waifu_rt3d/", "/waifu_satellite/", "/waifu_speech/", "/waifu_wire/")
_AT_HOME = {"", "localhost", None}


def _write(line: str) -> None:
    """Add a line; several processes may share the file."""
    descriptor = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def _leaves(host: object) -> bool:
    """Return whether an address or name is not this machine."""
    if host in _AT_HOME or not isinstance(host, str):
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


def _of_ours(frame: FrameType | None) -> str:
    """Return the innermost place of ours on a stack."""
    while frame is not None:
        name = frame.f_code.co_filename
        if any(part in name for part in _OURS):
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _hook(event: str, args: tuple[object, ...]) -> None:
    """Look at each attempt to connect, to send, and to look a name up."""
    if event in {"socket.connect", "socket.sendto"}:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if _leaves(host):
        _write(f"{event} {host} {_of_ours(sys._getframe(1))}".rstrip())  # noqa: SLF001 - there is no other way to a stack


if _LOG:
    _write(f"watching {os.getpid()}")
    sys.addaudithook(_hook)
