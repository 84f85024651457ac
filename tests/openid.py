"""A real OpenID provider of the tests' own, and the variables of an operator who uses it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

CLIENT, COOKIE_SECRET, EDITOR = "atlante", "per le prove, lungo abbastanza: 0123456789", "anna@example.org"
# The provider's own page asks for its style sheet here.
STYLES = "https://cdn.jsdelivr.net"


@contextmanager
def running_provider(max_age: timedelta = timedelta(hours=1)) -> Iterator[str]:
    """Run a provider at which everybody is who they say; yield its issuer. max_age: of its tokens."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its use of Authlib is its own affair
        from oidc_provider_mock import run_server_in_thread
    with run_server_in_thread(access_token_max_age=max_age, require_nonce=True) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def sign_in_variables(issuer: str, address: str) -> dict[str, str]:
    """Return the variables with which the server at an address lets editors sign in."""
    return {
        "ATLAS_OIDC_ISSUER": issuer,
        "ATLAS_OIDC_CLIENT_ID": CLIENT,
        "ATLAS_OIDC_CLIENT_SECRET": "x",  # pragma: allowlist secret (the provider asks for none)
        "ATLAS_OIDC_COOKIE_SECRET": COOKIE_SECRET,
        "ATLAS_OIDC_REDIRECT": f"{address}/oauth2callback",
        "ATLAS_EDITORS": f"{EDITOR}, bruno@example.org, groups=redazione",
    }
