"""A draft comes back from the browser as it was, and nothing else comes in with it."""

import base64
import json
import re
import zlib

import pytest

from atlas.intake.proposals.kept import LONGEST_KEPT, from_kept, to_kept
from tests.unit.intake.proposals.test_proposal import WHOLE


def pack(document):
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(document).encode())).decode().rstrip("=")


def test_a_draft_comes_back():
    kept = to_kept(WHOLE)
    assert from_kept(kept) == WHOLE
    assert re.fullmatch(r"[\w-]+", kept) and len(kept) < 1500


def test_nothing_is_kept_of_an_empty_draft_or_of_too_much():
    assert to_kept({"title_it": " "}) == to_kept({}) == ""
    assert to_kept({"summary_it": "".join(chr(0x4E00 + at * 7919 % 20000) for at in range(9000))}) == ""


@pytest.mark.parametrize(
    "kept",
    ["", "x", "ééé", "A" * (LONGEST_KEPT + 1), pack([1]), pack("a"), pack({"title_it": 1}), pack({"other": "a"}),
     base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(), pack(WHOLE)[:-9],
     base64.urlsafe_b64encode(zlib.compress(b"0" * 5_000_000)).decode()],
)  # fmt: skip
def test_what_is_no_draft_is_none(kept):
    assert from_kept(kept) == {}
