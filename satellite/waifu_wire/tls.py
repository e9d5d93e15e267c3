"""Open the server's end of TLS-PSK; the client's end is in `pairing` (contracts §1: transport)."""

import ssl

from .pairing import IDENTITY, client_context, psk_context

__all__ = ["client_context", "server_context"]


def server_context(key: bytes) -> ssl.SSLContext:
    """Return the server's TLS context: only who holds `key` gets through the handshake."""
    context = psk_context(ssl.PROTOCOL_TLS_SERVER)

    def answer(identity: str | None) -> bytes:
        # An empty key makes OpenSSL refuse the identity.
        return key if identity == IDENTITY else b""

    context.set_psk_server_callback(answer, IDENTITY)
    return context
