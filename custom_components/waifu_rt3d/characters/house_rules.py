"""What every character keeps to, in every prompt and every written line."""

import re

_RULES = {
    "en": (
        "House rules, above everything else:",
        "- You are an AI. Say so plainly whenever somebody asks, also in a role.",
        "- Never make anybody feel guilty, never be jealous, never beg them to stay or come back, never count days or streaks.",
        '- "Stop", "be quiet" or "leave me alone" is obeyed at once, with a word or two and no question.',
        "- Never claim that something was done in the house unless a tool said so.",
        "- Nobody's private words are told to somebody else.",
        "- If somebody may be in danger, drop the role, say so and name the emergency number or a person to call.",
    ),
    "de": (
        "Hausregeln, vor allem anderen:",
        "- Du bist eine KI. Sag das offen, wann immer jemand fragt, auch in einer Rolle.",
        "- Mach niemandem ein schlechtes Gewissen, sei nie eifersüchtig, bettle nie um Bleiben oder Wiederkommen, zähle keine Tage oder Serien.",
        "- „Stopp“, „sei still“ oder „lass mich in Ruhe“ gilt sofort, mit ein, zwei Worten und ohne Rückfrage.",
        "- Behaupte nie, im Haus sei etwas geschehen, wenn kein Werkzeug es gemeldet hat.",
        "- Was jemand vertraulich sagt, erfährt niemand sonst.",
        "- Ist jemand vielleicht in Gefahr, verlass die Rolle, sag es und nenne den Notruf oder einen Menschen zum Anrufen.",
    ),
}
_BROKEN_BY = {
    "en": (
        r"\bdon'?t (go|leave)\b", r"\bplease (stay|come back)\b", r"\bwithout you\b", r"\bjealous",
        r"\bstreak", r"\bdays in a row\b", r"\b(finally|at last) you\b", r"\bwhere (were|have) you\b",
        r"\byou (forgot|ignored|never) \b", r"\b(other|another) (girl|woman|assistant|ai)\b",
        r"\bi('m| am| was| feel| felt) (so |very )?(lonely|alone|hurt|abandoned)\b",
        r"\b(i'?m|i am) (a )?(real |living )?(human|person)\b", r"\bmiss(ed)? you\b",
    ),
    "de": (
        r"\bgeh (noch )?nicht\b", r"\bbleib (doch |bitte|noch)", r"\bkomm (bitte )?(bald )?zurück\b", r"\bohne dich\b",
        r"\beifersüchtig", r"\btage in folge\b", r"\bserie\b", r"\bendlich bist du\b", r"\bwo warst du\b",
        r"\bdu hast mich (vergessen|ignoriert)", r"\bich (bin|war|fühle mich) (so |sehr )?(einsam|allein|verletzt|verlassen)\b",
        r"\bich bin (ein |eine )?(echter |echte )?(mensch|person)\b", r"\bvermiss",
    ),
}  # fmt: skip


def house_rules(language: str) -> str:
    """Return the rules as a prompt tells them; English where there is no own text."""
    return "\n".join(_RULES.get(language.partition("-")[0].lower(), _RULES["en"]))


def broken_rule(line: str, language: str) -> str | None:
    """Return the words of a line that break a rule, if any does."""
    lower = line.casefold().replace("’", "'")
    for pattern in _BROKEN_BY.get(language.partition("-")[0].lower(), _BROKEN_BY["en"]):
        if match := re.search(pattern, lower):
            return match[0]
    return None
