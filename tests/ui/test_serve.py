"""How the chat page is served."""

from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.web import bootstrap

from ui.serve import serve


def test_the_page_serves_this_machine_alone_and_walks_the_heap_after_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(bootstrap, "run", lambda app, hello, args, flags: given.update(flags))
    monkeypatch.setattr(bootstrap, "load_config_options", lambda flag_options: None)
    monkeypatch.setattr("sys.argv", ["clew"])
    serve(Path(".clew"), port=8501, browser=False)
    assert given["server.address"] == "127.0.0.1"
    assert given["runner.postScriptGC"] is False
    assert set(given) <= set(config.get_config_options())
