"""What speaks for and against two groups of namings being one: whom they are named with, their roles, years, kinds."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from graph.clues import IN
from graph.forms import Form, parse
from graph.naming import Naming
from graph.words import LINKING, NICKNAMES, POLITE

UNKNOWN = frozenset({"name", "title"})
MANY = 30  # namings of one group whose company is looked at
LIFE = 90  # years between two mentions of one person

FULL_NAME, ONE_WORD = 1.0, 0.8
COMPANY = 0.6
SAME_ROLE, OTHER_ROLE = 0.5, -1.6
NEAR, FAR = 0.5, 0.4  # cosine of two roles
OTHER_TIME = -1.6
OTHER_REGION = -1.2
OTHER_KIND, OTHER_KIND_OF_FULL_NAME = -1.0, -0.5

_INITIALS = {
    first: {name[0] for pair in NICKNAMES if first in pair for name in pair} for first in frozenset().union(*NICKNAMES)
}
"""First name → the initials of those that can stand for it."""

Alike = Callable[[str, str], float]


class Group:
    """Namings taken for one so far."""

    def __init__(self, naming: Naming, pin: str | None) -> None:
        self.namings = [naming]
        self.pin = pin
        self.why: dict[str, int] = {}
        self.kind = naming.kind
        self._kinds = {naming.kind: 1}
        self.form = parse(naming.names[0], naming.kind)
        self.forms = {self.form}
        self.keys = {self.form.full}
        self.others = {parse(name, naming.kind).full for name in naming.names[1:]} - self.keys
        self.roles = {role for role in naming.roles if role not in POLITE and not role.startswith(IN)}
        self.regions = {role for role in naming.roles if role.startswith(IN)}
        self.years = set(naming.years)
        self.beside: set[str] | None = None

    def take(self, other: "Group", reason: str) -> None:
        """Make the other's namings its own."""
        self.namings += other.namings
        self.pin = self.pin or other.pin
        _add(self.why, {**other.why, reason: other.why.get(reason, 0) + 1})
        _add(self._kinds, other._kinds)
        if len(self._kinds) > 1:
            self.kind = max(self._kinds, key=lambda k: (k not in UNKNOWN, self._kinds[k], k))
        if (len(other.form.words), len(other.form.key)) > (len(self.form.words), len(self.form.key)):
            self.form = other.form
        self.forms |= other.forms
        self.keys |= other.keys
        self.others = (self.others | other.others) - self.keys
        self.roles |= other.roles
        self.regions |= other.regions
        self.years |= other.years
        self.beside = None

    def posts(self) -> Iterator[str]:
        """Keys under which another group may look for this one."""
        yield from (f"name {key}" for key in self.keys)
        yield from (f"other {key}" for key in self.others if " " in key)
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
        yield from (f"name {key}" for key in self.others)
        yield from (f"other {key}" for key in self.others if " " in key)
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
        self._in_chunk: dict[str, list[Naming]] = defaultdict(list)
        self._documents: Counter[str] = Counter()
        self._key: dict[str, str] = {}

    def of(self, namings: Sequence[Naming]) -> "Evidence":
        """The same, knowing who is named beside whom."""
        ready = Evidence(self._alike)
        for naming in namings:
            ready._key[naming.id] = key = parse(naming.names[0], naming.kind).full
            ready._documents[key] += 1
            for chunk in {p.chunk for p in naming.places}:
                ready._in_chunk[chunk].append(naming)
        return ready

    def same_name(self, a: Group, b: Group) -> float:
        """How much is for two groups of one name being one; above 0 they are."""
        if a.pin and b.pin:
            return math.inf if a.pin == b.pin else -math.inf
        one_word = a.kind == "person" and len(a.form.words) == 1
        plain = (ONE_WORD if one_word else FULL_NAME) + self._apart(a, b)
        return plain if plain > 0 else plain + self._company(a, b)

    def forbids(self, a: Group, b: Group) -> bool:
        """Whether a person said that these are two."""
        return bool(a.pin and b.pin and a.pin != b.pin)

    def between(self, a: Group, b: Group) -> float:
        """What speaks for (above 0) and against, the names left aside."""
        return self._apart(a, b) + self._company(a, b)

    def _apart(self, a: Group, b: Group) -> float:
        return self._roles(a, b) + _regions(a, b) + _years(a, b) + _kinds(a, b)

    def _company(self, a: Group, b: Group) -> float:
        shared = self._beside(a) & self._beside(b) - a.keys - b.keys - a.others - b.others
        return COMPANY * min(2.0, sum(min(1.0, 1.6 / math.log2(1 + self._documents[name])) for name in sorted(shared)))

    def _beside(self, group: Group) -> set[str]:
        """The names that stand in one chunk with a group's."""
        if group.beside is None:
            group.beside = self._company_of(group)
        return group.beside

    def _company_of(self, group: Group) -> set[str]:
        return {
            self._key[other.id]
            for naming in group.namings[:MANY]
            for chunk in {p.chunk for p in naming.places}
            for other in self._in_chunk[chunk]
            if other is not naming
        }

    def _roles(self, a: Group, b: Group) -> float:
        if not a.roles or not b.roles:
            return 0.0
        if not a.roles.isdisjoint(b.roles):
            return SAME_ROLE
        nearest = max(self._alike(x, y) for x in a.roles for y in b.roles)
        return SAME_ROLE if nearest >= NEAR else OTHER_ROLE if nearest < FAR else 0.0


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
    if a.kind == b.kind or a.kind in UNKNOWN or b.kind in UNKNOWN:
        return 0.0
    return OTHER_KIND if len(a.form.words) == 1 or len(b.form.words) == 1 else OTHER_KIND_OF_FULL_NAME


def _surname(form: Form) -> Iterator[str]:
    """The last word with each initial that the first can have, nicknames counted."""
    first = form.words[0]
    yield from (f"last {form.words[-1]} {initial}" for initial in {first[0], *_INITIALS.get(first, ())})


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for what, count in more.items():
        counts[what] = counts.get(what, 0) + count


def _skeleton(form: Form) -> str:
    """The consonants of a name: what most misspellings leave as it was."""
    if form.han or len(form.key) < 8:
        return form.key
    return form.key[0] + "".join(c for c in form.key[1:] if c not in "aeiouy hw")
