"""What speaks for and against two groups of namings being one: whom they are named with, their roles, years, kinds."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from graph.forms import Form, parse
from graph.clues import IN
from graph.naming import Naming
from graph.words import LINKING, NICKNAMES

UNKNOWN = frozenset({"name", "title"})
POLITE = frozenset("mr mrs ms miss mx dr prof professor sir lady lord dame madame mme monsieur herr frau don dona 先生 女士 小姐 太太 老 小 阿".split())
LIFE = 90  # years between two mentions of one person

FULL_NAME, ONE_WORD = 1.0, 0.8
COMPANY = 0.6
SAME_ROLE, OTHER_ROLE = 0.5, -1.6
OTHER_TIME = -1.6
OTHER_REGION = -1.2
OTHER_KIND = -1.0

Alike = Callable[[str, str], float]


class Group:
    """Namings taken for one so far."""

    def __init__(self, naming: Naming, pin: str | None) -> None:
        self.namings = [naming]
        self.pin = pin
        self.why: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter([naming.kind])
        self.form = parse(naming.names[0], naming.kind)
        self.forms = {self.form}
        self.keys = {self.form.full}
        self.others = {parse(name, naming.kind).full for name in naming.names[1:]} - self.keys
        self.roles = {role for role in naming.roles if role not in POLITE and not role.startswith(IN)}
        self.regions = {role for role in naming.roles if role.startswith(IN)}
        self.years = set(naming.years)
        self.company: set[str] = set()

    @property
    def kind(self) -> str:
        return max(self.kinds, key=lambda k: (k not in UNKNOWN, self.kinds[k], k))

    def take(self, other: "Group", reason: str) -> None:
        """Make the other's namings its own."""
        self.namings += other.namings
        self.pin = self.pin or other.pin
        self.why += other.why
        self.why[reason] += 1
        self.kinds += other.kinds
        if (len(other.form.words), len(other.form.key)) > (len(self.form.words), len(self.form.key)):
            self.form = other.form
        self.forms |= other.forms
        self.keys |= other.keys
        self.others = (self.others | other.others) - self.keys
        self.roles |= other.roles
        self.regions |= other.regions
        self.years |= other.years
        self.company |= other.company

    def posts(self) -> Iterator[str]:
        """Keys under which another group may look for this one."""
        yield from (f"name {key}" for key in (*self.keys, *self.others))
        form = self.form
        yield f"spelt {_skeleton(form)}"
        if form.han:
            yield from (f"part {word}" for word in form.words if len(form.words) > 1)
            return
        if len(form.words) > 1:
            if self.kind in UNKNOWN or self.kind == "person":
                yield f"part {form.words[-1]}"
                yield f"part {form.words[0]}"
                yield from _surname(form)
            if self.kind != "person":
                yield f"words {' '.join(sorted(set(form.words) - LINKING))}"
                yield f"initials {''.join(w[0] for w in form.words)}"
                yield f"initials {''.join(w[0] for w in form.words if w not in LINKING)}"

    def asks(self) -> Iterator[str]:
        """Keys under which this group looks for others."""
        form = self.form
        yield from (f"name {key}" for key in (*self.keys, *self.others))
        yield f"spelt {_skeleton(form)}"
        if len(form.words) == 1:
            yield f"part {form.key}"
            if form.acronym:
                yield f"initials {form.key}"
        elif not form.han:
            yield from _surname(form)
            yield f"words {' '.join(sorted(set(form.words) - LINKING))}"


class Evidence:
    """Weighs two groups against each other. ``alike`` says how near two roles are, from 0 to 1."""

    def __init__(self, alike: Alike | None = None) -> None:
        self._alike: Alike = alike or (lambda a, b: float(a == b))
        self._with: dict[str, set[str]] = {}
        self._documents: Counter[str] = Counter()

    def of(self, namings: Sequence[Naming]) -> "Evidence":
        """The same, knowing who is named beside whom."""
        ready = Evidence(self._alike)
        by_chunk: dict[str, list[int]] = defaultdict(list)
        keys = [parse(n.names[0], n.kind).full for n in namings]
        for at, naming in enumerate(namings):
            ready._documents[keys[at]] += 1
            for chunk in {p.chunk for p in naming.places}:
                by_chunk[chunk].append(at)
        for at, naming in enumerate(namings):
            ready._with[naming.id] = {
                keys[o] for chunk in {p.chunk for p in naming.places} for o in by_chunk[chunk] if o != at
            }
        return ready

    def group(self, naming: Naming, pin: str | None) -> Group:
        """A naming as a group of its own."""
        group = Group(naming, pin)
        group.company = self._with.get(naming.id, set())
        return group

    def same_name(self, a: Group, b: Group) -> float:
        """How much is for two groups of one name being one; above 0 they are."""
        if a.pin and b.pin:
            return math.inf if a.pin == b.pin else -math.inf
        one_word = a.kind == "person" and len(a.form.words) == 1
        return (ONE_WORD if one_word else FULL_NAME) + self.between(a, b)

    def forbids(self, a: Group, b: Group) -> bool:
        """Whether a person said that these are two."""
        return bool(a.pin and b.pin and a.pin != b.pin)

    def between(self, a: Group, b: Group) -> float:
        """What speaks for (above 0) and against, the names left aside."""
        return self._company(a, b) + self._roles(a, b) + _regions(a, b) + _years(a, b) + _kinds(a, b)

    def _company(self, a: Group, b: Group) -> float:
        names = a.keys | b.keys | a.others | b.others
        shared = (a.company & b.company) - names
        return COMPANY * min(2.0, sum(min(1.0, 1.6 / math.log2(1 + self._documents[name])) for name in shared))

    def _roles(self, a: Group, b: Group) -> float:
        if not a.roles or not b.roles:
            return 0.0
        nearest = max(self._alike(x, y) for x in a.roles for y in b.roles)
        return SAME_ROLE if nearest >= 0.5 else OTHER_ROLE if nearest < 0.35 else 0.0


def _regions(a: Group, b: Group) -> float:
    if "person" in (a.kind, b.kind) or not a.regions or not b.regions:
        return 0.0
    return SAME_ROLE if a.regions & b.regions else OTHER_REGION


def _years(a: Group, b: Group) -> float:
    if "person" not in (a.kind, b.kind) or not a.years or not b.years:
        return 0.0
    apart = max(min(a.years) - max(b.years), min(b.years) - max(a.years))
    return OTHER_TIME if apart > LIFE else 0.0


def _kinds(a: Group, b: Group) -> float:
    return OTHER_KIND if a.kind != b.kind and not {a.kind, b.kind} & UNKNOWN else 0.0


def _surname(form: Form) -> Iterator[str]:
    """The last word with each initial that the first can have, nicknames counted."""
    first = form.words[0]
    names = {first}.union(*(pair for pair in NICKNAMES if first in pair))
    yield from (f"last {form.words[-1]} {initial}" for initial in sorted({name[0] for name in names}))


def _skeleton(form: Form) -> str:
    """The consonants of a name: what most misspellings leave as it was."""
    if form.han or len(form.key) < 8:
        return form.key
    return form.key[0] + "".join(c for c in form.key[1:] if c not in "aeiouy hw")
