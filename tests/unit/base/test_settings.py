import re
from pathlib import Path

import pytest

from atlas.base import settings
from atlas.base.address import RemoteAddress
from atlas.base.settings import NAMES, Settings, SettingsError, find_unknown, to_settings

WHO = ":".join(("anna", "segreto"))
TILES = "https://{s}.tiles.example.org/{z}/{x}/{y}.png"


def test_nothing_set_is_the_program_as_it_comes():
    assert to_settings({}) == Settings(tiles=None, catalogue=None)
    assert to_settings({"ATLAS_TILES_URL": "  ", "ATLAS_CATALOGUE": ""}) == Settings()


def test_tiles_need_an_attribution_and_name_the_origin_of_the_policy():
    tiles = to_settings({"ATLAS_TILES_URL": f" {TILES} ", "ATLAS_TILES_ATTRIBUTION": "© Esempio"}).tiles
    assert tiles is not None
    assert (tiles.url, tiles.attribution) == (TILES, "© Esempio")
    assert tiles.origin == "https://*.tiles.example.org"
    with pytest.raises(SettingsError, match="ATLAS_TILES_ATTRIBUTION"):
        to_settings({"ATLAS_TILES_URL": TILES})


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "tiles.example.org/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://tiles.example.org; script-src *;/{z}/{x}/{y}.png",
        "javascript:{z}{x}{y}",
    ],
)
def test_an_address_that_cannot_be_used_is_named_with_an_example(url):
    with pytest.raises(SettingsError, match=r"ATLAS_TILES_URL.*tiles\.example\.org"):
        to_settings({"ATLAS_TILES_URL": url, "ATLAS_TILES_ATTRIBUTION": "x"})


def test_another_catalogue_must_be_there(tmp_path):
    file = tmp_path / "iniziative.csv"
    with pytest.raises(SettingsError, match=r"ATLAS_CATALOGUE.*iniziative\.csv"):
        to_settings({"ATLAS_CATALOGUE": str(file)})
    file.write_text("id\n", encoding="utf-8")
    assert to_settings({"ATLAS_CATALOGUE": str(file)}).catalogue == file


@pytest.mark.parametrize("contact", ["accessibilita@comune.example.it", "https://www.comune.example.it/scrivi"])
def test_a_contact_is_an_email_or_a_safe_address(contact):
    assert to_settings({"ATLAS_CONTACT": f" {contact} "}).contact == contact


@pytest.mark.parametrize("contact", ["06 1234", "http://example.org", "a@b", "a@example.org](x)", "https://x.it/<b>"])
def test_a_contact_that_is_neither_is_refused(contact):
    with pytest.raises(SettingsError, match="ATLAS_CONTACT"):
        to_settings({"ATLAS_CONTACT": contact})


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://dati.example.it:8443/a/b.csv?token=riservato", "https://dati.example.it:8443/a/b.csv"),
        (f"https://{WHO}@dati.example.it/b.csv", "https://dati.example.it/b.csv"),
        (f"postgresql://{WHO}@db.example.it:5433/atlante?sslmode=require", "postgresql://db.example.it:5433/atlante"),
        ("postgresql:///atlante?host=%2Ftmp", "postgresql:///atlante"),
    ],
)
def test_a_catalogue_at_an_address_shows_nothing_secret(address, shown):
    found = to_settings({"ATLAS_CATALOGUE": f" {address} "})
    assert isinstance(found.catalogue, RemoteAddress) and found.catalogue.url == address
    assert found.catalogue.shown == shown
    assert all(secret not in repr(found) for secret in ("segreto", "riservato", "anna"))


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"http://{WHO}@dati.example.it/b.csv", "https://"),
        (f"mysql://{WHO}@db.example.it/atlante", "postgresql://"),
        (f"postgresql:{WHO}@db/atlante", "postgresql://"),
        (f"https://{WHO}@/b.csv", "nome del server"),
        (f"https://{WHO}@dati.example.it:porta/b.csv", "non è scritto bene"),
        (f"https://{WHO}@dati.example.it/un file.csv", "spazi"),
        (f"postgresql://{WHO}@db.example.it", "nome della base di dati"),
    ],
)
def test_an_address_that_cannot_be_used_is_not_repeated(address, reason):
    with pytest.raises(SettingsError, match="ATLAS_CATALOGUE") as failed:
        to_settings({"ATLAS_CATALOGUE": address})
    assert reason in str(failed.value)
    assert "segreto" not in str(failed.value) and "anna" not in str(failed.value)
    assert failed.value.__cause__ is None and failed.value.__suppress_context__


def test_copies_need_a_folder(tmp_path):
    assert to_settings({"ATLAS_CATALOGUE_COPIES": str(tmp_path)}).copies == tmp_path
    with pytest.raises(SettingsError, match="ATLAS_CATALOGUE_COPIES"):
        to_settings({"ATLAS_CATALOGUE_COPIES": str(tmp_path / "nessuna")})


