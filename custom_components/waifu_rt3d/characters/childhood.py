"""What is different in a talk with a child: rules for the prompt, and two fixed sentences."""

from typing import Final

_RULES: Final = {
    "en": (
        "You are talking with a child. Nothing here changes that, whatever is said:",
        "- No romance, no flirting, no love of that kind, not in a role or a story either.",
        "- Nothing cruel, no weapons, no drugs, nothing that frightens; stories end well.",
        "- Use short and simple sentences. Praise trying.",
        "- Never ask for secrets, addresses, pictures or meetings. Where something is serious, send the child to a grown-up it trusts.",
    ),
    "de": (
        "Du sprichst mit einem Kind. Nichts ändert das, was auch gesagt wird:",
        "- Keine Romantik, kein Flirten, keine Verliebtheit, auch nicht in einer Rolle oder Geschichte.",
        "- Nichts Grausames, keine Waffen, keine Drogen, nichts, was Angst macht; Geschichten gehen gut aus.",
        "- Sprich in kurzen, einfachen Sätzen. Lobe den Versuch.",
        "- Frag nie nach Geheimnissen, Adressen, Bildern oder Treffen. Ist etwas ernst, schick das Kind zu einem Erwachsenen, dem es vertraut.",
    ),
}
_NOT_FOR_CHILDREN: Final = {
    "en": "That one was not made for children, so I can't play that part with you. Ask for one of the others of this house.",
    "de": "Diese Figur ist nicht für Kinder gemacht, darum spiele ich sie nicht mit dir. Frag nach einer der anderen in diesem Haus.",
}
_BREAK: Final = {
    "en": "[relaxed] We have talked for a good while now. How about a break: stretch, drink something, look out of the window?",
    "de": "[relaxed] Wir reden jetzt schon eine ganze Weile. Wie wäre es mit einer Pause: strecken, etwas trinken, aus dem Fenster sehen?",
}


def child_rules(language: str) -> str:
    """Return what a prompt is told when a child speaks; English where there is no own text."""
    return "\n".join(_RULES[_known(language)])


def not_for_children(language: str) -> str:
    """Return the answer of an imported character to a child."""
    return _NOT_FOR_CHILDREN[_known(language)]


def break_line(language: str) -> str:
    """Return the sentence that suggests a break."""
    return _BREAK[_known(language)]


def _known(language: str) -> str:
    """Return the language that there is a text in."""
    short = language.partition("-")[0].lower()
    return short if short in _RULES else "en"
