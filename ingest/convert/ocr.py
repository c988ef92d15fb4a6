"""Text in pictures, by the extra ``ocr``: RapidOCR, whose models lie in its wheel."""

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import Any

from ingest.convert.pdfpage import Box, Page, Run, Word


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rapidocr_onnxruntime") is not None


def read_picture(picture: Any) -> Page | None:
    """A picture (array, or the bytes of a file) as a page of text, in pixels; None where nothing can be read."""
    found, _ = _engine()(picture)
    runs = [_run(corners, text) for corners, text, _ in found or [] if text.strip()]
    if not runs:
        return None
    usual = median(run.size for run in runs)
    runs = [run if run.size > 1.4 * usual else replace(run, size=usual) for run in runs]  # its boxes are not exact
    width, height = max(run.box.right for run in runs), max(run.box.bottom for run in runs)
    return Page(width * 1.05, height * 1.05, tuple(_in_order(runs)))


def _run(corners: Any, text: str) -> Run:
    """A line that was read; where its words stand is estimated from their lengths."""
    xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    box = Box(min(xs), min(ys), max(xs), max(ys))
    step = (box.right - box.left) / len(text)
    words, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        words.append(Word(word, Box(box.left + start * step, box.top, box.left + at * step, box.bottom)))
    return Run(tuple(words), box, box.height)


def _in_order(runs: list[Run]) -> list[Run]:
    """Line by line, each from the left."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: r.box.middle[1]):
        if lines and lines[-1][0].box.beside(run.box):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [run for line in lines for run in sorted(line, key=lambda r: r.box.left)]


@cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1)
