"""Who is who across documents: namings become entities.

The result is a function of the namings and decisions alone, whatever the order in which documents came and went.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

from clew.ids import digest
from clew.records import Entity
from graph.forms import form_of
from graph.naming import Naming
from graph.ports import Decision, Resolved


def resolve(namings: Sequence[Naming], decisions: Sequence[Decision] = ()) -> list[Resolved]:
    """The entities that these namings name, in the order of their ids."""
    together: dict[str, list[Naming]] = defaultdict(list)
    for naming in namings:
        together[form_of(naming.names[0])].append(naming)
    return sorted((_resolved(group) for group in together.values()), key=lambda r: r.entity.id)


def _resolved(group: Sequence[Naming]) -> Resolved:
    group = sorted(group, key=lambda n: n.id)
    names = Counter(name for naming in group for name in naming.names)
    kinds = Counter(naming.kind for naming in group)
    best = min(names, key=lambda n: (-names[n], -len(n), n))
    entity = Entity(
        id=digest("entity", group[0].id),
        name=best,
        kind=min(kinds, key=lambda k: (-kinds[k], k)),
        aliases=tuple(sorted(names.keys() - {best})),
    )
    why = (f"the same name in {len(group)} documents",) if len(group) > 1 else ()
    said = [entity.id, entity.name, entity.kind, *entity.aliases, *why]
    for naming in group:
        said += [naming.id, *(f"{p.chunk}:{p.sentence}" for p in naming.places)]
    return Resolved(entity=entity, namings=tuple(n.id for n in group), why=why, stamp=digest(*said))
