"""Writes the town into a graph store for ever; started by tests to be killed."""

import importlib
import sys

from clew.ids import document_id
from graph.pipeline import FactGraph
from tests.contracts import harbour


def main(opener: str, *arguments: str) -> None:
    """``opener`` is module:function, called with the arguments to open the store."""
    module, function = opener.split(":")
    store = getattr(importlib.import_module(module), function)(*arguments)
    graph = FactGraph(store, harbour.names)
    store.revision()
    print("writing", flush=True)
    version = 0
    while True:
        version += 1
        for number in range(40):
            harbour.add(graph, number, (number + version) % 4)
            if number % 5 == version % 5:
                graph.delete([document_id("", harbour.town((number * 3) % 40, 0)[0])])
            if number % 8 == 7:
                graph.settle()


if __name__ == "__main__":
    main(*sys.argv[1:])
