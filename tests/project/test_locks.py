"""Lock files hold every direct pin, with hashes and nothing of one machine; THIRD_PARTY.md lists what they hold."""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import list_licences

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
LISTS = sorted(ROOT.glob("requirements*.txt"))
RENEW = "run `make lock`"


def direct_pins(path):
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    own = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return own + [
        pin for line in lines if line.startswith("-r ") for pin in direct_pins(path.parent / line.removeprefix("-r "))
    ]


def locked(path):
    pins = {}
    for requirement in list_licences.read_lock(path):
        pins.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    return pins


def name_of(path):
    return path.name


def test_each_list_has_its_lock():
    assert [path.stem for path in LOCKS] == [path.stem for path in LISTS]


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_a_lock_holds_every_direct_pin(path):
    pins = locked(path.with_suffix(".lock"))
    missing = [
        str(pin) for pin in direct_pins(path) if str(pin.specifier) not in pins.get(canonicalize_name(pin.name), ())
    ]
    assert missing == [], RENEW


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_every_direct_pin_is_exact(path):
    assert [str(pin) for pin in direct_pins(path) if not re.fullmatch(r"==[\w.]+", str(pin.specifier))] == []


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_everything_that_is_locked_has_hashes(path):
    blocks = re.split(r"^(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    assert len(blocks) > 50
    assert [block.split()[0] for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)] == []


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_a_lock_names_no_index_and_no_machine(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|\s/\w+/|[A-Z]:\\", text) == []


def test_the_locks_agree():
    run_time, development = locked(ROOT / "requirements.lock"), locked(ROOT / "requirements-dev.lock")
    assert {name: development.get(name) for name in run_time} == run_time, RENEW


def test_the_makefile_installs_the_locks_only():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "install --require-hashes --only-binary :all:" in makefile
    assert re.findall(r"install.* -r \S+\.txt", makefile) == []


def test_the_list_of_licences_names_what_is_locked():
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S[^|]*) \|", list_licences.TARGET.read_text(encoding="utf-8"), re.M)
    listed = {name: {f"=={one}" for one in versions.split(" · ")} for name, versions in rows if versions[0].isdigit()}
    assert listed == locked(list_licences.LOCK), RENEW


def test_the_list_of_licences_is_what_the_packages_say():
    assert list_licences.to_document() == list_licences.TARGET.read_text(encoding="utf-8"), RENEW


def test_a_package_without_a_licence_is_named(monkeypatch, tmp_path):
    (tmp_path / "third_party.toml").write_text("[package]\n")
    monkeypatch.setattr(list_licences, "BY_HAND", tmp_path / "third_party.toml")
    with pytest.raises(list_licences.LicenceError, match="streamlit-folium non dice la sua licenza"):
        list_licences.list_shipped()


def test_what_is_not_installed_is_never_guessed(monkeypatch):
    monkeypatch.setattr(list_licences, "read_lock", lambda: [Requirement("nobody-made-this==1.0")])
    with pytest.raises(list_licences.LicenceError, match="nobody-made-this non è installato"):
        list_licences.list_shipped()


def test_a_work_that_left_its_package_is_noticed(monkeypatch, tmp_path):
    part = '[[inside]]\nwork = "X"\npackage = "folium"\nfile = "folium/gone.js"\nlicence = "MIT"\nhome = "x"\n'
    (tmp_path / "third_party.toml").write_text(part)
    monkeypatch.setattr(list_licences, "BY_HAND", tmp_path / "third_party.toml")
    with pytest.raises(list_licences.LicenceError, match=r"folium non contiene più folium/gone\.js"):
        list(list_licences.list_inside())


def test_what_is_installed_is_what_is_locked():
    """Other versions than the locked ones would make every other test speak of another program."""
    wrong = []
    for requirement in list_licences.read_lock():
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = "nothing"
        if (requirement.marker is None or requirement.marker.evaluate()) and not requirement.specifier.contains(found):
            wrong.append(f"{requirement} is locked, {found} is installed")
    assert wrong == []
