"""Who is who within one document: its mentions become namings.

Within a document a surname, an acronym or a short form stands for the one fuller name that it fits; where it fits
two, it is left alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from clew.ids import digest
from clew.records import Chunk, Mention
from graph.clues import region_of, renamed, roles_of, years_of
from graph.forms import Form, parse
from graph.joining import Joining
from graph.likeness import short_of
from graph.naming import Naming, Place
from graph.view import TITLE

MANY = 300
"""A part that so many names of one document share, as the letter of ticket numbers, says nothing of who is who."""

KINDS = ("person", "name", "title", "place", "organisation")
"""Kinds by which one name is taken apart in different ways."""


def namings_of(chunks: Sequence[Chunk], mentions: Sequence[Mention]) -> list[Naming]:
    """The namings of a document, from its chunks and what was found in them."""
    if not chunks or not mentions:
        return []
    by_name: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_name[mention.name].append(mention)
    kinds = {name: _kind(ours) for name, ours in by_name.items()}
    forms = {name: parse(name, kind) for name, kind in kinds.items()}
    read = _Read(chunks, mentions, kinds)
    joined = Joining(sorted(forms))
    by_full: dict[str, str] = {}
    for name in sorted(forms):
        joined.join(name, by_full.setdefault(_full(forms[name]), name))
    for one, other in read.renamed:
        joined.join(one, other)
    _join_unbracketed(forms, joined)
    for short, long in _short_forms(forms, kinds, joined):
        joined.join(short, long)
    document = chunks[0].document.id
    return sorted(
        (_naming(document, group, by_name, kinds, forms, read) for group in joined.groups()), key=lambda n: n.id
    )


def renamed_id(naming: Naming, document: str) -> str:
    """The id that a naming gets when its document is read again under another id."""
    forms = (_full(parse(naming.names[0], kind)) for kind in (naming.kind, *KINDS))
    full = next((full for full in forms if digest("naming", naming.document, full) == naming.id), "")
    return digest("naming", document, full)


def _full(form: Form) -> str:
    """What must be equal for two spellings to be one name: "Mr Falk" is not "Mrs Falk"."""
    return f"{form.full}|{form.gender}" if form.gender and len(form.words) == 1 else form.full


def _kind(mentions: Sequence[Mention]) -> str:
    """The most frequent kind of some mentions, one that says something first."""
    votes = [m.kind for m in mentions]
    if len(set(votes)) == 1:
        return votes[0]
    return max(votes, key=lambda k: (k not in ("name", "title"), votes.count(k), k))


def _join_unbracketed(forms: Mapping[str, Form], joined: Joining) -> None:
    """Under the title "Rebecca (1940 film)", Rebecca is the film, if there is no other Rebecca with a bracket."""
    bracketed: dict[str, list[str]] = defaultdict(list)
    for name, form in sorted(forms.items()):
        if form.bracket:
            bracketed[form.key].append(name)
    for name, form in sorted(forms.items()):
        if not form.bracket and len(bracketed.get(form.key, ())) == 1:
            joined.join(name, bracketed[form.key][0])


def _short_forms(forms: Mapping[str, Form], kinds: Mapping[str, str], joined: Joining) -> list[tuple[str, str]]:
    """Pairs of a short form and the one fuller name of the document that it stands for."""
    by_part: dict[str, set[str]] = defaultdict(set)
    for name, form in forms.items():
        for part in _parts(form):
            by_part[part].add(name)
    pairs = []
    for name, form in sorted(forms.items()):
        telling = [by_part[part] for part in _parts(form, asked=True) if len(by_part[part]) <= MANY]
        near = sorted(set().union(*telling) - {name})
        found = [other for other in near if short_of(form, kinds[name], forms[other], kinds[other])]
        if len({joined.root(other) for other in found} - {joined.root(name)}) == 1:
            pairs.append((name, found[0]))
    return pairs


def _parts(form: Form, *, asked: bool = False) -> set[str]:
    """What two names share if one can stand for the other: a word, an initial, a Chinese character.

    Of the name ``asked`` for only those initials count that it is made of.
    """
    if form.han:
        return set(form.key)
    starts = {f"{word[0]}." for word in form.words if not asked or len(word) == 1}
    if asked and (form.acronym or len(form.words) == 1):
        starts.add(f"{form.key[0]}.")
    return {*form.words, *starts}


class _Read:
    """What the sentences around a document's mentions say."""

    def __init__(self, chunks: Sequence[Chunk], mentions: Sequence[Mention], kinds: Mapping[str, str]) -> None:
        self.roles: dict[str, set[str]] = defaultdict(set)
        self.years: dict[str, set[int]] = defaultdict(set)
        self.renamed: list[tuple[str, str]] = []
        by_id = {chunk.id: chunk for chunk in chunks}
        together: dict[tuple[str, int], set[str]] = defaultdict(set)
        for mention in mentions:
            if mention.sentence != TITLE:
                together[(mention.chunk_id, mention.sentence)].add(mention.name)
        for (chunk_id, number), names in together.items():
            chunk = by_id[chunk_id]
            self._sentence(" ".join(chunk.quote(chunk.sentences[number]).split()), names, kinds)

    def _sentence(self, text: str, names: set[str], kinds: Mapping[str, str]) -> None:
        found = sorted(_found(text, names))
        years = years_of(text)
        for place, following in pairwise(found):
            if region := region_of(text, place, following):
                self.roles[text[slice(*place)]].add(region)
        for start, end in found:
            name = text[start:end]
            self.roles[name] |= roles_of(text, start, end, kinds[name])
            self.years[name] |= years
        self.renamed += [(text[slice(*found[a])], text[slice(*found[b])]) for a, b in renamed(text, found)]


def _found(text: str, names: set[str]) -> Iterator[tuple[int, int]]:
    """Where the names stand, the longest first; none inside another."""
    taken: list[tuple[int, int]] = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            if all(at >= end or at + len(name) <= start for start, end in taken):
                taken.append((at, at + len(name)))
                break
            at = text.find(name, at + 1)
    yield from taken


def _naming(
    document: str,
    group: Sequence[str],
    mentions: Mapping[str, Sequence[Mention]],
    kinds: Mapping[str, str],
    forms: Mapping[str, Form],
    read: _Read,
) -> Naming:
    ours = [m for name in group for m in mentions[name]]
    names = tuple(sorted(group, key=lambda n: (forms[n].acronym, -len(forms[n].words), -len(n), -len(mentions[n]), n)))
    kind = kinds[group[0]]
    if len(group) > 1:
        votes = Counter(kinds[m.name] for m in ours)
        kind = max(votes, key=lambda k: (k not in ("name", "title"), votes[k], k))
    return Naming(
        id=digest("naming", document, _full(forms[names[0]])),
        document=document,
        names=names,
        kind=kind,
        places=tuple(sorted({Place(m.chunk_id, m.sentence) for m in ours}, key=lambda p: (p.chunk, p.sentence))),
        roles=tuple(sorted({role for name in group for role in (*read.roles[name], *forms[name].titles)})),
        years=tuple(sorted({year for name in group for year in read.years[name]})),
    )
