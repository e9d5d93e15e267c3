"""Give back to the machine what starting took: small machines have little."""

import contextlib
import ctypes
import gc
from pathlib import Path
from typing import Final

MAPS: Final = Path("/proc/self/maps")
MADV_DONTNEED: Final = 4


def give_back() -> None:
    """Let go of what only the start needed: garbage, the allocator's free pages, code."""
    gc.collect()
    # What lives now lives for ever: the collector need not look at it again.
    gc.freeze()
    library = ctypes.CDLL(None)
    trim = getattr(library, "malloc_trim", None)
    if trim is not None:
        # glibc keeps what models and modules were parsed with.
        trim(0)
    _forget_code(library)


def _forget_code(library: ctypes.CDLL) -> None:
    """Unmap the libraries' code until it is called: most of it was for setting up.

    It comes back from the file's cache page by page. Only code that can't be written to is let go:
    a private page that was changed would come back as it is in the file.
    """
    advise = getattr(library, "madvise", None)
    if advise is None:
        return
    advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    with contextlib.suppress(OSError, ValueError):
        for line in MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
            where, rights, _, _, inode, *_ = line.split()
            if rights == "r-xp" and inode != "0":
                start, end = (int(address, 16) for address in where.split("-"))
                advise(start, end - start, MADV_DONTNEED)
