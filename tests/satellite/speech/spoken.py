"""Sentences that flite says, as samples."""

from pathlib import Path
import shutil
import subprocess
import wave

import numpy as np
from numpy.typing import NDArray


def spoken(folder: Path, text: str) -> NDArray[np.int16]:
    """Return what the voice `slt` makes of a text: 16-bit mono at 16 kHz."""
    flite = shutil.which("flite")
    assert flite is not None
    path = folder / "said.wav"
    subprocess.run([flite, "-voice", "slt", "-t", text, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)
