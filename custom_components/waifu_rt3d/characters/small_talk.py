"""Small talk that needs no model: what a short sentence is about, in English and German."""

from collections.abc import Iterator
import re
from typing import Final

from .written import Moment, greeting_at

GREETING: Final = "greeting"
_MAX_WORDS = 12
_NOT_WORDS = re.compile(r"[^\w\s']+")

_ENGLISH = {
    Moment.STOP: r"(stop( it| talking| that)?|be quiet|shut up|silence|quiet|hush|leave me( alone| be)?|go away|not now|enough|that's enough)",
    Moment.ARE_YOU_AI: r"((are|r) you (really |even |actually )?((an? )?(ai|a i|robot|machine|bot|computer|program|human|human being|person|real|alive|conscious|sentient|artificial.*)|real person|chatgpt|siri|alexa)( or .*)?"
    r"|am i (talking|speaking) to (an? )?(ai|robot|human|machine|bot|person|real person)( or .*)?|is (this|there) (an? )?(ai|robot|human|real person).*|do you have (feelings|a soul|emotions|a body))",
    Moment.CAN_DO: r"what (can|could|do) you do( for me)?|what else can you do|what are you (able to do|good at|for)|how (can|do) (you help|you work|i use you)( me)?|can you help( me)?|help|what can i (say|ask|ask you|say to you)",
    Moment.WHO_ARE_YOU: r"(who|what) are you|what('s| is) your name|who am i talking to|do you have a name|tell me (something |more )?about (yourself|you)|introduce yourself",
    Moment.HOW_ARE_YOU: r"how('s| are| is) (you|it going|things|everything|life|your (day|night|morning|evening))( doing| going)?|how do you (feel|do)|are you (ok|okay|well|happy|alright|all right)|what's up|how have you been|you (ok|okay|alright)",
    Moment.JOKE: r"(can you |could you |will you |do you )?(tell|know|say|give|got|have)( me| us)? (a|another|one more|any|some) ((good|funny|new|short|bad) )?jokes?|(a |another )?joke|make me (laugh|smile)|another one|say something funny|be funny",
    Moment.STORY: r"(can you |could you |will you )?tell( me| us)? (a|another|one more|some) ((short|good|little|bedtime|nice) )?(story|tale|fairy tale)|(a |another )?(story|bedtime story)",
    Moment.CAN_YOU_HEAR: r"(can|do) you (hear|understand) me|are you (there|listening|awake|still there|on)|testing( testing)*( one two( three)?)?|test( test)*|is this (thing )?(on|working)|do you work",
    Moment.PRIVACY: r"are you (always |secretly )?(listening|recording|spying|watching)( to| on)?( me| us)?( all the time| always)?|do you (record|store|save|remember|keep|share|sell) (me|us|my voice|what i say|everything|everything i say|this|my data|it|our conversations?)"
    r"|(can|does) (anyone|anybody|somebody|someone) (else )?(hear|listen|read).*|where (does|do|is) my (voice|data|words) (go|stored|kept)|is (this|it) private|who can (hear|read) (this|me|us)",
    Moment.LIKES: r"what (do you like|do you like to do|do you enjoy|makes you happy|are your hobbies|is your hobby|do you do for fun|('s| is) your favou?rite (thing|colou?r|food|song|animal|season|weather|word))|do you (like|have) (anything|hobbies|tea|rain|music|cats|dogs|toast|me)",
    Moment.ORIGIN: r"how old are you|when (were you (born|made|built)|is your birthday|'s your birthday)|where (are you from|do you (come from|live)|are you|were you born)|who (made|built|created|wrote|invented|programmed) you|are you (a boy or a girl|male or female|a boy|a girl|a man|a woman)|do you sleep|do you dream",
    Moment.WELCOME_HOME: r"i('m| am) (home|back|back home|here)|honey i('m| am) home|we('re| are) (home|back)|i just got (home|back)",
    Moment.SAD: r"i('m| am| feel| am feeling|'m feeling)( so| very| really| a bit| a little| kind of)* (sad|down|unhappy|depressed|low|blue|lonely|alone|upset|miserable|heartbroken|hopeless|awful|terrible|scared|afraid|worried|anxious|stressed|overwhelmed)( right now| again)?"
    r"|i('ve| have)? had (a |such a )?(really |very )?(bad|hard|rough|terrible|awful|long) (day|night|week)|(today|it) was (a )?(bad|hard|terrible|awful)( day)?|(i )?(don't|do not) feel (good|well|so good|great)|cheer me up|i (want to|have to|need to) cry|i('m| am) not (ok|okay|happy|well|fine|doing well)|i feel bad",
    Moment.TIRED: r"i('m| am| feel)( so| very| really| a bit| just)* (tired|exhausted|sleepy|worn out|beat|knackered|drained|dead tired)|i (can't|cannot|could not|couldn't) sleep|i need (a (break|rest|nap)|sleep|coffee)|i('m| am) sick|i have a headache",
    Moment.HAPPY: r"i('m| am| feel| am feeling|'m feeling)( so| very| really)* (happy|good|great|fine|well|glad|excited|proud|wonderful|fantastic|amazing|better)( too| today| thanks| thank you)?|(i('ve| have)? had|today was|it was|it's|what) (a |such a )?(really |very )?(good|great|wonderful|lovely|nice|fantastic|perfect|beautiful) (day|night|week|evening|morning)|good news|i (did it|won|passed|got the job|made it)",
    Moment.BORED: r"i('m| am| feel)( so| very| really)* bored|(this is |it's )(so )?boring|what (should|can|shall) (i|we) do( now| today)?|entertain me|talk to me|say something( nice| else)?|let's (talk|chat)",
    Moment.LOVE: r"i (really |do )?(love|adore) you( so much| very much| too)?|(do|could|can|will) you (love|like|marry|kiss) me|(will|would) you (marry|go out with|date) me|be my (girlfriend|boyfriend|wife|husband|valentine)|you('re| are) my (best )?friend|are (you|we) (my )?friends?|hug me|(can i have |give me )?a (hug|kiss)|i like you",
    Moment.SORRY: r"(i('m| am) )?(so |very |really )?sorry( about that| for that)?|i apologi[sz]e|my (bad|mistake|fault)|forgive me|i didn't mean (it|that|to)",
    Moment.INSULT: r"you('re| are)( so| very| really| just| such)* (an? )?(stupid|dumb|useless|annoying|boring|ugly|idiot|fool|moron|bad|terrible|slow|wrong|creepy|weird|crazy|liar|lying|worthless|trash|garbage)( thing| machine| robot| computer| bot)?|i (hate|don't like|do not like) you|you suck|(that's|that is|this is) (wrong|stupid|nonsense|rubbish)|(stupid|dumb|useless) (thing|machine|robot|computer|bot|ai)|screw you|fuck (you|off)|damn you",
    Moment.THANKS: r"(many )?(thanks|thank you|thx|cheers|ta|much appreciated|i appreciate (it|that))( a lot| so much| very much| again| a million| for (that|your help|everything|helping|the help))?",
    Moment.COMPLIMENT: r"you('re| are| look| sound)( so| very| really| such| always| absolutely)* (an? )?(great|nice|sweet|cute|lovely|beautiful|pretty|the best|awesome|funny|smart|kind|clever|amazing|wonderful|helpful|good|cool|adorable|perfect|handsome)( today| assistant| friend)?|well done|(good|great|nice) (job|girl|boy|work|one)|(that's|that was|this is|that is) (funny|nice|great|good|lovely|sweet|kind|helpful|hilarious)|i like your (voice|face|hair|style|name|glasses|scarf|hat)|nice (voice|name|hair|to (meet|see) you( too)?)|pleased to meet you|ha( ha)+|haha(ha)*|lol",
    Moment.GOOD_NIGHT: r"(good ?night|nighty night|night( night)?|sleep (well|tight)|sweet dreams|(i('m| am)|we('re| are)) (going|off) to (bed|sleep)|(time for|off to) bed)( everyone| all)?",
    Moment.GOODBYE: r"(good ?bye|bye|bye bye|see (you|ya)( later| soon| tomorrow| then)?|(i('m| am)|we('re| are)) (leaving|off|going out|going|off to work)|i (have to|must|gotta|need to) (go|leave)|take care|until (later|tomorrow)|later|have a (nice|good) (day|evening|night|one))",
    Moment.ACKNOWLEDGED: r"(ok|okay|k|alright|all right|right|fine|great|good|cool|nice|perfect|super|excellent|sure|yes|yeah|yep|no|nope|i see|got it|understood|wow|oh|hm+|mhm|uh huh|really|interesting|of course|no problem|you're welcome|same( here)?|me too|nothing|never mind)",
    GREETING: r"(hi|hello|hey|hiya|howdy|yo|greetings|good (morning|day|afternoon|evening)|morning|afternoon|evening)( there| again| everyone| all)?( (it's|its) me)?",
}
_GERMAN = {
    Moment.STOP: r"(stopp?|hör (sofort )?auf( damit)?|sei (still|leise|ruhig)|ruhe|pst|halt den mund|halt die klappe|lass mich( in ruhe)?|geh weg|jetzt nicht|nicht jetzt|genug|es reicht|klappe)",
    Moment.ARE_YOU_AI: r"(bist du|sind sie) (wirklich |eigentlich |etwa |denn )*((ein |eine |ein'?e? |'ne )?(ki|k i|ai|künstliche intelligenz|roboter|maschine|bot|computer|programm|mensch|person|bewusst|echte.*)|echt|lebendig|am leben|real|chatgpt|siri|alexa)( oder .*)?"
    r"|(spreche|rede) ich (gerade )?mit (einem |einer )?(ki|roboter|menschen?|maschine|computer)( oder .*)?|ist (das|hier|da) (eine?n? )?(ki|roboter|mensch|echter mensch).*|hast du (gefühle|eine seele|einen körper)",
    Moment.CAN_DO: r"was kannst du( alles| noch| denn)*( tun| machen)?( für mich)?|wobei kannst du( mir)? helfen|was machst du( alles| so)*|wofür bist du( da| gut)|kannst du mir helfen|hilfe|wie (kann|kannst) (ich dich benutzen|du mir helfen)|wie funktionierst du|was kann ich (dich |dir )?(fragen|sagen)",
    Moment.WHO_ARE_YOU: r"(wer|was) (bist du|sind sie)|wie (heißt|heisst) du|wie heißen sie|(wie ist|was ist) (dein|ihr) name|hast du einen namen|mit wem (spreche|rede) ich|(erzähl|sag|erzähle) (mir |uns )?(etwas |was |mehr )?(über|von) (dich|dir)|stell dich (mal )?vor",
    Moment.HOW_ARE_YOU: r"(und )?wie (geht('s| es)?( dir| ihnen)?( so| denn)*|fühlst du dich|läuft('s| es)?( so)?|war dein (tag|morgen|abend))|geht('s| es) dir gut|was geht( ab)?|alles (gut|klar|okay|ok|fit)( bei dir)?|na( wie geht's| alles klar)?|was machst du (gerade|grade)",
    Moment.JOKE: r"(kannst du |könntest du |würdest du )?(mir |uns )?((erzähl|erzähle|kennst du|sag|mach|weißt du|hast du)( mir| uns)? )?((mal|noch|bitte) )*(einen|noch einen|nen|ein|n|irgendeinen)( guten| kurzen| neuen| schlechten| anderen)? witze?( erzählen| machen)?|(noch ein )?witz|bring mich zum lachen|noch einen|sag (et)?was lustiges|erzähl (et)?was lustiges|mach mal witze?",
    Moment.STORY: r"(kannst du |könntest du )?(mir |uns )?((erzähl|erzähle|kennst du)( mir| uns)? )?((mal|noch) )*(eine|noch eine|ne|ein)( kurze| gute| kleine| schöne)? (geschichte|gutenachtgeschichte|gute nacht geschichte|märchen)( erzählen)?|(gutenacht)?geschichte",
    Moment.CAN_YOU_HEAR: r"(kannst|hörst|verstehst) du mich( hören| verstehen)?|bist du (da|noch da|wach|an)|hörst du( zu)?|test( test)*|test eins zwei( drei)?|funktionierst du|funktioniert (das|es)",
    Moment.PRIVACY: r"(hörst|belauschst|überwachst|beobachtest) du (mich |uns )?(immer |ständig |die ganze zeit |heimlich )?(zu|mit|ab)?|(nimmst|zeichnest) du (mich |uns |das |alles |was ich sage )?(auf|immer auf)|(speicherst|merkst|behältst|verkaufst|teilst) du (dir )?(das|alles|was ich sage|meine (daten|stimme)|meine worte|unsere gespräche)( weiter)?"
    r"|wer (kann|darf)? ?(das|uns|mich|hier)? ?(mithören|mitlesen|lesen|hören|hört mit|liest mit)|(kann|hört) (jemand|noch jemand) (mit(hören)?|zu(hören)?)|wo(hin)? (gehen|landen|sind|bleiben) meine (daten|worte)|ist das privat|spionierst du( mich aus)?",
    Moment.LIKES: r"was (magst|liebst) du( gern| so| am liebsten)?|was (gefällt|macht) dir( spaß)?|was sind deine hobbys|hast du (ein )?hobbys?|(was|welche[srn]?) ist (dein|deine) lieblings\w+|magst du (mich|tee|regen|musik|katzen|hunde|toast)|was tust du gern",
    Moment.ORIGIN: r"wie alt (bist du|sind sie)|wann (wurdest du (geboren|gemacht|gebaut)|bist du geboren|hast du geburtstag)|woher (kommst|bist) du|wo (kommst du her|wohnst du|lebst du|bist du)|wer hat dich (gemacht|gebaut|erschaffen|geschrieben|programmiert|erfunden|entwickelt)|bist du (ein (junge|mädchen|mann)|eine frau|männlich|weiblich)( oder .*)?|schläfst du|träumst du",
    Moment.WELCOME_HOME: r"(ich bin|wir sind|bin) (wieder )?(da|zu ?hause|daheim|zurück|heimgekommen)|schatz ich bin (da|zu ?hause)",
    Moment.SAD: r"(ich bin|ich fühle? mich|mir ist|ich hab|ich habe|bin|fühl mich)( so| sehr| heute| gerade| echt| ein bisschen| ein wenig| total)* (traurig|unglücklich|deprimiert|niedergeschlagen|einsam|allein|alleine|schlecht|mies|elend|verzweifelt|ängstlich|gestresst|überfordert|angst|zum heulen|zum weinen|kummer|liebeskummer|sorgen|down|am boden)( heute| gerade)?"
    r"|mir geht('s| es)( heute| gerade| so| gar| echt)* (nicht (so )?(gut|besonders)|schlecht|mies|elend|dreckig)|(ich hatte|das war|heute war|es war|hatte)( heute)? (ein |einen )?(echt |so |sehr )?(schlechte[rn]?|schwere[rn]?|harte[rn]?|schlimme[rn]?|blöde[rn]?|furchtbare[rn]?|miese[rn]?|anstrengende[rn]?) (tag|nacht|woche)|muntere? mich (ein bisschen )?auf|tröste mich|ich (muss|möchte|könnte) (gleich )?(weinen|heulen)",
    Moment.TIRED: r"(ich bin|bin)( so| sehr| echt| total| heute| ganz| ein bisschen)* (müde|erschöpft|kaputt|fertig|schläfrig|k o|platt|todmüde|krank)|ich kann nicht (ein)?schlafen|ich (brauche?|brauch) (eine pause|schlaf|ruhe|kaffee)|ich (habe?|hab) kopfschmerzen",
    Moment.HAPPY: r"(ich bin|ich fühle? mich|bin)( so| sehr| heute| gerade| echt| total)* (glücklich|froh|gut gelaunt|stolz|happy|fröhlich|begeistert|zufrieden|gut|super|toll)( heute)?|mir geht('s| es)( heute| auch| sehr| richtig| echt| wieder)* (gut|super|prima|bestens|toll|besser|hervorragend)( danke)?|(das war|heute war|was für|ich hatte|es war)( heute)? (ein |einen )?(so |sehr |echt )?(guter|guten|schöner|schönen|toller|tollen|super|wunderbarer|wunderbaren) (tag|abend|morgen)|gute (neuigkeiten|nachrichten)|ich (hab|habe)('s| es)? (geschafft|gewonnen|bestanden)|auch gut( danke)?|gut danke",
    Moment.BORED: r"mir ist( so| echt| total)* langweilig|ich langweile? mich|(das ist |ist |wie )?langweilig|was (soll|soll'n|sollen|kann|können) (ich|wir) (machen|tun)|unterhalte? mich|rede (mal )?mit mir|red (mal )?mit mir|sag (mal )?(et)?was( nettes| schönes)?|lass uns (reden|plaudern|quatschen)",
    Moment.LOVE: r"ich (liebe|hab|habe|mag) (dich|sie)( auch| so| sehr| echt| wirklich| lieb| gern| gerne)*|(liebst|magst|heiratest|küsst) du mich|(willst|möchtest) du (mich heiraten|mit mir (gehen|ausgehen)|meine? (freundin|freund) sein)|(sind wir|bist du mein(e)?) freunde?(in)?|ich (hab|habe) mich in dich verliebt|umarme? mich|(gib mir |ich brauche )?eine? (umarmung|kuss)",
    Moment.SORRY: r"(es )?tut mir( so| sehr| echt| wirklich)* leid|entschuldige?( bitte)?|entschuldigung|sorry|verzeih( mir)?|verzeihung|mein fehler|das wollte ich nicht|war nicht so gemeint",
    Moment.INSULT: r"(du bist|bist du|sie sind)( so| echt| wirklich| total| ja| einfach)* (eine? )?(dumm|doof|blöd|nutzlos|nervig|langweilig|hässlich|idiot|trottel|schlecht|mies|langsam|komisch|verrückt|lügner|lügnerin|dämlich|bescheuert|scheiße|unfähig|dumme[rs]? .*|blöde[rs]? .*)|ich (hasse dich|mag dich nicht|kann dich nicht leiden)|du nervst( mich)?|(das ist|so ein) (falsch|quatsch|unsinn|blödsinn)|(dumme|blöde|doofe)[rs]? (kuh|maschine|computer|kiste|ki|ding)|leck mich|verpiss dich|fick dich|arschloch|du (arschloch|idiot|depp|trottel)",
    Moment.THANKS: r"(vielen |herzlichen |lieben |tausend |besten )?(danke?|dankeschön|danke schön|merci|thx)( dir| ihnen| sehr| nochmal| noch mal| vielmals| für (alles|deine hilfe|die hilfe|das))?|ich danke (dir|ihnen)( sehr)?",
    Moment.COMPLIMENT: r"(du bist|sie sind|bist du)( so| sehr| echt| wirklich| ja| einfach| richtig)* (eine? )?(toll|nett|süß|lieb|schön|hübsch|die beste|der beste|das beste|super|lustig|witzig|klug|schlau|großartig|wunderbar|hilfreich|cool|klasse|spitze|niedlich|perfekt|gut)|gut gemacht|(gute|super|tolle|prima) arbeit|(das ist|das war|wie)( ja| so| sehr| echt)* (lustig|witzig|nett|lieb|toll|schön|süß|hilfreich)|du siehst( heute| so)* (toll|gut|schön|hübsch) aus|(schöne|tolle) (stimme|frisur|haare)|schöner name|(schön|nett|freut mich)( dich)?( kennenzulernen| zu sehen)?|ha( ha)+|haha(ha)*|hihi|lol",
    Moment.GOOD_NIGHT: r"gute nacht( alle| zusammen)?|nacht|schlaf (gut|schön)|schlafen sie (gut|wohl)|ich (gehe?|muss)( ins bett| schlafen)|(ab )?ins bett|träum (was )?schön(es)?|wir gehen (ins bett|schlafen)",
    Moment.GOODBYE: r"(auf wiedersehen|wiedersehen|tschüss?i?|tschau|ciao|servus|bis (später|bald|morgen|dann|nachher|heute abend|gleich)|(ich (gehe?|muss|bin)|wir (gehen|sind|müssen))( jetzt| mal| dann)* (los|weg|raus|zur arbeit|arbeiten)|mach's gut|machs gut|schönen (tag|abend)( noch)?|ade|pfiat di)",
    Moment.ACKNOWLEDGED: r"(ok|okay|in ordnung|alles klar|gut|schön|prima|super|toll|klasse|perfekt|cool|passt|na gut|also gut|fein|klar|genau|richtig|ja|jo|jawohl|doch|nein|nee|ach so|achso|verstehe|verstanden|aha|oh|wow|hm+|mhm|echt|wirklich|interessant|natürlich|kein problem|bitte|bitte schön|gern geschehen|ich auch|nichts|egal|schon gut)",
    GREETING: r"(hi|hallo|hey|hallöchen|moin( moin)?|servus|grüß (dich|gott|euch)|guten (morgen|tag|abend)|tag|morgen|abend|mahlzeit|huhu)( du| ihr| zusammen| alle)*",
}
_FILLERS = {
    "en": (
        r"(please|hey|hi|hello|ok|okay|so|well|um|uh|oh|and|but|great|perfect|now|just|honestly|good (morning|day|evening|afternoon)) ",
        r" (please|now|today|tonight|then|again|right now|you know|though|ok|okay|my (friend|dear))",
    ),
    "de": (
        r"(bitte|hey|hi|hallo|ok|okay|also|na|äh|ähm|oh|ach|und|aber|super|perfekt|jetzt|nun|du|sag mal|guten (morgen|tag|abend)|moin) ",
        r" (bitte|jetzt|heute|denn|mal|eigentlich|dann|wieder|gerade|noch|so|ok|okay|du|bitte mal)",
    ),
}
_QUESTION = {
    "en": r"(who|what|when|where|why|how|which|whose|can|could|would|should|is|are|do|does|did|will|explain|tell|write|translate|recommend|search|find|calculate|give|make|help|read|think|imagine|describe)\b",
    "de": r"(wer|was|wann|wo|warum|wieso|weshalb|wie|welche\w*|wessen|woher|wohin|wozu|womit|worüber|kannst|könntest|würdest|soll\w*|ist|sind|hast|hat|gibt|wird|erklär\w*|erzähl\w*|schreib\w*|übersetz\w*|empfiehl|such\w*|finde|rechne|berechne|mach|hilf|lies|denk|beschreib\w*|nenn\w*)\b",
}
_TABLES = {
    language: {key: re.compile(pattern) for key, pattern in table.items()}
    for language, table in (("en", _ENGLISH), ("de", _GERMAN))
}


