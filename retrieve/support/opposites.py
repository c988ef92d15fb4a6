"""English words that say the opposite of each other."""

from functools import lru_cache

from retrieve.support.stems import stem
from retrieve.support.words import listed

PAIRS = """\
increase grow rise climb gain improve raise higher up | decrease fall drop decline shrink reduce lower sink cut down
improve | deteriorate worsen
rise grow gain climb improve | slip slide plunge plummet
more greater larger bigger | less fewer smaller
above over exceed | below under beneath
early earlier sooner | late later
open reopen | close closed shut
accept approve adopt pass agree | reject refuse decline deny disapprove
allow permit may admit let authorise authorize legal | ban forbid prohibit bar disallow outlaw illegal
include including included with | exclude excluding excluded without
like love enjoy | dislike hate detest
support favour favor back for | oppose against
begin start launch found open | end stop finish abolish cease
introduce establish create launch | abolish scrap repeal abandon
north northern northward | south southern southward
east eastern eastward | west western westward
left | right
quickly fast rapidly quick rapid | slowly slow gradually
hot warm | cold cool
success successful succeed | failure unsuccessful fail
survive | die perish destroyed
hold withstand | collapse break fail
compatible | incompatible
possible | impossible
able | unable
legal | illegal
happy | unhappy
safe | unsafe dangerous
true | false
same identical | different
alive living | dead
male man men boy | female woman women girl
inside indoors | outside outdoors
public | private
present | absent
first | last
maximum most | minimum least
strong | weak
rich | poor
easy easily | difficult hard
heavy | light
long | short
old older oldest elder eldest | young younger youngest new
high tall | low
thick | thin
wide | narrow
deep | shallow
near close | far
dry | wet
clean | dirty polluted contaminated
full | empty
always | never
everybody everyone all every | nobody none
majority | minority
profit | loss
positive | negative
advantage | disadvantage
guilty convicted | innocent acquitted
win won victory | lose lost defeat
healthy | ill sick
add introduce | remove drop delete
enable | disable
cheap cheaper | expensive dear
remember | forget
lock locked | unlock
married | unmarried single divorced
appear arrive come enter | disappear depart leave
import | export
upstream | downstream
winter | summer
day | night
morning | evening afternoon
permanent | temporary
mandatory compulsory required obligatory | optional voluntary
known | unknown
common frequent often | rare rarely seldom uncommon
simple | complex complicated
expand extend widen | shrink contract
praise commend laud acclaim | criticise criticize condemn fault
beat surpass outperform | miss
beat defeat win overcome triumph prevail | lose
carry pass approve adopt accept endorse ratify | defeat reject veto block
continue keep persist carry maintain preserve retain | drop stop abandon discontinue end withdraw cancel cede forfeit
agree consent accept comply obey | refuse object decline disagree resist rebel defy
join enrol enlist | leave quit resign withdraw
arrive | leave depart
include cover contain | exclude omit lack
accelerate hasten speed | slow delay postpone
delay postpone late | early ahead punctual
tighten stricter strengthen harden toughen | loosen relax ease weaken soften
confirm prove verify support | refute disprove contradict deny
praise welcome applaud | criticise criticize condemn attack
hire employ appoint recruit engage | dismiss fire sack
rich wealthy | poor
shorter short brief | longer long lengthy
grow lengthen expand | shrink shorten
bigger larger | smaller
more | fewer
narrow | broad wide
optimistic hopeful confident | pessimistic gloomy sceptical
fresh | salt saline salty brackish
sweet | bitter sour
solid | liquid
raw | cooked
thaw melt | freeze
fill | empty drain
push | pull
lift raise | lower
ascend climb rise | descend
advance | retreat withdraw
attack invade | defend retreat
surrender capitulate yield submit | resist hold fight
free release liberate acquit | imprison jail arrest convict detain
guilty | innocent
thrive flourish prosper | decline wither struggle
love | hate
trust | distrust doubt suspect
agree | differ disagree
profitable | unprofitable
surplus | deficit shortage
shortage scarcity lack scarce | abundance plenty surplus abundant
public open | private secret confidential
voluntary | compulsory mandatory obligatory forced
optional | required mandatory compulsory necessary
domestic | foreign
urban | rural
ancient | modern
amateur | professional
visible | invisible hidden
identical same alike | different distinct
stable steady constant unchanged | unstable volatile changed
reveal disclose publish | conceal hide withhold
remember recall | forget
save rescue | lose destroy
build construct erect | demolish dismantle
destroy | preserve spare
activate enable | deactivate disable
unlock | lock
attach connect fasten | detach disconnect
encourage urge | discourage deter dissuade
honest | dishonest
helped aid assist | hindered hamper obstruct
heavy | light
majority | minority
list inscribe | delist remove
attack | defend
encourage recommend advise | discourage
directly | indirectly
active | inactive passive
ancestor parent father mother | descendant child son daughter
before earlier | after
oldest | youngest
largest biggest | smallest
best | worst
better | worse
highest | lowest
paid | unpaid free
finished complete completed | unfinished incomplete
changed | unchanged
damaged | undamaged intact
affected | unaffected
accompanied | unaccompanied
limited | unlimited"""
# Words too common to be opposites wherever they stand.
LOOSE = frozenset(
    listed("""
    up down over under with for may let back pass right left light hard long for last first cut day night new close
    with without before after child father mother son daughter parent break man men woman women hold in out come
    leave enter open end start found buy sell import export all every none most least free stop
""")
)
LOOSE_STEMS = frozenset(map(stem, LOOSE))
# Verbs that two sides share: one's victory is the other's defeat.
CONVERSE = frozenset(map(stem, listed("win beat defeat lose overcome triumph victory")))
PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "non-", "mis")


def opposites(word: str) -> frozenset[str]:
    """The stems that deny a stem."""
    return _table().get(word, frozenset()) | _prefixed(word)


def opposed(word: str, words: frozenset[str]) -> bool:
    """Whether the opposite of a stem is among the words."""
    return bool(opposites(word) & words)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in PAIRS.splitlines():
        left, right = ([stem(w) for w in side.split()] for side in line.split("|"))
        for w in left:
            table.setdefault(w, set()).update(right)
        for w in right:
            table.setdefault(w, set()).update(left)
    return {w: frozenset(o - {w}) for w, o in table.items()}


def _prefixed(word: str) -> frozenset[str]:
    """The word with a denying prefix put on or taken off."""
    off = {word[len(p) :] for p in PREFIXES if word.startswith(p) and len(word) - len(p) >= 4}
    return frozenset(off | {p + word for p in PREFIXES})
