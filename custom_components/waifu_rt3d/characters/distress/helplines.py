"""Whom to call, by country.

Each number was compared with at least two published sources that do not copy each other, on 2026-11-27; mend what has
changed since, with a new date. Not every line answers at night (those of Denmark and Luxembourg do not), which is why the
emergency number is always named as well.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpline:
    """The help there is in a country."""

    emergency: str
    """The number for danger to life."""
    name: str = ""
    number: str | None = None
    """The number of a crisis line, where one is known."""


_SAMARITANS = ("Samaritans", "116 123")
_EUROPE = "112"
_LINES: dict[str, tuple[str, str, str]] = {
    "AT": (_EUROPE, "TelefonSeelsorge", "142"),
    "AU": ("000", "Lifeline", "13 11 14"),
    "BE": (_EUROPE, "Zelfmoordlijn", "1813"),
    "BR": ("192", "CVV", "188"),
    "CA": ("911", "9-8-8 Suicide Crisis Helpline", "988"),
    "CH": (_EUROPE, "Die Dargebotene Hand", "143"),
    "CZ": (_EUROPE, "Linka první psychické pomoci", "116 123"),
    "DE": (_EUROPE, "TelefonSeelsorge", "0800 111 0 111"),
    "DK": (_EUROPE, "Livslinien", "70 201 201"),
    "ES": (_EUROPE, "Línea 024", "024"),
    "FI": (_EUROPE, "MIELI Kriisipuhelin", "09 2525 0111"),
    "FR": (_EUROPE, "3114", "3114"),
    "GB": ("999", *_SAMARITANS),
    "HU": (_EUROPE, "Lelki Elsősegély", "116 123"),
    "IE": (_EUROPE, *_SAMARITANS),
    "IN": (_EUROPE, "Tele-MANAS", "14416"),
    "KR": ("119", "Suicide prevention line", "109"),
    "LU": (_EUROPE, "SOS Détresse", "45 45 45"),
    "NL": (_EUROPE, "113 Zelfmoordpreventie", "0800 0113"),
    "NO": (_EUROPE, "Mental Helse", "116 123"),
    "NZ": ("111", "1737", "1737"),
    "PL": (_EUROPE, "Telefon wsparcia emocjonalnego", "116 123"),
    "SE": (_EUROPE, "Mind Självmordslinjen", "90101"),
    "US": ("911", "988 Suicide & Crisis Lifeline", "988"),
    "ZA": (_EUROPE, "SADAG", "0800 567 567"),
}


def helpline_of(country: str | None) -> Helpline:
    """Return the help of a country by its ISO 3166 code; elsewhere the number that mobiles know."""
    known = _LINES.get((country or "").upper())
    if known is None:
        return Helpline(emergency=_EUROPE)
    emergency, name, number = known
    return Helpline(emergency=emergency, name=name, number=number)
