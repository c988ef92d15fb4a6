"""Tables on a page: by their ruled lines, or by the columns that their rows share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.convert.pdfpage import Box, Rule, Run, Word

_NEAR = 2.5  # points within which two lines count as one
_MOST_CELLS = 20_000
_BACK = 8  # rows of runs that one column's cell may reach above the next column's
_LINES_UP = 6  # of a cell that ends level with its row
_WORDS_A_CELL = 14  # more on average are columns of running text


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each the runs in it, in reading order; ``box`` is where it stands on the page."""

    box: Box
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


def ruled(rules: Sequence[Rule], runs: Sequence[Run]) -> list[Table]:
    """The tables that lines draw: every group of crossing lines is a grid, whose cells hold the words in them."""
    found = []
    for group in _grids(rules):
        table = _filled(group, runs)
        if table is not None:
            found.append(table)
    return found


def _grids(rules: Sequence[Rule]) -> list[list[Rule]]:
    rules = _merged(rules)
    across = [r for r in rules if not r.upright]
    upright = [r for r in rules if r.upright]
    if len(across) * len(upright) > 4_000_000:
        return []
    home = {id(rule): rule for rule in rules}
    parent = {id(rule): id(rule) for rule in rules}

    def root(key: int) -> int:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for a in across:
        for u in upright:
            if a.start - _NEAR <= u.at <= a.end + _NEAR and u.start - _NEAR <= a.at <= u.end + _NEAR:
                parent[root(id(a))] = root(id(u))
    groups: dict[int, list[Rule]] = {}
    for key, rule in home.items():
        groups.setdefault(root(key), []).append(rule)
    return [group for group in groups.values() if len(group) >= 4]


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Lines that continue or cover each other as one."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.upright, round(r.at / _NEAR), r.start)):
        last = out[-1] if out else None
        if (
            last is not None
            and last.upright == rule.upright
            and abs(last.at - rule.at) <= _NEAR
            and rule.start <= last.end + _NEAR
        ):
            out[-1] = Rule(last.upright, last.at, last.start, max(last.end, rule.end))
        else:
            out.append(rule)
    return out


