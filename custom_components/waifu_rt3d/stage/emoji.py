"""Emoji: shown, never read aloud, and some of them felt."""

from .cues import CueKind, CueName

_FEELINGS = {
    "happy": "😀😃😄😁😆😊🙂😇🤗☺😺😸🥳🎉🎊🎈🌞🌈☀✨😂🤣😹",
    "amused": "😉😜😝😛🤪😏😎",
    "love": "🥰😍😘❤💕💖💗💓💞💘💝💛💚💙💜🧡🤍🖤🤎💟❣😻😚😙",
    "sad": "😢😭😞😔☹🙁😿💔🥺😥😓😩😫",
    "angry": "😠😡🤬👿💢😾",
    "annoyed": "😤🙄😒🤢🤮",
    "surprised": "😮😲😯😱🤯😳😵🙀",
    "relaxed": "😌🧘🌸🍵",
    "worried": "😟😨😰😧😦😬😖😣",
    "shy": "🙈🫣😅",
    "sleepy": "😴🥱😪💤🌙",
    "curious": "🤨🧐",
    "excited": "🤩🚀🔥",
}
_MOVES = {
    "wave": "👋",
    "nod": "👍👌",
    "shake": "👎🙅",
    "think": "🤔",
    "shrug": "🤷",
    "clap": "👏",
    "bow": "🙏🙇",
    "facepalm": "🤦",
    "cheer": "🙌💪🥂",
}
_FELT_INTENSITY = 0.6
"""A small picture at the end of a sentence says less than a tag."""
_MEANINGS = {
    char: CueName(kind=CueKind.EMOTION, name=name, intensity=_FELT_INTENSITY)
    for name, chars in _FEELINGS.items()
    for char in chars
} | {
    char: CueName(kind=CueKind.GESTURE, name=name)
    for name, chars in _MOVES.items()
    for char in chars
}

# Unicode 17 emoji-data: blocks that hold pictures only, and single pictures of older blocks.
_BLOCKS = ((0x1F000, 0x1FAFF), (0x2600, 0x2775), (0x2794, 0x27BF), (0xE0020, 0xE007F))
_SINGLES = frozenset("⌚⌛⏩⏪⏫⏬⏭⏮⏯⏰⏱⏲⏳⏸⏹⏺⏏⌨⬛⬜⭐⭕⬅⬆⬇⤴⤵↩↪↔↕↖↗↘↙◀▶◻◼◽◾▪▫〰〽㊗㊙ℹ")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
"""Zero width joiner, the two variation selectors and the keycap."""


def is_picture(char: str) -> bool:
    """Return whether a character is a picture or belongs to one."""
    if char < "\u200d":
        return False
    code = ord(char)
    return char in _JOINERS or char in _SINGLES or any(low <= code <= high for low, high in _BLOCKS)


def is_joiner(char: str) -> bool:
    """Return whether a character only changes the picture or digit before it."""
    return char in _JOINERS


def meaning(char: str) -> CueName | None:
    """Return what a picture makes her feel or do, if anything."""
    return _MEANINGS.get(char)
