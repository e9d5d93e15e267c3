"""A hub of models in place of Hugging Face, as a program: `script/docs run` lets the documents fetch from it.

It prints its address and serves until its standard input ends. The addresses and answers are the real
ones; the voice and the recogniser are made of arithmetic, a few megabytes in place of two hundred.
"""

from pathlib import Path
import sys
import tempfile

from toy_hub import serving
from toy_piper import make_voice
from toy_whisper import make_whisper


def main() -> None:
    """Serve the voice and the recogniser that the documents name."""
    with tempfile.TemporaryDirectory() as folder, serving() as hub:
        hub.add_voice(make_voice(Path(folder, "en_US-lessac-medium.onnx")))
        hub.add_whisper(make_whisper(Path(folder, "whisper")), "Systran/faster-whisper-base")
        sys.stdout.write(f"{hub.address}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
