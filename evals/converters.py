"""How well converters keep what documents say: ours beside the candidates that we did not take.

    python -m evals.converters --data DIR html       main content and structure of web pages
    python -m evals.converters --data DIR pdf        a folder of PDFs with expected Markdown beside them
    python -m evals.converters --data DIR formats    every Markdown file below DIR, made into each format and read back

``DIR`` for html holds ``article_extraction`` (html/*.html.gz, ground-truth.json) and ``readability`` (test-pages, or
test-pages.tar.gz); for pdf ``docling_pdf`` (sources, groundtruth). A candidate that is not installed is named and left
out; ``--only`` picks candidates by name.
"""

import argparse
import contextlib
import gzip
import json
import logging
import statistics
import sys
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from evals import forge
from evals.forge import Piece
from evals.keeping import cells, headings, norm, parts_of, plain, recall, rendered, shingle_scores, word_order_f1
from evals.readers import PAGES, Reader, candidates


def html(data: Path, chosen: Callable[[str], bool]) -> None:
    """Print the table of converters for web pages."""
    gold = json.loads((data / "article_extraction" / "ground-truth.json").read_text("utf-8"))
    folder = data / "article_extraction" / "html"
    articles = [(gzip.decompress((folder / f"{key}.html.gz").read_bytes()), gold[key]["articleBody"]) for key in gold]
    print("| converter | F1 | F1 of the means | " + " | ".join(parts_of("<p>x</p>")) + " | s |")
    with _pages(data / "readability") as pages:
        for name, reader in PAGES.items():
            if chosen(name) and _is_there(name, reader, b"<p>A sentence.</p>"):
                _html_row(name, reader, articles, pages)


def _html_row(
    name: str, reader: Reader, articles: Sequence[tuple[bytes, str]], pages: Sequence[tuple[bytes, str]]
) -> None:
    started = time.perf_counter()
    is_text = name.endswith("text")
    scores = []
    for page, text in articles:
        made = _safe(reader, page)
        scores.append(shingle_scores(text, made if is_text else plain(made)))
    precision, found = statistics.mean(s[0] for s in scores), statistics.mean(s[1] for s in scores)
    seconds = time.perf_counter() - started
    kept: dict[str, list[float]] = {kind: [] for kind in parts_of("<p>x</p>")}
    for page, expected in pages:
        want, have = parts_of(expected), parts_of(rendered(_safe(reader, page)))
        for kind, values in kept.items():
            share = recall(want[kind], have[kind])
            if share is not None:
                values.append(share)
    medians = " | ".join("" if is_text else f"{statistics.median(values):.3f}" for values in kept.values())
    f1 = statistics.mean(s[2] for s in scores)
    print(
        f"| {name} | {f1:.4f} | {2 * precision * found / (precision + found):.4f} | {medians} | {seconds:.1f} |",
        flush=True,
    )


@contextlib.contextmanager
def _pages(folder: Path) -> Iterator[list[tuple[bytes, str]]]:
    with tempfile.TemporaryDirectory() as scratch:
        tests = folder / "test-pages"
        if not tests.is_dir():
            with tarfile.open(folder / "test-pages.tar.gz") as archive:
                archive.extractall(scratch, filter="data")
            tests = Path(scratch) / "test" / "test-pages"
        cases = sorted(path for path in tests.iterdir() if path.is_dir())
        yield [((c / "source.html").read_bytes(), (c / "expected.html").read_text("utf-8")) for c in cases]


def formats(data: Path, chosen: Callable[[str], bool], only: Sequence[str], limit: int) -> None:
    """Print the table of converters for every format."""
    documents = [forge.pieces(_body(path.read_text("utf-8"))) for path in sorted(data.rglob("*.md"))]
    documents = [found for found in documents if found]
    if limit:  # those with tables first, for most have none
        documents = sorted(documents, key=lambda d: not any(piece.kind == "table" for piece in d))[:limit]
    print("| format | converter | word-order F1 | lowest | cells | headings | failed | s |")
    for form, make in forge.MAKERS.items():
        if only and form not in only:
            continue
        tabular = form in forge.TABLES_ONLY
        fit = [d for d in documents if not tabular or any(piece.kind == "table" for piece in d)]
        files = [(forge.kept(d, form), make(d)) for d in fit]
        for name, reader in candidates(form).items():
            if chosen(name) and _is_there(name, reader, files[0][1]):
                _format_row(form, name, reader, files)


