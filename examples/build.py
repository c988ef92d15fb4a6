"""Render examples/sources into the files of examples/harbour.

    python examples/build.py            write what differs
    python examples/build.py --check    write nothing, exit 1 if a file differs

`sources/minutes/board-2024-03-07.docx.md` becomes `harbour/minutes/board-2024-03-07.docx`. Files of harbour that have
no source are written by hand and left alone. The same sources and library versions give the same bytes.

Needs python-docx, openpyxl, python-pptx and reportlab: `pip install -r examples/requirements.txt`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from crossings import crossings  # noqa: E402
from rendering.archives import epub, odt  # noqa: E402
from rendering.blocks import Source, read  # noqa: E402
from rendering.office import sheet, slides, word  # noqa: E402
from rendering.pdf import pdf  # noqa: E402
from rendering.plain import mail, notebook, rtf  # noqa: E402
from rendering.website import page  # noqa: E402

RENDER: dict[str, Callable[[Source], bytes]] = {
    ".docx": word,
    ".eml": mail,
    ".epub": epub,
    ".html": lambda source: page(source).encode(),
    ".ipynb": notebook,
    ".odt": odt,
    ".pdf": pdf,
    ".pptx": slides,
    ".rtf": rtf,
    ".xlsx": sheet,
}


def rendered() -> dict[Path, bytes]:
    files = {HERE / "harbour/logs/petrel-crossings-2025-10.csv": crossings().encode()}
    for path in sorted((HERE / "sources").rglob("*.md")):
        target = HERE / "harbour" / path.relative_to(HERE / "sources").with_suffix("")
        files[target] = RENDER[target.suffix](read(path.read_text(encoding="utf-8")))
    return files


def main(check: bool) -> int:
    differing = [(path, data) for path, data in rendered().items() if not path.exists() or path.read_bytes() != data]
    for path, data in differing:
        print(path.relative_to(HERE))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
