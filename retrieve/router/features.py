"""What the router sees of a question: words, characters, shape, skips and dependencies, as strings.

Shape keeps closed-class words and puts every other word's part of speech in its place: "who is the WRB of the NN of
NNP". It is what keeps the router from falling for key words.
"""

from collections.abc import Iterator, Sequence

from retrieve.router.reading import Reading, Word

BLOCKS = ("words", "characters", "shape", "skips", "dependencies")
REACH = 12  # words that a skip may span

_TAGS = "DT IN CC MD PRP PRP$ WDT WP WP$ WRB EX PDT RP TO UH RBR RBS JJR JJS"
CLOSED_TAGS = frozenset(_TAGS.split())  # of the Penn Treebank; their words are kept
_AUXILIARIES = (
    "be is are was were been being am do does did done have has had having not n't no never here there then now still "
    "yet only also too just ever"
)
AUXILIARIES = frozenset(_AUXILIARIES.split())
# First letters of jieba's flags whose words are kept: particles, prepositions, conjunctions, pronouns, directions,
# adverbs, modal particles, interjections.
CLOSED_FLAGS = frozenset("upcrydfeo")


def features(reading: Reading) -> dict[str, list[str]]:
    """The features of each block, repeated as often as they occur."""
    words = [w for w in reading.words if w.text.strip()]
    texts = [w.text.lower() for w in words]
    shape = [_shape(w, reading.language) for w in words]
    return {
        "words": list(_grams(texts, 1, 2)),
        "characters": list(_characters(reading.question)),
        "shape": list(_grams(["<", *shape, ">"], 1, 4)),
        "skips": list(_skips(texts, shape)),
        "dependencies": list(_dependencies(reading.words)) if reading.language == "en" else [],
    }


def _grams(items: Sequence[str], shortest: int, longest: int) -> Iterator[str]:
    for n in range(shortest, longest + 1):
        for i in range(len(items) - n + 1):
            yield " ".join(items[i : i + n])


def _characters(question: str) -> Iterator[str]:
    text = f"¶{' '.join(question.lower().split())}¶"  # how it begins and ends tells much
    for n in (1, 2, 3, 4):
        for i in range(len(text) - n + 1):
            yield text[i : i + n]


def _skips(texts: Sequence[str], shape: Sequence[str]) -> Iterator[str]:
    """A word and the shape of another before or after it, with anything between them."""
    for i in range(len(texts)):
        for j in range(i + 1, min(i + 1 + REACH, len(texts))):
            yield f"{shape[i]}~{texts[j]}"
            yield f"{texts[i]}~{shape[j]}"


def _shape(word: Word, language: str) -> str:
    text = word.text.lower()
    if language == "zh":
        return text if word.tag[:1] in CLOSED_FLAGS or not text[0].isalnum() else word.tag
    return text if word.tag in CLOSED_TAGS or text in AUXILIARIES or not text[0].isalnum() else word.tag


def _dependencies(words: Sequence[Word]) -> Iterator[str]:
    """Edges of the parse, their ends as shapes, and paths of two edges."""
    label = [_shape(w, "en") if w.text.strip() else "_" for w in words]
    children: list[list[str]] = [[] for _ in words]
    for i, word in enumerate(words):
        head = word.head
        parent = words[head]
        yield f"{word.dep}|{label[i]}"
        yield f"{word.tag}>{word.dep}"
        yield f"{label[head]}>{word.dep}>{label[i]}"
        yield f"{parent.text.lower()}>>{word.dep}>{label[i]}"
        yield f"{label[head]}>{word.dep}>>{word.text.lower()}"
        if head == i:
            continue
        if word.dep != "punct":
            children[head].append(word.dep)
        yield f"{parent.dep}>{word.dep}>{label[i]}"
        yield f"{label[parent.head]}>{parent.dep}>{word.dep}>{label[i]}"
        if parent.head != head:
            yield f"{words[parent.head].dep}>{parent.dep}>{word.dep}"
    for word, below in zip(words, children, strict=True):
        yield f"{word.tag}:{','.join(sorted(below))}"
