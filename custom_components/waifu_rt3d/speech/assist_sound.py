"""The sound that the Assist pipeline gives to ears."""

from typing import override

from homeassistant.components import stt


class AssistEars(stt.SpeechToTextEntity):
    """Ears for 16 kHz mono WAV of 16 bit, as the Assist pipeline gives it."""

    @property
    @override
    def supported_formats(self) -> list[stt.AudioFormats]:
        """Return the container."""
        return [stt.AudioFormats.WAV]

    @property
    @override
    def supported_codecs(self) -> list[stt.AudioCodecs]:
        """Return the codec."""
        return [stt.AudioCodecs.PCM]

    @property
    @override
    def supported_bit_rates(self) -> list[stt.AudioBitRates]:
        """Return bits for each sample."""
        return [stt.AudioBitRates.BITRATE_16]

    @property
    @override
    def supported_sample_rates(self) -> list[stt.AudioSampleRates]:
        """Return the rate."""
        return [stt.AudioSampleRates.SAMPLERATE_16000]

    @property
    @override
    def supported_channels(self) -> list[stt.AudioChannels]:
        """Return the channels."""
        return [stt.AudioChannels.CHANNEL_MONO]
