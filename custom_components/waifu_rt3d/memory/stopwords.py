"""Know the little words that say nothing about what a sentence is about.

English, German, French, Spanish, Italian, Dutch and Portuguese, folded as the index folds them.
"""

_ENGLISH = """
a about above after again against all also am an and any are aren as at be because been before being
below between both but by can cannot could couldn d did didn do does doesn doing don down during each
ever few for from further get gets getting got had hadn has hasn have haven having he her here hers
herself him himself his how i if in into is isn it its itself just let ll m me might more most must my
myself no nor not now of off on once only or other our ours ourselves out over own please re really s
same shall she should shouldn so some such t than that the their theirs them themselves then there
these they this those through to too under until up us ve very was wasn we well were weren what when
where which while who whom whose why will with won would wouldn yeah yes you your yours yourself
yourselves
"""
_GERMAN = """
aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein deine dem den denn
der des die dies diese doch dort du durch ein eine einem einen einer er es euch fur habe haben hat hatte
hier ich ihm ihn ihr im in ist ja kann kein keine konnte mal man mein meine mich mir mit nach nein nicht
noch nur ob oder ohne schon sehr sein seine sich sie sind so uber um und uns unser vom von vor war was
weil wenn wer werden wie wieder will wir wird wo zu zum zur
"""
_FRENCH = """
au aux avec ce ces cette dans de des du elle en est et eu il ils je la le les leur lui ma mais me mes moi
mon ne nos notre nous on ou par pas pour qu que qui sa se ses son sont sur ta te tes toi ton tu un une
vos votre vous
"""
_SPANISH = """
al como con de del desde donde el ella ellos en era es esta este esto ha hay la las le les lo los mas me
mi mis muy nada ni no nos o para pero por porque que se si sin sobre son su sus te tu tus un una uno unos
y ya yo
"""
_ITALIAN = """
al alla anche che chi ci come con cosa cui da dal dei del della di dove e ed gli ha ho il io la le lei lo
lui ma mi mia mio ne nel nella noi non o per perche piu quando questa questo se sei si sono su sul tu tuo
un una uno voi
"""
_DUTCH = """
aan al als bij dan dat de deze die dit dus een en er ga ge haar had heb hebben heeft het hij hoe ik in is
je kan maar me met mij mijn naar niet nog nu of om onze ook op te toch toen tot uit van veel voor waar was
wat we wel wie wij zal ze zich zij zijn zo
"""
_PORTUGUESE = """
ao aos as com como da das de dela dele do dos e ela ele em era essa esse esta este eu foi ha isso isto ja
la lhe mais mas me meu minha muito na nao nas nem no nos o os ou para pela pelo por que quem se sem ser
seu sua tem um uma voce
"""

_LANGUAGES = {
    "en": frozenset(_ENGLISH.split()),
    "de": frozenset(_GERMAN.split()),
    "fr": frozenset(_FRENCH.split()),
    "es": frozenset(_SPANISH.split()),
    "it": frozenset(_ITALIAN.split()),
    "nl": frozenset(_DUTCH.split()),
    "pt": frozenset(_PORTUGUESE.split()),
}
STOP_WORDS = frozenset().union(*_LANGUAGES.values())


def language_of(words: list[str]) -> str:
    """Guess the language of folded words by its little words; English where nothing tells."""
    counted = {
        language: sum(word in known for word in words) for language, known in _LANGUAGES.items()
    }
    best = max(counted.values(), default=0)
    return next((language for language, count in counted.items() if count == best), "en")


def stop_words(language: str) -> frozenset[str]:
    """Return the little words of a language."""
    return _LANGUAGES[language]
