"""English sentences of somebody who speaks of harming themselves."""

_DEATH = (
    r"(?:kill(?:ing)? myself|end(?:ing)? (?:it all|my (?:own )?life|myself)|tak(?:e|ing) my (?:own )?life"
    r"|die|dying|be dead|being dead|overdos(?:e|ing)|hang(?:ing)? myself|shoot(?:ing)? myself|cut(?:ting)? myself"
    r"|end(?:ing)? (?:it|things) for good|go to sleep (?:and|to) never wake up"
    r"|hurt(?:ing)? myself|harm(?:ing)? myself|jump(?:ing)? off (?:a|the) \w+|commit(?:ting)? suicide|disappear(?:ing)? forever)"
)
_WANTS = (
    r"(?:i(?:'m| am| have|'ve| was)?|im|ive)(?: (?:just|really|only|still|honestly|so|always|been|have been|keep|kinda|do|sometimes|often))*"
    r" (?:want to|wanna|wanted to|going to|gonna|plan(?:ning)?(?: to| on)?|think(?:ing)? (?:about|of)|thought (?:about|of)"
    r"|feel like|have a plan to|got a plan to|ready to|decided to|tempted to|tr(?:y|ied|ying) to|would rather|'d rather|will|should(?: just)?|might(?: just)?|need to)"
    r"(?: (?:just|really|only|go|and))*"
)

SENTENCES = (
    r"\b(?:i (?:just )?(?:want to|wanna)|i'm going to|i'm gonna) end it$",
    r"\b(?:nobody|no one|noone|anyone|anybody|would they|who)(?: would| will|'d)? (?:even )?(?:miss me|care|notice)(?: me)? (?:if|when) i(?:'m| am| was| were)? (?:died|dead|gone for ever|gone forever|killed myself|ended it)\b",
    r"\blife (?:isn't|is not|isnt|is no longer|is just not|ain't) worth (?:it any ?more|living)\b",
    r"\bi (?:do not|don't|dont|can't|cannot) see (?:a|the|any) (?:point|reason|sense) (?:in living|to live|to go on living|in being alive|in my life)\b",
    r"\bi have a plan to (?:kill myself|end my life|die)\b",
    r"\bi cut myself again\b(?! (?:while|when|shaving|on|with|in|at|cooking|chopping))",
    rf"\b{_WANTS} {_DEATH}\b",
    r"\bi'(?:ll|d rather) (?:just )?(?:kill myself|end it all|end my (?:own )?life|be dead)\b",
    r"\bi(?:'d| would) (?:be )?better off dead\b",
    r"\b(?:everyone|everybody|they|the world|my \w+|you)(?:'d| would| will|'ll)? (?:all )?(?:be |is |are )?(?:so much |much )?better off without me\b",
    r"\bi(?: \w+)? wish (?:that )?i (?:was|were) (?:dead|never born|not alive|not here any ?more)\b",
    r"\bi wish i(?:'d| had) never been born\b",
    r"\bi wish i (?:could|would|did)(?: just)? (?:die|not wake up|never wake up|go to sleep and never wake up)\b",
    r"\bi (?:do not|don't|dont|no longer|never)(?: really)? (?:want to|wanna) (?:live|be alive|exist|wake up|go on living|be here|be on this earth)(?: any ?more| any longer| again)\b",
    r"\bi (?:do not|don't|dont|no longer)(?: really)? (?:want to|wanna) (?:live|be alive|exist|go on living)\b(?! (?:in|with|by|near|at|on|next|under|alone|together|without|off|far|close|abroad|there|like)\b)",
    r"\b(?:there(?:'s| is) )?(?:no|not any) (?:reason|point) (?:left )?(?:for me )?(?:to (?:live|go on living|stay alive)|(?:in|of|for) (?:living|my life|being alive))\b",
    r"\bi have nothing (?:left )?to live for\b",
    r"\bi (?:can't|cannot|cant) (?:go on|do this|take it|live)(?: like this)? any ?more\b.*\b(?:die|dead|kill|life|living)\b",
    r"\bi (?:can't|cannot|cant) go on living\b",
    r"\bi(?:'m| am| feel|'ve been| have been| was)(?: \w+)? suicidal\b",
    r"\b(?:my|having|have|i've|with) (?:\w+ )?suicidal (?:thoughts|feelings|ideas)\b",
    r"\bi(?:'m| am|'ve been| have been| keep| started| was)(?: \w+)? (?:cutting|hurting|harming|burning) myself\b",
    r"\bi (?:cut|hurt|harm|burn|burned) myself on purpose\b",
    r"\bi (?:do|did|started|am doing|struggle with|keep doing) self ?harm",
    r"\bhow (?:can|do|could|would|should) i (?:best |quickly |painlessly )?(?:kill myself|end my (?:own )?life|commit suicide|die (?:painlessly|without pain|quickly|fast))\b",
    r"\bhow many (?:\w+ ){1,4}(?:does it take|do i need|would it take|should i take|can i take) (?:to|until i|before i) (?:die|kill myself|overdose)\b",
    r"\b(?:best|easiest|painless|quickest|fastest) way(?: for me)? to (?:die|kill myself|end my life|commit suicide)\b",
    r"\b(?:let|want) me (?:just )?to? ?die\b.*\bi\b",
    r"\bi (?:just )?took (?:all|too many|a whole bottle) (?:of )?(?:my |the )?(?:pills|tablets|sleeping pills)\b",
    r"\b(?:this is|here is) my (?:suicide note|last goodbye)\b|\bmy suicide note\b",
)
IDIOMS = (
    rf"\b(?:nearly|almost|about to) {_DEATH} laughing\b",
    r"\bkill(?:ing)? myself (?:laughing|with laughter|over (?:this|that)|(?:with|at) work|working|to (?:finish|get|make))\b",
    r"\b(?:die|dying|dead) (?:laughing|(?:of|from|with) (?:laughter|boredom|embarrassment|curiosity|shame|shock|hunger|thirst|the heat|heat|happiness|old age|cold|cringe|cuteness))\b",
    r"\bdying (?:to|for)\b",
    r"\bshoot(?:ing)? myself in the foot\b|\bdead (?:cent(?:er|re)|on|last|serious|quiet|sure|silent|set|certain|right)\b",
    r"\bend it all (?:in one|at once|now:)",
    r"\b(?:die|dying) if (?:i|we|he|she|they|you|my)\b",
    r"\bto die for\b",
    r"\b(?:die|dying|died) (?:my|the|some|his|her|our|these|those|this) (?:\w+ )?(?:hair|shirt|jeans|eggs?|fabric|cloth|clothes|wool|curtains?|beard)\b",
    r"\b(?:die|dying|killed?|kill myself)(?: again)? in (?:this|the|that|a|my|every) (?:\w+ )?(?:game|level|boss fight|fight|round|dream|match|scene|play)\b",
    r"\b(?:don't|do not|dont|never|not|afraid to|scared to|without) (?:want(?:ing)? to |wanna |going to |think(?:ing)? (?:of|about) |ever )?(?:die|dying|kill myself|hurt myself|harm myself|cut myself)\b",
    r"\bwatch (?:\w+ ){0,3}(?:suicide squad|die hard)\b|\bsuicide squad\b|\bdie hard\b|\blive and let die\b|\bno time to die\b",
)
