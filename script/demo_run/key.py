"""A pairing key for one run."""

import base64
import secrets

KEY_BYTES = 16


def new_key() -> str:
    """Return 16 random bytes as 26 letters of base32, as both ends take it."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")
