"""Who is who within one document: its mentions become namings."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from clew.ids import digest
from clew.records import Chunk, Mention
from graph.forms import form_of
from graph.naming import Naming, Place


def namings_of(chunks: Sequence[Chunk], mentions: Sequence[Mention]) -> list[Naming]:
    """The namings of a document, from its chunks and what was found in them."""
    if not chunks:
        return []
    document = chunks[0].document.id
    together: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        together[form_of(mention.name)].append(mention)
    return [_naming(document, form, group) for form, group in sorted(together.items())]


def _naming(document: str, form: str, group: Sequence[Mention]) -> Naming:
    names = Counter(m.name for m in group)
    kinds = Counter(m.kind for m in group)
    return Naming(
        id=digest("naming", document, form),
        document=document,
        names=tuple(sorted(names, key=lambda n: (-len(n), -names[n], n))),
        kind=min(kinds, key=lambda k: (-kinds[k], k)),
        places=tuple(sorted({Place(m.chunk_id, m.sentence) for m in group})),
    )
