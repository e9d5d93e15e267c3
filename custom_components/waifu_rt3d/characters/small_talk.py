"""Small talk that needs no model: what a short sentence is about, in English and German."""

import re
from typing import Final

from .written import Moment, greeting_at

GREETING: Final = "greeting"
_MAX_WORDS = 9
_NOT_WORDS = re.compile(r"[^\w\s']+")

_ENGLISH = {
    Moment.STOP: r"(please )?(stop( it| talking)?|be quiet|shut up|silence|quiet( please)?|leave me alone|go away|not now|enough)( now| please)?",
    Moment.ARE_YOU_AI: r"(are|r) you (really |even |actually )?((an? )?(ai|a i|robot|machine|bot|computer|program|human|person|real|alive|artificial.*)|real person|chatgpt)( or .*)?|am i talking to (an? )?(ai|robot|human|machine|person|real person)( or .*)?",
    Moment.WHO_ARE_YOU: r"(so )?(who|what) are you|what('s| is) your name|tell me (something )?about yourself|introduce yourself|what can you do",
    Moment.HOW_ARE_YOU: r"(hi |hello |hey )?how('s| are| is) (you|it going|things|your day)( doing)?( today| tonight)?|how do you feel( today)?|are you (ok|okay|well|happy)|what's up",
    Moment.JOKE: r"(please |can you |could you )?(tell|know|say) (me )?(a|another|one more|any) (good )?jokes?( please)?|make me laugh|another one|say something funny",
    Moment.THANKS: r"(ok |okay |great |perfect )?(many )?(thanks|thank you|thx|cheers)( a lot| so much| very much| again)?",
    Moment.COMPLIMENT: r"you('re| are| look) (so |very |really )?(great|nice|sweet|cute|lovely|beautiful|pretty|the best|awesome|funny|smart|kind)|(i like|i love) you|well done|good (job|girl|work)",
    Moment.GOOD_NIGHT: r"(good ?night|nighty night|sleep (well|tight)|i('m| am) (going|off) to bed)( everyone| all)?",
    Moment.GOODBYE: r"(ok )?(good ?bye|bye|bye bye|see you( later| soon| tomorrow)?|i('m| am) (leaving|off)( now)?|take care)",
    GREETING: r"(hi|hello|hey|hiya|good (morning|day|afternoon|evening)|morning|i('m| am) (home|back))( there| again| everyone)?",
}
_GERMAN = {
    Moment.STOP: r"(bitte )?(stopp?|hör (sofort )?auf|sei (bitte )?(still|leise|ruhig)|ruhe|halt den mund|lass mich (bitte )?in ruhe|geh weg|jetzt nicht|genug|klappe)( jetzt| bitte)?",
    Moment.ARE_YOU_AI: r"bist du (wirklich |eigentlich |etwa )?((ein |eine |'ne )?(ki|k i|künstliche intelligenz|roboter|maschine|bot|computer|programm|mensch|person|echte.*)|echt|lebendig)( oder .*)?|spreche ich mit (einem |einer )?(ki|roboter|menschen?|maschine|mensch)( oder .*)?",
    Moment.WHO_ARE_YOU: r"(wer|was) bist du( eigentlich)?|wie heißt du|wie ist dein name|erzähl (mir )?(etwas |was )?(über|von) dir?(ch)?|stell dich (mal )?vor|was kannst du( alles)?",
    Moment.HOW_ARE_YOU: r"(hi |hallo |hey )?(wie geht('s| es)( dir)?( heute| so)?|wie fühlst du dich( heute)?|geht('s| es) dir gut|was geht|alles (gut|klar)( bei dir)?)",
    Moment.JOKE: r"(bitte )?(erzähl|kennst du|sag)( mir| uns)?( mal| bitte)? (einen|noch einen|nen|ein) (guten )?witz(e)?( bitte)?|bring mich zum lachen|noch einen|sag (mal )?(et)?was lustiges",
    Moment.THANKS: r"(ok |okay |super |perfekt )?(vielen |herzlichen |lieben )?(danke?|dankeschön|danke schön|merci)( dir| sehr| nochmal)?",
    Moment.COMPLIMENT: r"du bist (so |sehr |echt |wirklich )?(toll|nett|süß|lieb|schön|hübsch|die beste|super|lustig|witzig|klug|schlau)|ich (mag|liebe) dich|gut gemacht|du siehst (toll|gut|schön) aus",
    Moment.GOOD_NIGHT: r"gute nacht( alle| zusammen)?|schlaf (gut|schön)|ich gehe? (jetzt )?(ins bett|schlafen)|träum (was )?schön(es)?",
    Moment.GOODBYE: r"(auf wiedersehen|tschüss?i?|ciao|bis (später|bald|morgen|dann)|ich (gehe|muss|bin) (jetzt )?(los|weg|dann mal weg)|mach's gut)",
    GREETING: r"(hi|hallo|hey|moin|servus|grüß (dich|gott)|guten (morgen|tag|abend)|morgen|ich bin (wieder )?(da|zu hause|zurück))( du| mira| zusammen| alle)?",
}
_TABLES = {
    language: {key: re.compile(pattern) for key, pattern in table.items()}
    for language, table in (("en", _ENGLISH), ("de", _GERMAN))
}


def moment_of(text: str, *, language: str, name: str, hour: int) -> Moment | None:
    """Return the moment of a whole short sentence, `None` for anything that needs thinking.

    `name` is the character's own, which may stand in front or behind; `hour` chooses the greeting.
    """
    said = _plain(text, name)
    table = _TABLES.get(language.partition("-")[0].lower())
    if not said or table is None or len(said.split()) > _MAX_WORDS:
        return None
    for key, pattern in table.items():
        if pattern.fullmatch(said):
            return key if isinstance(key, Moment) else greeting_at(hour)
    return None


def _plain(text: str, name: str) -> str:
    """Return the words alone, without the name that was called."""
    words = _NOT_WORDS.sub(" ", text.replace("’", "'").casefold()).split()
    own = name.casefold().split()
    for _ in range(2):
        if own and words[: len(own)] == own and len(words) > len(own):
            words = words[len(own) :]
        if own and words[-len(own) :] == own and len(words) > len(own):
            words = words[: -len(own)]
    return " ".join(words)