def _filled(group: Sequence[Rule], runs: Sequence[Run]) -> Table | None:
    xs = _steps(r.at for r in group if r.upright)
    ys = _steps(r.at for r in group if not r.upright)
    if len(xs) < 3 or len(ys) < 3 or (len(xs) - 1) * (len(ys) - 1) > _MOST_CELLS:
        return None
    box = Box(xs[0], ys[0], xs[-1], ys[-1])
    grid: list[list[list[Run]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
    words = 0
    for run in runs:
        if not box.holds(run.box.middle, _NEAR):
            continue
        y = _index(ys, run.box.middle[1])
        parts: dict[int, list[Word]] = {}
        for word in run.words:
            parts.setdefault(_index(xs, word.box.middle[0]), []).append(word)
            words += 1
        for x, some in parts.items():
            grid[y][x].append(_part(run, some))
    rows = [row for row in grid if any(row)]
    columns = [x for x in range(len(xs) - 1) if any(row[x] for row in rows)]
    full = sum(bool(row[x]) for row in rows for x in columns)
    if len(rows) < 2 or len(columns) < 2 or words < 4 or full < 0.4 * len(rows) * len(columns):
        return None
    return Table(box, tuple(tuple(tuple(row[x]) for x in columns) for row in rows))


def _part(run: Run, words: Sequence[Word]) -> Run:
    box = words[0].box
    for word in words[1:]:
        box = box.joined(word.box)
    return Run(tuple(words), box, run.size, run.bold, run.fixed)


def _steps(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR * 1.5:
            out.append(value)
    return out


def _index(edges: Sequence[float], value: float) -> int:
    at = 0
    while at < len(edges) - 2 and value > edges[at + 1]:
        at += 1
    return at


@dataclass(slots=True)
class Band:
    """Runs that stand side by side: a line of text, or a row of a table."""

    runs: list[Run] = field(default_factory=list)

    @property
    def box(self) -> Box:
        box = self.runs[0].box
        for run in self.runs[1:]:
            box = box.joined(run.box)
        return box


def bands(runs: Sequence[Run]) -> list[Band]:
    """Runs in reading order as rows. A run that starts right of what is already there, at the same height, belongs
    to that row, also where cells take several lines: then one column's cell goes back above the other's end."""
    out: list[Band] = []
    for run in runs:
        home = next((i for i in range(len(out) - 1, max(len(out) - _BACK, 0) - 1, -1) if _belongs(out[i], run)), None)
        if home is None:
            out.append(Band([run]))
            continue
        while home and out[home - 1].box.beside(run.box) and run.box.left >= out[home - 1].box.right - 1:
            home -= 1  # the run reaches up to the first line of a cell whose last line it was found beside
        merged = [r for band in out[home:] for r in band.runs]
        del out[home:]
        out.append(Band([*merged, run]))
    return out


def _belongs(band: Band, run: Run) -> bool:
    box = band.box
    if box.beside(run.box):
        level = [r.box.right for r in band.runs if r.box.beside(run.box)]
        return run.box.left >= max(level or [min(r.box.right for r in band.runs)]) - 1
    return run.box.left >= box.right - 1 and 0 < box.top - run.box.top < _LINES_UP * run.size


def unruled(rows: Sequence[Band]) -> list[tuple[int, int, Table]]:
    """Runs of bands that share columns: (first, past the last, table)."""
    found: list[tuple[int, int, Table]] = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and (end == start or _gap(rows[end - 1], rows[end]) < 2.5 * rows[end].runs[0].size):
            if _sides(rows[end]) < 2 and not _wrapped(rows, start, end):
                break
            end += 1
        table = None
        if end - start >= 3:
            table = _columned(_joined(rows[start:end]))
        if table is not None:
            found.append((start, end, table))
        start = max(end, start + 1)
    return found


def _gap(upper: Band, lower: Band) -> float:
    return lower.box.top - upper.box.bottom


def _wrapped(rows: Sequence[Band], start: int, at: int) -> bool:
    """Whether a single run is a line of a cell that takes several: it stands close to a row, before or after it."""
    near = 0.35 * rows[at].runs[0].size
    if at > start and abs(_gap(rows[at - 1], rows[at])) < near:
        return True
    ahead = next((i for i in range(at + 1, min(at + 4, len(rows))) if _sides(rows[i]) > 1), None)
    return ahead is not None and all(abs(_gap(rows[i], rows[i + 1])) < near for i in range(at, ahead))


def _joined(rows: Sequence[Band]) -> list[Band]:
    """Lines of a row that takes several as one: they stand closer than rows do."""
    gaps = [_gap(a, b) / a.runs[0].size for a, b in pairwise(rows)]
    if not (any(g < 0.25 for g in gaps) and any(g > 0.35 for g in gaps)):
        return list(rows)
    out = [rows[0]]
    for gap, row in zip(gaps, rows[1:], strict=True):
        if gap < 0.3:
            out[-1] = Band([*out[-1].runs, *row.runs])
        else:
            out.append(row)
    return out


def _sides(band: Band) -> int:
    """How many runs stand side by side in it."""
    return max(sum(a.box.beside(b.box) for b in band.runs) for a in band.runs)


def _columned(rows: Sequence[Band]) -> Table | None:
    spans: list[list[float]] = []
    for run in sorted((r for row in rows for r in row.runs), key=lambda r: r.box.left):
        if spans and run.box.left <= spans[-1][1] + 1:
            spans[-1][1] = max(spans[-1][1], run.box.right)
        else:
            spans.append([run.box.left, run.box.right])
    if len(spans) < 2:
        return None
    edges = [spans[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(spans)), spans[-1][1]]
    cells = [
        [
            tuple(sorted((r for r in row.runs if _index(edges, r.box.middle[0]) == x), key=lambda r: r.box.top))
            for x in range(len(spans))
        ]
        for row in rows
    ]
    if len(rows) < 2:
        return None
    words = sum(len(r.words) for row in rows for r in row.runs)
    full = sum(bool(cell) for row in cells for cell in row)
    if words > _WORDS_A_CELL * full or full < 0.5 * len(cells) * len(spans):
        return None
    box = rows[0].box
    for row in rows[1:]:
        box = box.joined(row.box)
    return Table(box, tuple(tuple(row) for row in cells))
