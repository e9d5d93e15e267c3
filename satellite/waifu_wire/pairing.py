"""Make and read pairing keys, and open the client's end of TLS-PSK (contracts §1: transport)."""

import base64
from collections.abc import Callable
import secrets
import ssl
from typing import Final

KEY_BYTES: Final = 16
KEY_LETTERS: Final = 26
IDENTITY: Final = "waifu-rt3d"
CIPHER: Final = "ECDHE-PSK-CHACHA20-POLY1305"


class PairingKeyError(ValueError):
    """A typed pairing key can't be one."""


def make_key() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(KEY_BYTES)


def format_key(key: bytes) -> str:
    """Return the key as people read it: base32 in groups of four letters."""
    letters = base64.b32encode(key).decode().rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def parse_key(text: str) -> bytes:
    """Return the key that a person typed; case, spaces and dashes do not matter."""
    letters = "".join(text.split()).replace("-", "").upper()
    if len(letters) != KEY_LETTERS:
        raise PairingKeyError(
            f"A pairing key has {KEY_LETTERS} letters and digits, this one has {len(letters)}"
        )
    padded = letters + "=" * (-len(letters) % 8)
    try:
        key = base64.b32decode(padded)
    except ValueError:
        raise PairingKeyError("A pairing key has only the letters A-Z and digits 2-7") from None
    if base64.b32encode(key).decode() != padded:
        raise PairingKeyError("The last letter of the pairing key is mistyped")
    return key


def client_context(key: bytes, on_asked: Callable[[], None] | None = None) -> ssl.SSLContext:
    """Return the client's TLS context; `on_asked` is called when the server asks for the key.

    A wrong key only shows as a reset connection: whether the server asked tells it from a server
    that does not speak TLS.
    """
    context = psk_context(ssl.PROTOCOL_TLS_CLIENT)

    def answer(_hint: str | None) -> tuple[str, bytes]:
        if on_asked is not None:
            on_asked()
        return IDENTITY, key

    context.set_psk_client_callback(answer)
    return context


def psk_context(protocol: int) -> ssl.SSLContext:
    """Return a context that can do nothing but ECDHE-PSK over TLS 1.2."""
    context = ssl.SSLContext(protocol)
    # Both ends know the key, so there are no certificates to check.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # The ssl module's PSK callbacks are for TLS 1.2: 1.3 wants another kind of secret.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHER)
    return context
