"""How the chat page is served."""

import socket
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.web import bootstrap

from clew.errors import ClewError
from ui.serve import HOST, free_port, serve


def test_the_page_serves_this_machine_alone_and_walks_the_heap_after_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(bootstrap, "run", lambda app, hello, args, flags: given.update(flags))
    monkeypatch.setattr(bootstrap, "load_config_options", lambda flag_options: None)
    monkeypatch.setattr("sys.argv", ["clew"])
    serve(Path(".clew"), port=8501, browser=False)
    assert given["server.address"] == "127.0.0.1"
    assert given["runner.postScriptGC"] is False
    assert given["logger.hideWelcomeMessage"] is True  # what we say ourselves is enough
    assert set(given) <= set(config.get_config_options())


def test_a_page_takes_the_next_free_port_and_says_when_the_one_asked_for_is_taken() -> None:
    first = free_port(None)
    with socket.socket() as page:
        page.bind((HOST, first))
        page.listen()
        assert free_port(None) > first
        with pytest.raises(ClewError, match=f"Port {first} cannot be had") as told:
            free_port(first)
    assert "--port" in told.value.remedy
    assert free_port(first) == first
