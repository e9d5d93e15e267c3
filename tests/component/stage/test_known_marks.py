"""The times of a reply that is played again are known, of the newest replies alone."""

from custom_components.waifu_rt3d.stage import known_marks
from custom_components.waifu_rt3d.stage.known_marks import KnownMarks
from custom_components.waifu_rt3d.stage.timeline import Source, SpeechMarks


def marks(text: str) -> list[SpeechMarks]:
    """Return the marks of a text."""
    return [SpeechMarks(text=text, offset=0, start_ms=0, end_ms=9, marks=(), source=Source.EXACT)]


def test_oldest_reply_is_forgotten() -> None:
    """And what was never said has no times."""
    known = KnownMarks()
    for number in range(known_marks.KEPT_REPLIES + 1):
        known.keep("tts.one", marks(f"Reply {number}"))
    assert known.find("tts.one", "Reply 0") == ()
    assert known.find("tts.one", "Reply 1")[0].text == "Reply 1"
    assert known.find("tts.other", "Reply 1") == ()
    known.keep("tts.one", [])
    assert len(list(known.kept())) == known_marks.KEPT_REPLIES
