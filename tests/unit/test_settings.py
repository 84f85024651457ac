import pytest

from atlas.home.address import RemoteAddress
from atlas.settings import Settings, SettingsError, to_settings

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
