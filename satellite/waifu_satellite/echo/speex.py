"""Speex's echo canceller (MDF, J.-S. Valin 2007) from Debian's libspeexdsp1, through ctypes."""

import ctypes
from typing import Final

from waifu_satellite.format import FRAME_BYTES, FRAME_SAMPLES, MIC_RATE_HZ

# A room's echo after 256 ms is below a voice.
TAIL_SAMPLES: Final = 4096
SET_SAMPLING_RATE: Final = 24
LIBRARY: Final = "libspeexdsp.so.1"


class NoEchoLibraryError(Exception):
    """libspeexdsp is not installed; the message is one sentence for people."""


class SpeexCanceller:
    """One adaptive filter over the room."""

    def __init__(self) -> None:
        """Load the library."""
        self._library = _load()
        self._state = self._library.speex_echo_state_init(FRAME_SAMPLES, TAIL_SAMPLES)
        rate_hz = ctypes.c_int(MIC_RATE_HZ)
        self._library.speex_echo_ctl(self._state, SET_SAMPLING_RATE, ctypes.byref(rate_hz))
        self._out = ctypes.create_string_buffer(FRAME_BYTES)

    def __del__(self) -> None:
        """Free the filter, which Python does not know."""
        if getattr(self, "_state", None):
            self._library.speex_echo_state_destroy(self._state)

    def cancel(self, heard: bytes, said: bytes) -> bytes:
        """Return one frame of 20 ms without what the loudspeaker said."""
        self._library.speex_echo_cancellation(self._state, heard, said, self._out)
        return self._out.raw


def _load() -> ctypes.CDLL:
    """Return the library with the types of what is used."""
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        raise NoEchoLibraryError(
            "libspeexdsp is not installed, so her own voice is not taken out of the microphone; "
            "try: apt install libspeexdsp1"
        ) from None
    library.speex_echo_state_init.restype = ctypes.c_void_p
    library.speex_echo_state_init.argtypes = [ctypes.c_int, ctypes.c_int]
    library.speex_echo_state_destroy.argtypes = [ctypes.c_void_p]
    library.speex_echo_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    library.speex_echo_cancellation.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
    ]
    return library
