"""Refuse texts in a file that would be a script where somebody took them for HTML."""

import re

from .errors import BadAvatar, Problem
from .reading import Entry, texts

_ACTIVE = (
    "script|iframe|frame|frameset|object|embed|applet|svg|math|img|image|audio|video|source|style"
    "|link|meta|base|form|input|button|textarea|select|body|html|head|template|marquee|isindex"
)
_SCRIPT = re.compile(
    rf"<\s*/?\s*(?:\w+:)?(?:{_ACTIVE})(?=[\s/>]|$)"  # a tag that loads or runs something
    r"|<[a-z][^<>]*[\s/\"']on[a-z]{3,}\s*="  # any tag with an event handler
    r"|(?:java|vb|live)script\s*:"
    r"|data\s*:\s*text/html",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Browsers skip these inside an address: `java\nscript:` is one.
_SKIPPED = str.maketrans("", "", "\t\r\n")


def check_texts(document: Entry) -> None:
    """Refuse a document with a script in any of its names."""
    for text in texts(document):
        check_text(text)


def check_text(text: str) -> None:
    """Refuse a text that holds a script, or signs that nobody can see."""
    if _CONTROL.search(text):
        raise BadAvatar(Problem.SCRIPT, ascii(text[:60]))
    if "<" not in text and ":" not in text:
        return
    if _SCRIPT.search(text) or _SCRIPT.search(text.translate(_SKIPPED)):
        raise BadAvatar(Problem.SCRIPT, ascii(text[:60]))
