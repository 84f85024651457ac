import pytest

from atlas.settings import Settings, SettingsError, to_settings

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