def _format_row(form: str, name: str, reader: Reader, files: Sequence[tuple[list[Piece], bytes]]) -> None:
    f1s: list[float] = []
    cell: list[float] = []
    heads: list[float] = []
    failed = 0
    seconds = 0.0
    for gold, data in files:
        started = time.perf_counter()
        text = _safe(reader, data)
        seconds += time.perf_counter() - started
        failed += not text
        got = forge.pieces(text)
        f1s.append(word_order_f1(forge.plain(gold), forge.plain(got)))
        cell += [share for share in [recall(cells(gold), cells(got))] if share is not None]
        heads += [share for share in [recall(headings(gold), headings(got))] if share is not None]
    means = " | ".join(f"{statistics.mean(v):.3f}" if v else "" for v in (cell, heads))
    order = f"{statistics.mean(f1s):.3f} | {min(f1s):.2f}"
    print(f"| {form} | {name} | {order} | {means} | {failed} | {seconds:.1f} |", flush=True)


def pdf(data: Path, chosen: Callable[[str], bool]) -> None:
    """Print, for each PDF, how the text compares with the expected Markdown, and what was lost."""
    from ingest.convert import convert

    folder = data / "docling_pdf"
    print("| file | pages | word-order F1 | expected cells found | headings found | losses | s |")
    for path in sorted([*folder.glob("sources/*.pdf"), *folder.glob("*.pdf")]):
        started = time.perf_counter()
        made = convert(path, path.name)
        seconds = time.perf_counter() - started
        expected = folder / "groundtruth" / f"{path.stem}.md"
        row = " | | "
        if expected.exists():
            gold, got = forge.pieces(expected.read_text("utf-8")), forge.pieces(made.text)
            f1 = word_order_f1(forge.plain(gold), forge.plain(got))
            row = f"{f1:.3f} | {_share(_texts(gold), _texts(got))} | {_share(headings(gold), headings(got))}"
        losses = "; ".join(f"{loss.kind} (page {loss.page})" for loss in made.losses)
        print(f"| {path.name} | {len(made.pages)} | {row} | {losses} | {seconds:.2f} |", flush=True)


def _texts(pieces: Sequence[Piece]) -> Counter[str]:
    return Counter(norm(c) for p in pieces if p.kind == "table" for row in p.rows for c in row if norm(c))


def _share(gold: Counter[str], got: Counter[str]) -> str:
    return f"{sum((gold & got).values())} of {gold.total()}" if gold else ""


def _body(markdown: str) -> str:
    return markdown.split("\n---\n", 1)[-1] if markdown.startswith("---\n") else markdown


def _safe(reader: Reader, data: bytes) -> str:
    try:
        return reader(data) or ""
    except Exception:  # a candidate that fails has kept nothing
        return ""


def _is_there(name: str, reader: Reader, data: bytes) -> bool:
    try:
        reader(data)
    except ImportError as error:
        print(f"{name} is left out: {error}", file=sys.stderr)
        return False
    except Exception:
        return True
    return True


def main() -> None:
    """Run one of the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", default="", help="converters by name, with commas")
    parser.add_argument("--limit", type=int, default=0, help="documents for formats; all by default")
    parser.add_argument("what", choices=("html", "pdf", "formats"))
    parser.add_argument("forms", nargs="*", help="formats; all by default")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"There is no folder {given.data}.")
    names = [name.strip() for name in given.only.split(",") if name.strip()]

    def chosen(name: str) -> bool:
        return not names or name in names

    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if given.what == "html":
        html(given.data, chosen)
    elif given.what == "pdf":
        pdf(given.data, chosen)
    else:
        formats(given.data, chosen, given.forms, given.limit)


if __name__ == "__main__":
    main()
