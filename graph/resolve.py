"""Who is who across documents: namings become entities.

The result is a function of the set of namings and of what a person pinned, whatever the order in which documents
came and went. It goes in two rounds: namings with one full name are told apart where something speaks against
their being one (roles, years, kinds), then the groups so found are joined under different names (initials,
surnames, acronyms) where something speaks for it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from clew.ids import digest
from clew.records import Entity
from graph.evidence import Evidence, Group
from graph.forms import Form, parse
from graph.likeness import Likeness, variant
from graph.naming import Naming
from graph.ports import Decision, Resolved

CLEAR = 0.3  # how much better the best of several fuller names must be than the next
CROWD = 300  # groups that share a key and are no longer compared each with each


def resolve(
    namings: Sequence[Naming], decisions: Sequence[Decision] = (), evidence: Evidence | None = None
) -> list[Resolved]:
    """The entities that these namings name, in the order of their ids."""
    evidence = (evidence or Evidence()).of(namings)
    pins = {d.naming: d.entity for d in decisions}
    together: dict[str, list[Naming]] = defaultdict(list)
    for naming in sorted(namings, key=lambda n: n.id):
        together[_form(naming).full].append(naming)
    groups: list[Group] = []
    for _, ours in sorted(together.items()):
        groups += _senses(ours, pins, evidence)
    groups = _pinned(groups)
    return sorted((_resolved(group) for group in _joined(groups, evidence)), key=lambda r: r.entity.id)


def _form(naming: Naming) -> Form:
    return parse(naming.names[0], naming.kind)


def _senses(namings: Sequence[Naming], pins: dict[str, str], evidence: Evidence) -> list[Group]:
    """Namings of one full name, parted into those that can be one."""
    if len(namings) == 1:
        return [Group(namings[0], pins.get(namings[0].id))]
    groups: list[Group] = []
    # Those that say most come first, and the rest go to whom they fit best.
    for naming in sorted(namings, key=lambda n: (n.id not in pins, -len(n.roles), -len(n.years), n.id)):
        alone = Group(naming, pins.get(naming.id))
        fits = [(evidence.same_name(group, alone), -at) for at, group in enumerate(groups)]
        best = max(fits, default=(0.0, 0))
        if best[0] > 0:
            groups[-best[1]].take(alone, "the same name")
        else:
            groups.append(alone)
    return groups


def _pinned(groups: Iterable[Group]) -> list[Group]:
    """Join what a person said is one, whatever it is called."""
    kept: list[Group] = []
    by_pin: dict[str, Group] = {}
    for group in groups:
        if group.pin and group.pin in by_pin:
            by_pin[group.pin].take(group, "joined by hand")
        else:
            kept.append(group)
            if group.pin:
                by_pin[group.pin] = group
    return kept


def _joined(groups: list[Group], evidence: Evidence) -> list[Group]:
    """Groups of different names joined where they are one, the surest first."""
    found: list[tuple[float, int, int, Likeness]] = []
    for at, near in sorted(_candidates(groups).items()):
        scored = []
        for other in near:
            likeness = _likeness(groups[at], groups[other])
            if likeness is not None:
                scored.append((likeness.weight + evidence.between(groups[at], groups[other]), other, likeness))
        scored.sort(key=lambda s: (-s[0], s[1]))
        if (
            scored
            and scored[0][2].unique
            and any(
                scored[0][0] - score < CLEAR and not _one_name(groups[scored[0][1]], groups[other])
                for score, other, _ in scored[1:]
            )
        ):
            scored = [s for s in scored if not s[2].unique]
        found += [(score, at, other, likeness) for score, other, likeness in scored if score > 0]
    home = list(range(len(groups)))

    def root(at: int) -> int:
        while home[at] != at:
            at = home[at] = home[home[at]]
        return at

    for _, at, other, likeness in sorted(found, key=lambda f: (-f[0], f[1], f[2])):
        a, b = sorted((root(at), root(other)))
        if a != b and _compatible(groups[a], groups[b], evidence):
            groups[a].take(groups[b], likeness.reason)
            home[b] = a
    return [group for at, group in enumerate(groups) if root(at) == at]


def _candidates(groups: Sequence[Group]) -> dict[int, set[int]]:
    """For each group the others whose names could be fuller or other names of the same."""
    asked = [list(group.asks()) for group in groups]
    posted: dict[str, list[int]] = {key: [] for keys in asked for key in keys}
    for at, group in enumerate(groups):
        for key in group.posts():
            if key in posted:
                posted[key].append(at)
    near = {}
    for at, keys in enumerate(asked):
        others = {other for key in keys if len(posted[key]) <= CROWD for other in posted[key]} - {at}
        if others:
            near[at] = others
    return near


def _one_name(a: Group, b: Group) -> bool:
    """Whether two groups that a short name fits equally could themselves be one."""
    return a.form.full != b.form.full and variant(a.form, a.kind, b.form, b.kind) is not None


def _likeness(a: Group, b: Group) -> Likeness | None:
    """The best way in which a name of one can be a name of the other."""
    shared = a.others & b.keys | a.keys & b.others
    if any(" " in key or (len(key) > 2 and not key.isascii()) for key in (shared | a.others & b.others)):
        return Likeness("another of its names", 0.8)
    if shared:
        person = "person" in (a.kind, b.kind)
        return Likeness("another of its names", -0.3 if person else 0.1)
    return variant(a.form, a.kind, b.form, b.kind)


def _compatible(a: Group, b: Group, evidence: Evidence) -> bool:
    """Whether two groups, grown since they were compared, can still be one."""
    if evidence.forbids(a, b):
        return False
    for one in a.forms:
        for other in b.forms:
            people = len(one.words) > 1 and len(other.words) > 1 and "person" in (a.kind, b.kind)
            if people and one.full != other.full and variant(one, "person", other, "person") is None:
                return bool(a.others & b.keys or a.keys & b.others or a.others & b.others)
    return evidence.between(a, b) > -1


def _resolved(group: Group) -> Resolved:
    namings = sorted(group.namings, key=lambda n: n.id)
    names = Counter(name for naming in namings for name in naming.names)
    best = min(names, key=lambda n: (parse(n, group.kind).acronym, -names[n], -len(n), n))
    entity = Entity(
        id=digest("entity", namings[0].id), name=best, kind=group.kind, aliases=tuple(sorted(names.keys() - {best}))
    )
    why = tuple(sorted(f"{reason} ({count})" for reason, count in group.why.items()))
    said = [entity.id, entity.name, entity.kind, *entity.aliases, *why]
    for naming in namings:
        said += [naming.id, *(f"{p.chunk}:{p.sentence}" for p in naming.places)]
    return Resolved(entity=entity, namings=tuple(n.id for n in namings), why=why, stamp=digest(*said))
