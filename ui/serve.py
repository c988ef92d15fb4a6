"""Serve the chat page: to this machine alone, and reporting to nobody."""

import socket
import sys
from pathlib import Path

import click

from clew.errors import ClewError

HOST = "127.0.0.1"
PORTS = range(8501, 8601)  # tried one after the other where none is asked for


def free_port(asked: int | None) -> int:
    """The port that is asked for, or the first free one; ClewError where it cannot be had."""
    why = ""
    for port in PORTS if asked is None else (asked,):
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what the last page has just left is free
            try:
                one.bind((HOST, port))
            except OSError as error:
                why = error.strerror or ""
            else:
                return port
    raise ClewError(f"Port {port} cannot be had: {why}.", "Name another one with --port.")


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
        "logger.hideWelcomeMessage": True,
        "logger.level": "warning",
        "runner.fastReruns": False,  # a run that is ending would drop what was asked meanwhile
        "runner.postScriptGC": False,  # it walks the whole heap after every run: an answer's page runs all the time
        "theme.light.orangeBackgroundColor": "#ffd9a3",  # what marks a cited sentence must be seen at a glance
        "theme.dark.orangeBackgroundColor": "#7d4e14",
    }
    app = str(Path(__file__).with_name("app.py"))
    click.echo(f"Chat: http://localhost:{port}    (Ctrl-C ends it)", err=True)
    sys.argv = ["clew", str(index)]
    bootstrap.load_config_options(flag_options=flags)
    bootstrap.run(app, False, [str(index)], flags)
