"""Write 16 kHz, 16 bit, mono to the standard output at the pace of a microphone.

Run as `paced_mic.py FOLDER`: while `say.wav` is in the folder it is played once, and the time of its
first sample (ms of the monotonic clock) is written to `began`; else there is faint noise.
"""

from pathlib import Path
import random
import sys
import time
import wave

RATE_HZ = 16_000
CHUNK = 320


def main(folder: Path) -> None:
    """Write until the reader leaves."""
    noise = random.Random(0)
    hiss = b"".join(noise.randint(-8, 8).to_bytes(2, "little", signed=True) for _ in range(RATE_HZ))
    began_s, chunks, pcm = time.monotonic(), 0, b""
    out = sys.stdout.buffer
    while True:
        due_s = began_s + chunks * CHUNK / RATE_HZ
        time.sleep(max(0.0, due_s - time.monotonic()))
        if not pcm and (folder / "say.wav").exists():
            with wave.open(str(folder / "say.wav"), "rb") as file:
                pcm = file.readframes(file.getnframes())
            (folder / "say.wav").unlink()
            (folder / "began").write_text(str((due_s - CHUNK / RATE_HZ) * 1000))
        frame, pcm = pcm[: 2 * CHUNK], pcm[2 * CHUNK :]
        at = chunks * 2 * CHUNK % (len(hiss) - 2 * CHUNK)
        out.write(frame + hiss[at : at + 2 * CHUNK - len(frame)])
        out.flush()
        chunks += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
