"""The benchmark measures the dashboard that visitors get: its program starts from the same entry."""

import os
import subprocess
import sys
from pathlib import Path

from streamlit.web.server.app_discovery import discover_asgi_app

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "benchmarks" / "apps" / "atlas_app.py"


def test_the_measured_program_is_found_as_an_app():
    assert discover_asgi_app(PROGRAM).is_asgi_app
    assert discover_asgi_app(ROOT / "dashboard.py").is_asgi_app


def test_the_measured_program_is_the_dashboard_with_another_catalogue():
    ask = (
        "import runpy; app = runpy.run_path('benchmarks/apps/atlas_app.py')['app'];"
        "from atlas.catalogue.source import bundle; print(type(app).__name__, len(bundle.published_catalogue()))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BENCH_INITIATIVES": "50"},
        capture_output=True,
        text=True,
    )
    assert answer.stdout.split() == ["App", "50"], answer.stderr[-500:]
