"""What the documentation names exists: commands, files, variables, links, pictures, numbers."""

import re
import shlex
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit import config

from atlas.catalogue.links import from_query, to_query
from atlas.catalogue.source.bundle import published_world
from atlas.cli import main
from tests import factories
from tests.browser.pictures import SHOTS

ROOT = Path(__file__).resolve().parents[2]
OWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
EVERY = [*OWN, ROOT / "data" / "README.md", *ROOT.glob("benchmarks/README.md")]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
IMAGES = ROOT / "docs" / "images"
HEAVIEST = 250_000  # bytes

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
LOOKS_LIKE_A_FILE = re.compile(r"(?!\.venv)[\w.-]*(/[\w.-]*)+|[\w-]+\.(py|md|csv|toml|txt|css|js|sh|geojson|yml)")
# A path from the root of a machine, not of an address such as https://example.org/a/b or ../a/b.
FROM_THE_ROOT = re.compile(r"(?<![\w./:>)\]…*])/[\w.-]+(?:/[\w.…-]*)*|\b[A-Z]:\\\S*|(?<!\w)~/\S*")
PAGES = "|".join(path.stem for path in (ROOT / "pages").glob("*.py"))
SERVED = re.compile(
    rf"/(map|_stcore|api|component|static|media)/|/(healthz|robots\.txt|sitemap\.xml|novita\.atom|anteprima\.png|{PAGES})$"
)


def name_of(path):
    return str(path.relative_to(ROOT))


def read(path):
    return path.read_text(encoding="utf-8")


def codes_of(text):
    """Every piece of code: lines of fenced blocks, and what stands between backticks elsewhere."""
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    return [*lines, *INLINE.findall(FENCE.sub("", text))]


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def test_the_two_commands_come_first():
    first = FENCE.search(README).group(1).splitlines()
    assert [line.split("#")[0].strip() for line in first] == ["make run", "make test"]


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_make_targets_exist(path):
    named = {target for code in codes_of(read(path)) for target in _make_targets(code)}
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))


def _make_targets(code):
    words = code.split("#")[0].split()
    return words[words.index("make") + 1 :] if "make" in words else []


@pytest.mark.parametrize("path", OWN, ids=name_of)
def test_files_that_are_named_exist(path):
    names = {
        file.name for folder in ("atlas", "pages", "scripts", "tests", "data") for file in (ROOT / folder).rglob("*")
    }
    missing = [
        token
        for code in INLINE.findall(FENCE.sub("", read(path)))
        for token in code.split()
        if LOOKS_LIKE_A_FILE.fullmatch(token) and not token.startswith("/")
        if not ((ROOT / token).exists() or (path.parent / token).exists() or token in names)
    ]
    assert missing == []


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_links_and_pictures_resolve(path):
    text = read(path)
    for target in LINK.findall(text):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        where = (path.parent / file) if file else path
        assert where.exists(), target
        if anchor:
            assert anchor in {slug(heading) for heading in re.findall(r"^#+ (.*)$", read(where), re.M)}, target


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_no_path_of_one_machine(path):
    prose = re.sub(r"\]\([^)]*\)|https?://\S+", "", read(path))
    assert [found for found in FROM_THE_ROOT.findall(prose) if not SERVED.match(found)] == []


@pytest.mark.parametrize("text", ["in `/home/anna/atlante`", "C:\\Users\\anna", "vedi ~/atlante", "(/opt/x)"])
def test_a_path_of_one_machine_would_be_seen(text):
    assert any(not SERVED.match(found) for found in FROM_THE_ROOT.findall(text))


def _commands():
    lines = {line for path in OWN for code in codes_of(read(path)) for line in [code.strip()]}
    return sorted(line for line in lines if line.startswith("python -m atlas "))


@pytest.mark.parametrize("line", _commands())
def test_commands_of_the_documentation_work(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    command, _, promise = line.partition("#")
    words = shlex.split(command)[3:]
    if words[-1] in ("FILE", "CARTELLA") or "|" in words[0]:
        words = [f"{words[0]}|".split("|")[0], "--help"]
    if "-o" in words:
        words[words.index("-o") + 1] = str(tmp_path / words[-1])
    try:
        assert main(words) == 0
    except SystemExit as ended:
        assert ended.code == 0
    said = capsys.readouterr().out
    assert all(code in said for code in re.findall(r"→ (\d{6})", promise))


def test_every_command_is_in_the_readme(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    offered = re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.M)
    assert offered
    assert f"python -m atlas {'|'.join(offered)}" in README
    assert all(f"python -m atlas {command} " in README for command in offered)


def test_every_variable_of_ours_is_documented_and_no_other():
    sources = [ROOT / "dashboard.py", *ROOT.glob("atlas/**/*.py"), *ROOT.glob("pages/*.py")]
    read_by_the_program = {name for path in sources for name in _our_variables(read(path))}
    assert set(_our_variables(read(ROOT / "atlas" / "base" / "settings.py"))) == read_by_the_program
    assert set(_our_variables(DEPLOY)) == read_by_the_program


def _our_variables(text):
    return re.findall(r"\bATLAS_[A-Z][A-Z_]*[A-Z]", text)


def test_every_variable_of_streamlit_exists():
    known = {option.env_var for option in config.get_config_options().values()}
    named = {name for path in OWN for name in re.findall(r"\bSTREAMLIT_[A-Z_]+[A-Z]", read(path))}
    assert named
    assert named <= known


def test_a_link_of_the_readme_opens_what_it_says():
    queries = re.findall(r"`\?([\w=&,]+)`|--query \"([^\"]+)\"", README)
    assert queries
    for query in map("".join, queries):
        params = dict(parse_qsl(query))
        assert to_query(from_query(params, published_world())) == params


def test_numbers_of_the_readme_are_those_of_the_data():
    n = len(factories.real_territory().municipalities)
    assert {f"{n:,}", f"{n:,}".replace(",", ".")} == set(re.findall(r"\d[.,]\d{3}", README))


def test_every_picture_of_the_readme_is_a_reference_and_light():
    pictures = {path.stem: path.read_bytes() for path in IMAGES.iterdir()}
    assert set(pictures) == {shot.name for shot in SHOTS}  # tests/browser compares them with the pages
    shown = set(re.findall(r"docs/images/([\w-]+)\.png", README))
    assert len(shown) >= 4 and shown <= set(pictures)
    assert all(picture.startswith(b"\x89PNG") and len(picture) <= HEAVIEST for picture in pictures.values())


def test_decisions_are_numbered_and_say_why():
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = read(path)
        assert text.startswith(f"# {path.name[:4]} ")
        assert re.findall(r"^\*\*(Context|Decision|Consequence)\.\*\*", text, re.M) == [
            "Context",
            "Decision",
            "Consequence",
        ]


def test_adding_something_takes_ten_lines():
    sections = re.split(r"^## ", read(ROOT / "CONTRIBUTING.md"), flags=re.M)
    steps = [len(re.findall(r"^\d+\. ", section, re.M)) for section in sections if section.startswith("Aggiungere")]
    assert len(steps) == 4
    assert 0 < min(steps) <= max(steps) <= 10
