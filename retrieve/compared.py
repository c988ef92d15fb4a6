"""Values of unlike kinds made alike, so that they can be added."""

from collections.abc import Sequence

import numpy as np

from clew.ports import Floats


def compared(values: Sequence[float] | Floats) -> Floats:
    """Each value by how far it is from the mean, in standard deviations; 0 where all are the same or not known."""
    seen = np.asarray(values, np.float32)
    known = ~np.isnan(seen)
    if not known.any() or (spread := float(seen[known].std())) < 1e-6:
        return np.zeros(len(seen), np.float32)
    found: Floats = np.where(known, (seen - seen[known].mean()) / spread, 0).astype(np.float32)
    return found
