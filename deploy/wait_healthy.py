"""Waits until the atlas on a port of this machine has its data loaded.

python deploy/wait_healthy.py PORT [SECONDS]
"""

import sys
import time
import urllib.request
from http import HTTPStatus

PAUSE = 0.25


def wait_healthy(port: int, seconds: float) -> bool:
    """Tell whether /healthz answered 200 within this time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == HTTPStatus.OK:
                    return True
        except OSError:
            time.sleep(PAUSE)
    return False


if __name__ == "__main__":
    wanted_port, patience = int(sys.argv[1]), float(sys.argv[2] if len(sys.argv) > 2 else 50)
    if not wait_healthy(wanted_port, patience):
        sys.exit(
            f"L'Atlante sulla porta {wanted_port} non ha caricato i dati in {patience:.0f} secondi: vedi il registro"
        )
