"""The files that an operator copies agree with each other, with the program and with docs/deploy.md."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from deploy.wait_healthy import wait_healthy
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy"
SITE = (FOLDER / "atlante.conf").read_text(encoding="utf-8")
UNIT = (FOLDER / "atlante@.service").read_text(encoding="utf-8")
TARGET = (FOLDER / "atlante.target").read_text(encoding="utf-8")
DOCKERFILE = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8")


def values_of(text, section, key):
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith("["):
            inside = line.strip("[]") == section
        elif line.startswith(f"{key}=") and inside:
            found.append(line.partition("=")[2])
    return found


def ports_of_nginx():
    return sorted(set(re.findall(r"server 127\.0\.0\.1:(\d+)", SITE)))


def test_nginx_and_systemd_know_the_same_processes():
    wanted = re.findall(r"atlante@(\d+)\.service", " ".join(values_of(TARGET, "Unit", "Wants")))
    assert sorted(wanted) == ports_of_nginx()


def test_each_process_has_its_upstream_and_stands_in_for_the_others():
    ports = ports_of_nginx()
    for port in ports:
        block = re.search(rf"upstream atlante_{port} \{{(.*?)\}}", SITE, re.S)[1]
        assert re.findall(r"server 127\.0\.0\.1:(\d+) max_fails=0;", block) == [port]
        assert sorted(re.findall(r"server 127\.0\.0\.1:(\d+) max_fails=0 backup;", block)) == [
            one for one in ports if one != port
        ]
        assert re.search(rf"^    {port} +atlante_{port};$", SITE, re.M)
        assert re.search(rf'^    "~:{port}\$" +{port};$', SITE, re.M)


def test_no_stickiness_by_address():
    directives = re.sub(r"#.*", "", SITE)
    assert not re.search(r"\bip_hash\b|\bhash\b", directives)


def test_nginx_takes_what_the_atlas_takes():
    limit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]["maxUploadSize"]
    assert limit < int(re.search(r"client_max_body_size (\d+)m;", SITE)[1]) <= limit + 2


def test_one_file_of_variables_for_all_processes_and_no_secret_in_it():
    assert values_of(UNIT, "Service", "EnvironmentFile") == ["/etc/atlante/atlante.env"]
    assert "%i" not in values_of(UNIT, "Service", "EnvironmentFile")[0]
    example = (FOLDER / "atlante.env.example").read_text(encoding="utf-8")
    assert re.findall(r"^STREAMLIT_SERVER_COOKIE_SECRET=(.*)$", example, re.M) == [""]
    assert not re.search(r"cookie_?secret", UNIT + DOCKERFILE, re.I)


def test_every_variable_of_streamlit_exists():
    known = {option.env_var for option in config.get_config_options().values()}
    texts = UNIT + DOCKERFILE + (FOLDER / "atlante.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"\bSTREAMLIT_[A-Z_]+[A-Z]", texts))
    assert len(named) >= 5
    assert named <= known


def test_the_container_carries_all_that_the_program_reads():
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.M) for name in line.split()}
    assert {"dashboard.py", "atlas", "pages", "data", ".streamlit", "requirements.lock"} <= copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    allowed = re.findall(r"^!(.+)$", IGNORED, re.M)
    assert [name for name in copied if not any(one == name or one.startswith(f"{name}/") for one in allowed)] == []
    assert re.search(r"^USER (?!0$|root$)\w+$", DOCKERFILE, re.M)
    assert "--require-hashes" in DOCKERFILE


def test_the_dockerfile_follows_the_rules():
    program = Path(sys.executable).with_name("hadolint")
    if not program.is_file():
        pytest.skip("hadolint has no wheel for this kind of machine")
    said = subprocess.run([program, FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_reads_the_units(tmp_path):
    """Everything but the program, which is not where a server has it."""
    here = UNIT.replace("/opt/atlante/.venv/bin/python", sys.executable)
    (tmp_path / "atlante@8501.service").write_text(here)
    (tmp_path / "atlante@8502.service").write_text(here)
    (tmp_path / "atlante.target").write_text(TARGET)
    command = ["systemd-analyze", "verify", "--man=no", "./atlante@8501.service", "./atlante.target"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    about_us = [line for line in (said.stdout + said.stderr).splitlines() if "atlante" in line]
    assert about_us == []


def test_waiting_ends_when_nobody_answers():
    assert not wait_healthy(free_port(), 0.1)


def test_every_process_has_a_folder_of_its_own_for_the_copy_of_the_catalogue():
    """Processes with a user of their own cannot share one: starting the second takes it away from the first."""
    assert values_of(UNIT, "Service", "DynamicUser") == ["yes"]
    (folder,) = values_of(UNIT, "Service", "StateDirectory")
    assert folder.endswith("%i")
    assert f"ATLAS_CATALOGUE_COPIES=%S/{folder}" in values_of(UNIT, "Service", "Environment")
