"""Who is an editor: every claim that must hold, and a sign-in that was ended in another tab."""

from datetime import UTC, datetime, timedelta

import pytest

from atlas.base.settings import to_settings
from atlas.catalogue.register.identity import SignedOut, Standing, identify
from tests.openid import CLIENT, sign_in_variables

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ISSUER = "https://accesso.example.org"
_HOME = {"ATLAS_CATALOGUE": "postgresql://db.example.org/atlante"}
SIGN_IN = to_settings(_HOME | sign_in_variables(ISSUER, "https://atlante.example.org")).sign_in
CLAIMS = {
    "is_logged_in": True,
    "iss": ISSUER,
    "aud": [CLIENT],
    "sub": "42",
    "email": "Anna@Example.org",
    "iat": int(NOW.timestamp()) - 60,
    "exp": int(NOW.timestamp()) + 600,
    "nonce": "n1",
}


def standing(now=NOW, **changes):
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return identify(claims, SIGN_IN, SignedOut(), now).standing


def test_an_editor_is_known_by_address_with_name_and_end():
    visitor = identify(CLAIMS, SIGN_IN, SignedOut(), NOW)
    assert visitor.is_editor and visitor.name == "Anna@Example.org"
    assert visitor.until == NOW + timedelta(minutes=10)
    assert standing(aud=CLIENT) is Standing.EDITOR
    assert standing(email_verified=True) is Standing.EDITOR


@pytest.mark.parametrize("groups", ["redazione", ["altri", "redazione"]])
def test_an_editor_is_known_by_a_claim(groups):
    assert standing(email="carla@example.org", groups=groups) is Standing.EDITOR
    assert standing(email=None, groups=groups) is Standing.EDITOR


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "anna@example.org.evil.example"},
        {"email": None},
        {"email": ["anna@example.org"]},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email": "x@example.org", "groups": "redazione2"},
        {"email": "x@example.org", "groups": ["non-redazione"]},
        {"email": "x@example.org", "groups": {"redazione": True}},
        {"email": "groups=redazione"},
    ],
)
def test_a_stranger_is_no_editor(changes):
    assert standing(**changes) is Standing.STRANGER


@pytest.mark.parametrize(
    "changes",
    [
        {"is_logged_in": False},
        {"is_logged_in": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"azp": "another", "aud": [CLIENT, "another"]},
    ],
)
def test_a_token_of_another_provider_or_for_another_client_is_nobody(changes):
    assert standing(**changes) is Standing.OUT


@pytest.mark.parametrize("exp", [int(NOW.timestamp()), 0, None, "9999999999", True, float("nan")])
def test_an_expired_sign_in_and_one_without_an_end_are_over(exp):
    assert standing(exp=exp) is Standing.EXPIRED


def test_time_ends_a_sign_in():
    assert standing(now=NOW + timedelta(seconds=599)) is Standing.EDITOR
    assert standing(now=NOW + timedelta(seconds=600)) is Standing.EXPIRED


def test_a_sign_in_that_was_ended_is_over_everywhere_and_the_next_one_is_not():
    ended = SignedOut()
    ended.add(CLAIMS, NOW)
    assert identify(CLAIMS, SIGN_IN, ended, NOW).standing is Standing.OUT
    assert identify(CLAIMS | {"nonce": "n2"}, SIGN_IN, ended, NOW).is_editor
    ended.add(CLAIMS | {"nonce": "n3"}, NOW + timedelta(hours=1))
    assert CLAIMS not in ended  # it is over anyway: nothing is kept for ever


def test_a_hostile_name_is_one_visible_line():
    visitor = identify(CLAIMS | {"sub": "a\n\u202eb", "email": "", "groups": "redazione"}, SIGN_IN, SignedOut(), NOW)
    assert visitor.name == "a b"