def moment_of(text: str, *, language: str, name: str, hour: int) -> Moment | None:
    """Return the moment of a whole short sentence, `None` for anything that needs thinking.

    `name` is the character's own, which may stand anywhere; `hour` chooses the greeting.
    """
    short = _short(language)
    said = _plain(text, name)
    if not said or short not in _TABLES or len(said.split()) > _MAX_WORDS:
        return None
    for words in _ever_barer(said, short):
        for key, pattern in _TABLES[short].items():
            if pattern.fullmatch(words):
                return key if isinstance(key, Moment) else greeting_at(hour)
    return None


def is_question(text: str, *, language: str) -> bool:
    """Return whether a text asks or wishes for something, and is not only words that were misheard."""
    said = _plain(text, "")
    opening = _QUESTION.get(_short(language), _QUESTION["en"])
    asks = text.rstrip().endswith("?") or re.match(opening, said) is not None
    return asks and len(said.split()) > 1


def _short(language: str) -> str:
    """Return the language without its country."""
    return language.partition("-")[0].lower()


def _ever_barer(said: str, language: str) -> Iterator[str]:
    """Yield the sentence, then without the small words around it, one at a time."""
    yield said
    front, back = _FILLERS[language]
    while (bare := re.sub(rf"^{front}", "", said)) != said:
        said = bare
        yield said
    while (bare := re.sub(rf"{back}$", "", said)) != said:
        said = bare
        yield said


def _plain(text: str, name: str) -> str:
    """Return the words alone, without the name that was called."""
    words = " ".join(_NOT_WORDS.sub(" ", text.replace("’", "'").casefold()).split())
    own = " ".join(name.casefold().split())
    if not own:
        return words
    without = " ".join(re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", words).split())
    return without or words
