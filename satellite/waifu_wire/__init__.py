"""Bounded Wyoming frames, pairing keys and TLS-PSK, shared by speech server and satellite."""
