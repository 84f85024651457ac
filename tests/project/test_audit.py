"""The audit never takes "nobody answered" for "no findings"."""

import json

import pytest

from scripts import audit

HOLE = {"id": "CVE-2026-0001", "fix_versions": ["2.0"], "aliases": [], "description": ""}
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
BROKEN = {"name": "broken", "version": "1.0", "vulns": [HOLE]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI and could not be audited: unknown (1.0)"}


def answer(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize("said", ["", "not json", "{}", "[]", answer(), answer(UNKNOWN), answer(UNKNOWN, UNKNOWN)])
def test_no_answer_is_not_no_finding(said):
    code, sentences = audit.judge(said, "x.lock")
    assert code == audit.UNCHECKED
    assert sentences == ("x.lock: NON CONTROLLATO, la base delle vulnerabilità note non risponde da qui.",)


def test_a_vulnerability_is_named_with_its_cure():
    code, sentences = audit.judge(answer(SOUND, BROKEN), "x.lock")
    assert code == audit.VULNERABLE
    assert sentences == ("broken 1.0: CVE-2026-0001, corretta in 2.0",)


def test_what_was_skipped_is_named_beside_what_was_found():
    code, sentences = audit.judge(answer(SOUND, UNKNOWN), "x.lock")
    assert code == audit.UNCHECKED
    assert sentences == ("x.lock: NON CONTROLLATI 1 pacchetti su 2: unknown.",)
    assert audit.judge(answer(BROKEN, UNKNOWN), "x.lock").code == audit.VULNERABLE
    assert len(audit.judge(answer(BROKEN, UNKNOWN), "x.lock").sentences) == 2


def test_all_checked_and_clean():
    assert audit.judge(answer(SOUND), "x.lock") == (
        0,
        ("x.lock: 1 pacchetti controllati, nessuna vulnerabilità nota.",),
    )


@pytest.mark.parametrize(
    ("said", "words", "code"),
    [
        (answer(SOUND), [], 0),
        ("", [], 2),
        ("", ["--where-reachable"], 0),
        (answer(BROKEN), ["--where-reachable"], 1),
    ],
)
def test_the_exit_code(said, words, code, monkeypatch, capsys):
    monkeypatch.setattr(audit, "ask", lambda _: said)
    assert audit.main(words) == code
    assert capsys.readouterr().out.strip()


def test_a_database_that_cannot_be_reached_is_said(monkeypatch, tmp_path, capsys):
    """The real pip-audit, sent to a port where nobody listens."""
    lock = tmp_path / "x.lock"
    lock.write_text(f"folium==0.20.0 --hash=sha256:{'0' * 64}\n")
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert audit.main([str(lock)]) == 2
    assert "NON CONTROLLATO" in capsys.readouterr().out
