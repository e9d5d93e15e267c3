"""Give back to the machine what starting took: small machines have little."""

import ctypes
import gc


def give_back() -> None:
    """Let the C library return what models and modules were parsed with; glibc keeps it else."""
    gc.collect()
    # What lives now lives for ever: the collector need not look at it again.
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
