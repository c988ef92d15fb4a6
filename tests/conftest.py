"""What every test may use."""

import pytest

from clew.models.minilm import MiniLM


@pytest.fixture(scope="session")
def minilm() -> MiniLM:
    """The real embedder, loaded once; one thread, for tests share the machine."""
    return MiniLM(threads=1)
