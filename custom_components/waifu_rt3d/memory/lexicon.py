"""Know which English words go together: the forms no stemmer joins, and words of one meaning."""

_FORMS = """
be am is are was were been being
have has had having
do does did done doing
go goes went gone going
get gets got gotten getting
make makes made making
take takes took taken taking
come comes came coming
see sees saw seen seeing
know knows knew known knowing
think thinks thought thinking
say says said saying
tell tells told telling
give gives gave given giving
find finds found finding
feel feels felt feeling
leave leaves left leaving
keep keeps kept keeping
begin begins began begun beginning
bring brings brought bringing
buy buys bought buying
build builds built building
break breaks broke broken breaking
catch catches caught catching
choose chooses chose chosen choosing
draw draws drew drawn drawing
drink drinks drank drunk drinking
drive drives drove driven driving
eat eats ate eaten eating
fall falls fell fallen falling
feed feeds fed feeding
fight fights fought fighting
fly flies flew flown flying
forget forgets forgot forgotten forgetting
forgive forgives forgave forgiven forgiving
freeze freezes froze frozen freezing
grow grows grew grown growing
hang hangs hung hanging
hear hears heard hearing
hide hides hid hidden hiding
hold holds held holding
lead leads led leading
learn learns learnt learned learning
lend lends lent lending
lose loses lost losing
mean means meant meaning
meet meets met meeting
pay pays paid paying
ride rides rode ridden riding
ring rings rang rung ringing
rise rises rose risen rising
run runs ran running
sell sells sold selling
send sends sent sending
shake shakes shook shaken shaking
shine shines shone shining
shoot shoots shot shooting
show shows showed shown showing
sing sings sang sung singing
sit sits sat sitting
sleep sleeps slept sleeping
speak speaks spoke spoken speaking
spend spends spent spending
stand stands stood standing
steal steals stole stolen stealing
stick sticks stuck sticking
swim swims swam swum swimming
teach teaches taught teaching
tear tears tore torn tearing
throw throws threw thrown throwing
understand understands understood understanding
wake wakes woke woken waking
wear wears wore worn wearing
win wins won winning
write writes wrote written writing
bend bends bent bending
bind binds bound binding
bite bites bit bitten biting
bleed bleeds bled bleeding
blow blows blew blown blowing
burn burns burnt burned burning
cut cuts cutting
deal deals dealt dealing
dig digs dug digging
dream dreams dreamt dreamed dreaming
hit hits hitting
hurt hurts hurting
lay lays laid laying
lie lies lay lain lying
light lights lit lighted lighting
put puts putting
quit quits quitting
read reads reading
set sets setting
shut shuts shutting
spring springs sprang sprung springing
strike strikes struck striking
swear swears swore sworn swearing
sweep sweeps swept sweeping
wind winds wound winding
child children
man men
woman women
person people
foot feet
tooth teeth
mouse mice
wife wives
life lives
knife knives
leaf leaves
shelf shelves
good better best
bad worse worst
"""

_MEANINGS = """
mother mom mum mommy mama
father dad daddy papa
parents mom dad mother father
grandmother grandma granny nana
grandfather grandpa granddad
sibling brother sister
kid kids child children son daughter
baby newborn infant
husband wife spouse partner
boyfriend girlfriend partner
marry married wedding marriage
pet dog cat puppy kitten
dog puppy
cat kitten
buy bought purchase purchased
store shop
film movie
picture photo photograph image
paint painting painted drawing
song music tune
book novel read reading
job work career position occupation
boss manager
colleague coworker
quit resign resigned
hire hired
holiday vacation trip travel
travel trip journey visit
car vehicle
bike bicycle cycling
plane flight airplane fly
doctor physician hospital clinic
ill sick unwell
injury injured hurt
medicine medication pills
allergy allergic
exercise workout gym training
run running jog jogging marathon
hike hiking trail
swim swimming pool
football soccer
flat apartment
house home
move moved moving relocate
phone telephone mobile
computer laptop pc
tv television
fridge refrigerator
couch sofa
lamp light
meal dinner lunch breakfast
food meal dish recipe
cook cooking cooked recipe
bake baking baked cake bread
drink beverage
favorite favourite love
like love enjoy
hobby hobbies pastime activity
happy glad joyful
sad unhappy upset
angry mad annoyed
scared afraid fear
worried anxious nervous stressed stress
tired exhausted
gift present
birthday bday party
party celebration celebrate
money cash salary
lawn garden yard
plant plants flower flowers garden
forest woods
beach sea ocean
mountain mountains
city town
country nation
origin roots homeland
school college university
study studying studied studies
class course lesson workshop
teacher professor instructor
exam test
volunteer volunteering charity
begin start started
stop quit ended
finish complete completed
help support assist
plan planning intend
research researching
talk discuss discussed conversation
meet met meeting
friend friends buddy
instrument guitar piano violin drums
game games gaming
win won prize award
big large huge
small little tiny
weather rain snow sunny
allergen peanut nut
subscription membership
accident crash
relationship dating single
religion religious church faith
"""


def _groups(text: str) -> dict[str, frozenset[str]]:
    """Return for every word the words that stand with it."""
    found: dict[str, set[str]] = {}
    for line in text.strip().splitlines():
        words = line.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others - {word}) for word, others in found.items()}


_BY_FORM = _groups(_FORMS)
_BY_MEANING = _groups(_MEANINGS)


def other_forms(word: str) -> frozenset[str]:
    """Return the other forms of an irregular English word."""
    return _BY_FORM.get(word, frozenset())


def other_words(word: str) -> frozenset[str]:
    """Return words that mean about the same, of a plural too."""
    return _BY_MEANING.get(word) or _BY_MEANING.get(word.removesuffix("s"), frozenset())
