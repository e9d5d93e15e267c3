"""Turn what was said around, so that an answer without knowledge still shows that it listened."""

import re

_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "am": "are",
    "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "we": "you", "our": "your",
    "us": "you", "we're": "you're", "we've": "you've", "im": "you're",
}  # fmt: skip
_BEGINNINGS = ("i ", "i'm ", "im ", "i've ", "i'd ", "my ", "we ", "we're ", "our ")
_MAX_WORDS = 16
_DULL = frozenset(
    "a about actually after again all also always am an and any anything are as ask at be because"
    " been being best better but by can can't could did didn't do does doesn't doing don't down else"
    " ever every everything explain feel few first for from get give go going gonna good got had has have he"
    " her here him his how i i'd i'll i'm i've if in into is it it's its just kind know last let"
    " let's like little look lot made make many maybe me mean more most much my need never new nice no"
    " not nothing now of off often oh ok okay on one only or other our out over people please probably"
    " really right said same say see she should show so some someone something sometimes still such"
    " sure take talk tell than thank that that's the their them then there these they thing things"
    " think this those though to today too try under until up us use very want was way we well were"
    " what what's when where which while who whole why will with without won't would yes yesterday yet"
    " you you're your yours".split()
)


def turned(text: str) -> str | None:
    """Return a first-person statement as the listener says it back, or None.

    `I went hiking with my brother.` becomes `you went hiking with your brother`.
    """
    statement = re.split(r"[.!?…]", text.strip(), maxsplit=1)[0].strip()
    words = statement.split()
    if not statement.lower().startswith(_BEGINNINGS) or not 3 <= len(words) <= _MAX_WORDS:
        return None
    if any(re.fullmatch(r"you(r|rs|'re)?,?", word.lower()) for word in words):
        return None
    said_back = [_TURNED.get(word.lower(), word) for word in words]
    # "I was" is "you were"; a later "was" belongs to something else.
    if len(words) > 1 and words[0].lower() == "i" and words[1].lower() == "was":
        said_back[1] = "were"
    return " ".join(said_back)


def topic_of(text: str) -> str | None:
    """Return the word that a text seems to be about, or None."""
    words: list[str] = re.findall(r"[^\W\d_][\w'-]{2,}", text)
    telling = [word for word in words if word.lower().replace("’", "'") not in _DULL]
    return max(telling, key=len, default=None)
