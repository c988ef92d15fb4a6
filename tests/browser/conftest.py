"""A real page in a real browser: headless Chromium on the chat page of a small index."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from clew.settings import Settings
from retrieve.assembly import open_index
from tests.worlds import FERRY, LIGHTHOUSE, TEAHOUSE

CHROMIUM = next((path for path in map(Path, ("/usr/bin/chromium", "/usr/bin/chromium-browser")) if path.exists()), None)
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SERVE = """
import sys
from pathlib import Path
from ui.serve import serve
serve(Path(sys.argv[1]), port=int(sys.argv[2]), browser=False)
"""
SLOW_ENDS = """
import time
from streamlit.runtime.state.session_state import SessionState as State

begin, end = State.on_script_will_rerun, State.on_script_finished

def begins(state, widgets, **options):
    begin(state, widgets, **options)
    if widgets and any(one.WhichOneof("value") == "chat_input_value" for one in widgets.widgets):
        time.sleep(1.2)

def ends(*what, **options):
    time.sleep(1)
    end(*what, **options)

State.on_script_will_rerun, State.on_script_finished = begins, ends
"""


@pytest.fixture(scope="session")
def chat_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ingested folder's index."""
    folder = tmp_path_factory.mktemp("docs")
    for name, text in (("ferry.md", FERRY), ("lighthouse.md", LIGHTHOUSE), ("茶馆.md", TEAHOUSE)):
        (folder / name).write_text(text, encoding="utf-8")
    poison = "# Notice\n\nThe pilot boat <script>document.title='owned'</script> ![](http://203.0.113.9/b.png) is red, "
    poison += "says pilot@harbour.example on www.pilots.example and https://pilots.example/red."
    (folder / "notice.md").write_text(poison, encoding="utf-8")
    with open_index(folder / ".clew", Settings(threads=1)) as index:
        index.ingest(folder)
    return folder / ".clew"


@contextmanager
def served(index: Path, program: str = SERVE) -> Iterator[str]:
    """The address of a chat page that runs meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", program, str(index), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as app:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{url}/_stcore/health"):
                    break
            except OSError:
                time.sleep(0.1)
        yield url
        app.terminate()


@pytest.fixture(scope="session")
def chat_url(chat_index: Path) -> Iterator[str]:
    """The address of a running chat page."""
    with served(chat_index) as url:
        yield url


@pytest.fixture
def slow_url(chat_index: Path) -> Iterator[str]:
    """The address of a chat page whose runs take a second to end, so that most of what a person does falls into one."""
    with served(chat_index, SLOW_ENDS + SERVE) as url:
        yield url


@pytest.fixture
def page(chat_url: str) -> Iterator[Page]:
    """The chat page, freshly opened; every address it asks for is remembered in ``page.asked``."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        page = browser.new_context(viewport={"width": 1100, "height": 800}).new_page()
        page.set_default_timeout(90_000)
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
        page.goto(chat_url)
        page.get_by_test_id("stChatInput").wait_for()
        yield page
        browser.close()
