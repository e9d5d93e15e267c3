"""What is said into the demo's microphone."""

import asyncio
from pathlib import Path
import shutil
import wave

from .places import DemoError

WAKE_WORD = "hey jarvis"
COMMAND = "turn on the kitchen light"
PAD_S = 1.0
PAUSE_S = 0.2
"""The comma between the wake word and the command."""
RATE_HZ = 16000


async def speak_into(path: Path, said: str = COMMAND) -> None:
    """Write the wake word and a command into a WAV file (16 kHz, mono).

    The wake word's model knows espeak-ng's voices best, the recogniser flite's.
    """
    folder = path.parent
    wake, command = folder / "wake.wav", folder / "command.wav"
    await _run("espeak-ng", "-v", "en-us", "-s", "150", "-w", str(wake), WAKE_WORD)
    if shutil.which("flite"):
        await _run("flite", "-voice", "slt", "-t", said, "-o", str(command))
    else:
        await _run("espeak-ng", "-v", "en-us", "-s", "140", "-w", str(command), said)
    await _join(path, wake, command)


async def _join(path: Path, *parts: Path) -> None:
    """Put wake word and command one behind the other at one rate, with silence around."""
    same = []
    for part in parts:
        converted = part.with_suffix(".16k.wav")
        await _run(
            *("sox", str(part), "-r", str(RATE_HZ), "-c", "1", "-b", "16", str(converted)),
            *("silence", "1", "0.01", "0.5%", "reverse", "silence", "1", "0.01", "0.5%", "reverse"),
        )
        same.append(converted)
    wake, command = same
    spoken = wake.with_suffix(".pause.wav")
    await _run("sox", str(wake), str(spoken), "pad", "0", str(PAUSE_S))
    await _run("sox", str(spoken), str(command), str(path), "pad", str(PAD_S), "2")
    with wave.open(str(path)) as file:
        if file.getframerate() != RATE_HZ:
            raise DemoError("The microphone's file has the wrong rate.")


async def _run(*command: str) -> None:
    """Run a program to its end."""
    try:
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    except FileNotFoundError:
        raise DemoError(f"{command[0]} is missing: apt install {command[0]}.") from None
    _out, errors = await process.communicate()
    if process.returncode:
        raise DemoError(f"{command[0]} failed: {errors.decode(errors='replace').strip()}")
