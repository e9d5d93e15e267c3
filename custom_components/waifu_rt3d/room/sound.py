"""Sound on its way to a satellite's loudspeaker."""

import asyncio
from collections.abc import AsyncIterable

from homeassistant.components import ffmpeg, tts
from homeassistant.components.assist_satellite import AssistSatelliteAnnouncement
from homeassistant.core import HomeAssistant
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from ..const import LOGGER
from ..turns.turn import Turn
from ..voice.connection import WireError
from ..voice.events import user_event
from ..voice.wav import AudioFormat, WavReader
from .link import SatelliteLink

CHUNK_BYTES = 4096
PLAYED_GRACE_S = 5.0
MEDIA_FORMAT = AudioFormat(rate_hz=22050, width=2, channels=1)


class RoomSound:
    """Send replies and announcements, one after the other."""

    def __init__(self, link: SatelliteLink) -> None:
        """Play through a link."""
        self._link = link
        self._played = asyncio.Event()
        self._turn_with_sound: str | None = None

    def played(self) -> None:
        """Take that the satellite played a stream to its end (event `played`)."""
        self._played.set()

    def lost(self) -> None:
        """Let go of whoever waits for a satellite that is gone."""
        self._turn_with_sound = None
        self._played.set()

    async def play(self, turn: Turn, stream: tts.ResultStream) -> None:
        """Send a turn's reply while it is made; a reply without sound sends nothing."""
        try:
            await self._send(stream.async_stream_result(), turn)
        except WireError as err:
            LOGGER.debug("The reply did not reach the satellite: %s", err)
        except ValueError as err:
            LOGGER.warning("The reply can't be played: %s", err)
            turn.lose_voice()

    async def stop(self, turn: Turn) -> None:
        """Stop a turn's sound at the loudspeaker."""
        if self._turn_with_sound != turn.id:
            return
        self._turn_with_sound = None
        data: dict[str, object] = {"turn_id": turn.id, "reason": "user"}
        try:
            await self._link.send(user_event("cancel", data))
        except WireError as err:
            LOGGER.debug("The satellite is gone already: %s", err)

    async def announce(
        self, hass: HomeAssistant, announcement: AssistSatelliteAnnouncement
    ) -> None:
        """Play an announcement and return when it was heard. Raises WireError."""
        token = announcement.tts_token
        stream = tts.async_get_stream(hass, token) if token else None
        if announcement.preannounce_media_id:
            await self.play_media(hass, announcement.preannounce_media_id)
        if stream is not None:
            await self.play_stream(stream)
        else:
            await self.play_media(hass, announcement.media_id)

    async def play_stream(self, stream: tts.ResultStream) -> None:
        """Play an announcement that a voice makes, and wait until it was heard."""
        self._played.clear()
        await self._wait_played(await self._send(stream.async_stream_result(), None))

    async def play_media(self, hass: HomeAssistant, url: str) -> None:
        """Play any sound of the media browser, and wait until it was heard."""
        self._played.clear()
        process = await asyncio.create_subprocess_exec(
            ffmpeg.get_ffmpeg_manager(hass).binary,
            "-protocol_whitelist",
            "http,https,file,tcp,tls",
            "-i",
            url,
            "-f",
            "wav",
            "-ac",
            str(MEDIA_FORMAT.channels),
            "-ar",
            str(MEDIA_FORMAT.rate_hz),
            "-nostats",
            "-loglevel",
            "error",
            "pipe:",
            stdout=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        try:
            sent_ms = await self._send(_read_pipe(process.stdout), None)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await self._wait_played(sent_ms)

    async def _send(self, wav: AsyncIterable[bytes], turn: Turn | None) -> float:
        """Send a WAV stream as Wyoming audio and return how long it sounds (ms)."""
        reader, sent = WavReader(), 0
        async for data in wav:
            pcm = reader.feed(data)
            if pcm and reader.format:
                if not sent:
                    await self._start(reader.format, turn)
                sent = await self._send_pcm(reader.format, pcm, sent)
        if not sent or reader.format is None:
            return 0.0
        duration_ms = reader.format.duration_ms(sent)
        await self._link.send(AudioStop(timestamp=round(duration_ms)).event())
        return duration_ms

    async def _start(self, audio: AudioFormat, turn: Turn | None) -> None:
        """Say whose sound comes, and in which format."""
        if turn is not None:
            self._turn_with_sound = turn.id
            await self._link.send(user_event("reply-audio", {"turn_id": turn.id}))
        start = AudioStart(
            rate=audio.rate_hz, width=audio.width, channels=audio.channels, timestamp=0
        )
        await self._link.send(start.event())
        if turn is not None:
            turn.note_time("sent")

    async def _send_pcm(self, audio: AudioFormat, pcm: bytes, sent: int) -> int:
        """Send PCM in chunks and return how many bytes went out in all."""
        for at in range(0, len(pcm), CHUNK_BYTES):
            part = pcm[at : at + CHUNK_BYTES]
            chunk = AudioChunk(
                rate=audio.rate_hz,
                width=audio.width,
                channels=audio.channels,
                audio=part,
                timestamp=round(audio.duration_ms(sent)),
            )
            await self._link.send(chunk.event())
            sent += len(part)
        return sent

    async def _wait_played(self, sent_ms: float) -> None:
        """Wait until the satellite played it; one that never says so is not waited for."""
        if not sent_ms:
            return
        try:
            async with asyncio.timeout(sent_ms / 1000 + PLAYED_GRACE_S):
                await self._played.wait()
        except TimeoutError:
            LOGGER.debug("The satellite did not say that it played the announcement")


async def _read_pipe(pipe: asyncio.StreamReader) -> AsyncIterable[bytes]:
    """Yield what a process writes."""
    while data := await pipe.read(CHUNK_BYTES):
        yield data
