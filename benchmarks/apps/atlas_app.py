"""The dashboard itself, with an invented catalogue of BENCH_INITIATIVES in place of the bundled one (0: bundled)."""

import os
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from atlas.catalogue.source import bundle
from atlas.catalogue.source.keeper import Edition
from tests.factories import make_catalogue

ROOT = Path(__file__).resolve().parents[2]
N_MUNICIPALITIES = 7_000

n_initiatives = int(os.environ.get("BENCH_INITIATIVES", "0"))
if n_initiatives:
    # Before anything imports the loader by name: the rest of the dashboard is the one that visitors get.
    catalogue = make_catalogue(n_initiatives, N_MUNICIPALITIES, seed=1)
    edition = Edition(catalogue, "", datetime.now(UTC))
    bundle.published_catalogue = lambda: catalogue  # type: ignore[assignment]
    bundle.published_edition = lambda: edition  # type: ignore[assignment]

from atlas.server import routes as web  # noqa: E402  (it takes the loader's name)
from atlas.server.api import routes as api  # noqa: E402
from atlas.ui.session import streamlit_private as private  # noqa: E402

# Written out as in dashboard.py: Streamlit finds the app by reading these words, not by importing them.
private.ignore_pages_folder()
app = st.App(
    str(ROOT / "dashboard.py"),
    routes=[*web.routes(), *api.routes()],
    middleware=web.middleware(private.STREAMLIT),
)