def test_hosts_are_a_list_of_names():
    settings = to_settings({"ATLAS_HOSTS": " Atlante.example.org , *.comune.example.it,localhost,127.0.0.1,[::1] "})
    assert settings.hosts == ("atlante.example.org", "*.comune.example.it", "localhost", "127.0.0.1", "[::1]")
    assert to_settings({"ATLAS_EMBED_HOSTS": "www.comune.example.it"}).embed_hosts == ("www.comune.example.it",)
    assert to_settings({"ATLAS_HOSTS": " , "}).hosts == ()


@pytest.mark.parametrize("name", ["ATLAS_HOSTS", "ATLAS_EMBED_HOSTS"])
@pytest.mark.parametrize("host", ["https://a.it", "a.it:8501", "*", "a.*.it", "a b.it", "a.it; script-src *", "-a.it"])
def test_what_is_no_name_of_a_host_is_refused(name, host):
    with pytest.raises(SettingsError, match=rf"{name}.*atlante\.example\.org"):
        to_settings({name: host})


def test_a_publisher_has_a_name_and_may_have_a_code():
    settings = to_settings({"ATLAS_PUBLISHER": " Comune di Esempio ", "ATLAS_PUBLISHER_ID": "c_x000"})
    assert (settings.publisher, settings.publisher_id) == ("Comune di Esempio", "c_x000")
    with pytest.raises(SettingsError, match="ATLAS_PUBLISHER_ID"):
        to_settings({"ATLAS_PUBLISHER_ID": "c_x000"})


def test_a_misspelt_variable_is_said_and_every_other_is_known():
    assert find_unknown({"ATLAS_HOST": "x", "ATLAS_HOSTS": "a.it", "PATH": "", "STREAMLIT_X": ""}) == ["ATLAS_HOST"]
    source = Path(settings.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r"\bATLAS_[A-Z][A-Z_]*[A-Z]", source)) == NAMES


@pytest.mark.parametrize(
    ("name", "field", "ending"), [("ATLAS_PPTX_TEMPLATE", "pptx_template", "pptx"), ("ATLAS_LOGO", "logo", "png")]
)
def test_files_for_the_slides_exist_and_are_of_their_kind(name, field, ending, tmp_path):
    path = tmp_path / f"ente.{ending}"
    with pytest.raises(SettingsError, match=name):
        to_settings({name: str(path)})
    path.write_bytes(b"x")
    assert getattr(to_settings({name: str(path)}), field) == path
    (tmp_path / "ente.txt").write_bytes(b"x")
    with pytest.raises(SettingsError, match=name):
        to_settings({name: str(tmp_path / "ente.txt")})
    assert getattr(to_settings({}), field) is None


OIDC = {
    "ATLAS_OIDC_ISSUER": "https://accesso.example.org/realms/ente",
    "ATLAS_OIDC_CLIENT_ID": "atlante",
    "ATLAS_OIDC_CLIENT_SECRET": "segretissimo",  # pragma: allowlist secret
    "ATLAS_OIDC_REDIRECT": "https://atlante.example.org/oauth2callback",
    "ATLAS_OIDC_COOKIE_SECRET": "c" * 32,  # pragma: allowlist secret
    "ATLAS_EDITORS": "anna@example.org, groups=redazione",
    "ATLAS_CATALOGUE": "postgresql://db.example.org/atlante",
}


def test_editors_sign_in_where_everything_is_set_and_the_catalogue_is_in_a_database():
    read = to_settings(OIDC)
    assert read.sign_in is not None and read.sign_in.editors == ("anna@example.org", "groups=redazione")
    assert "segretissimo" not in repr(read) and "ccc" not in repr(read)
    home = OIDC["ATLAS_CATALOGUE"]
    assert read.desk.url == home
    assert to_settings({"ATLAS_CATALOGUE": home}).desk is None


@pytest.mark.parametrize("home", ["", "https://example.org/iniziative.csv"])
def test_a_sign_in_without_a_database_stops_the_server_and_says_so(home):
    with pytest.raises(SettingsError, match=r"ATLAS_EDITORS.*PostgreSQL"):
        to_settings(OIDC | {"ATLAS_CATALOGUE": home})


@pytest.mark.parametrize("name", sorted(set(OIDC) - {"ATLAS_CATALOGUE"}))
def test_a_sign_in_without_one_of_its_variables_stops_the_server(name):
    with pytest.raises(SettingsError, match=name):
        to_settings({key: value for key, value in OIDC.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATLAS_OIDC_ISSUER", "http://accesso.example.org"),
        ("ATLAS_OIDC_ISSUER", "accesso.example.org"),
        ("ATLAS_OIDC_ISSUER", "https://u:p@accesso.example.org"),  # pragma: allowlist secret
        ("ATLAS_OIDC_ISSUER", "https://["),
        ("ATLAS_OIDC_REDIRECT", "https://atlante.example.org/"),
        ("ATLAS_OIDC_REDIRECT", "http://atlante.example.org/oauth2callback"),
        ("ATLAS_OIDC_COOKIE_SECRET", "segretissimo"),
        ("ATLAS_EDITORS", "anna"),
        ("ATLAS_EDITORS", "anna@example.org, =x"),
    ],
)
def test_a_sign_in_that_cannot_work_is_named_and_no_secret_is_said(name, value):
    with pytest.raises(SettingsError, match=name) as caught:
        to_settings(OIDC | {name: value})
    assert "segretissimo" not in str(caught.value)
