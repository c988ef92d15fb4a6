"""Serve the chat page: to this machine alone, and reporting to nobody."""

import sys
from pathlib import Path

import click

HOST = "127.0.0.1"


def serve(index: Path, *, port: int, browser: bool) -> None:
    """Run the page on an index until Ctrl-C."""
    from streamlit.web import bootstrap

    flags = {
        "server.address": HOST,
        "server.port": port,
        "server.headless": not browser,
        "server.allowedHosts": ["localhost", HOST],
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "browser.serverAddress": "localhost",
        "client.toolbarMode": "minimal",
        "runner.postScriptGC": False,  # it walks the whole heap after every run: an answer's page runs all the time
        "theme.light.orangeBackgroundColor": "#ffd9a3",  # what marks a cited sentence must be seen at a glance
        "theme.dark.orangeBackgroundColor": "#7d4e14",
    }
    app = str(Path(__file__).with_name("app.py"))
    click.echo(f"Chat: http://localhost:{port}    (Ctrl-C ends it)", err=True)
    sys.argv = ["clew", str(index)]
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(app, False, [str(index)], flags)
