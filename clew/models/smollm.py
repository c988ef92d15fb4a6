"""The local model's process: serves on a free loopback port, says where, ends when its parent does.

Run as ``python -m clew.models.smollm WEIGHTS``; see ``clew.models.local``.
"""

import sys

from clew.models.local import WINDOW


def main() -> None:
    """Serve until standard input closes."""
    import xllamacpp

    wanted = xllamacpp.CommonParams()
    wanted.model.path = sys.argv[1]
    wanted.n_ctx = WINDOW
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = 1  # with more, it stalls for minutes as soon as another process is busy
    wanted.verbosity = -1
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = 0
    wanted.ui = False
    server = xllamacpp.Server(wanted)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
