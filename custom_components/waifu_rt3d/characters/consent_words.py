"""The words of a confirmation: how the house asks, and what counts as yes or no (English, German)."""

import re
from typing import Final

_NOT_WORDS = re.compile(r"[^\w\s']+")
_YES = {
    "en": r"(oh |well |ok |okay )?(yes|yeah|yep|yup|sure|certainly|of course|ok|okay|confirm(ed)?|go ahead|do (it|that|so)|please do)"
    r"( please| sure| do (it|that|so)| go ahead| of course| confirm(ed)?| you (can|may))*( now| thanks| thank you)?",
    "de": r"(oh |na |ok |okay )?(ja|jo|jawohl|klar|sicher|natürlich|gerne?|ok|okay|bestätigt|ich bestätige|mach (es|das)|tu (es|das)|mach)"
    r"( bitte| gerne?| klar| sicher| natürlich| mach (es|das)| tu (es|das)| mach| das darfst du)*( jetzt| danke)?",
}
_NO = {
    "en": r"(oh |well |please )?(no|nope|nah|never|don't|do not|cancel|stop|leave it|not now|never ?mind)\b.*",
    "de": r"(oh |na |bitte )?(nein|nee?|nö|nicht|niemals|abbrechen|abbruch|stopp?|lass (es|das)|jetzt nicht|lieber nicht|egal)\b.*",
}
_PATTERNS = {
    answer: {language: re.compile(pattern) for language, pattern in table.items()}
    for answer, table in ((True, _YES), (False, _NO))
}
_ASKED: Final = {
    "en": "I would rather hear it from you first. Shall I {what}? Say “yes, please” or “no, thanks”.",
    "de": "Das möchte ich erst von dir hören. Soll ich {what}? Sag „ja, bitte“ oder „nein, danke“.",
}
_LEFT: Final = {"en": "Then I leave it as it is.", "de": "Dann lasse ich es, wie es ist."}
_FAILED: Final = {
    "en": "[sorry:0.5] That did not work: {reason}",
    "de": "[sorry:0.5] Das hat nicht geklappt: {reason}",
}
_DONE: Final = {"en": "Done: {what}.", "de": "Erledigt: {what}."}
_DONE_PLAIN: Final = {"en": "Done.", "de": "Erledigt."}
_GONE: Final = {
    "en": "I may not do that any more, so I leave it.",
    "de": "Das darf ich inzwischen nicht mehr, also lasse ich es.",
}
_AND: Final = {"en": " and ", "de": " und "}
_BUTTONS: Final = {"en": ("Yes, please", "No, thanks"), "de": ("Ja, bitte", "Nein, danke")}


def consent_in(text: str, language: str) -> bool | None:
    """Return whether a whole sentence says yes or no, `None` where it says neither.

    A yes with a condition (“yes, but …”) is none; a no may go on as it likes.
    """
    said = " ".join(_NOT_WORDS.sub(" ", text.replace("’", "'").casefold()).split())
    short = short_language(language)
    for answer in (False, True):
        if _PATTERNS[answer][short].fullmatch(said):
            return answer
    return None


def question(what: list[str], language: str) -> str:
    """Return the question whether some things shall be done, as markup."""
    short = short_language(language)
    return _ASKED[short].format(what=_AND[short].join(what))


def left(language: str) -> str:
    """Return that nothing was done."""
    return _LEFT[short_language(language)]


def gone(language: str) -> str:
    """Return that the tool may not be used any more."""
    return _GONE[short_language(language)]


def done(what: list[str], language: str) -> str:
    """Return that it was done; nothing need be named."""
    short = short_language(language)
    if not what:
        return _DONE_PLAIN[short]
    return _DONE[short].format(what=_AND[short].join(what))


def failed(reason: str, language: str) -> str:
    """Return that it did not work."""
    return _FAILED[short_language(language)].format(reason=reason)


def buttons(language: str) -> tuple[str, str]:
    """Return what is said for yes and for no by who has buttons."""
    return _BUTTONS[short_language(language)]


def short_language(language: str) -> str:
    """Return the language the words are in; English where there are no own ones."""
    short = language.partition("-")[0].lower()
    return short if short in _YES else "en"
