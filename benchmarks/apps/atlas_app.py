"""The dashboard itself, with an invented catalogue of BENCH_INITIATIVES in place of the bundled one (0: bundled)."""

import os
from datetime import UTC, datetime

from atlas import bundle
from atlas.home.keeper import Edition
from tests.factories import make_catalogue

N_MUNICIPALITIES = 7_000

n_initiatives = int(os.environ.get("BENCH_INITIATIVES", "0"))
if n_initiatives:
    # Before anything imports the loader by name: the rest of the dashboard is the one that visitors get.
    catalogue = make_catalogue(n_initiatives, N_MUNICIPALITIES, seed=1)
    edition = Edition(catalogue, "", datetime.now(UTC))
    bundle.bundled_catalogue = lambda: catalogue  # type: ignore[assignment]
    bundle.published_edition = lambda: edition  # type: ignore[assignment]

from dashboard import app  # noqa: E402, F401  (the very server that visitors get; it takes the loader's name)
