"""What the map shows and what one does on it: down and up the country, readings, legend, footprints, tooltips."""

import pytest
from playwright.sync_api import expect

from tests.browser import recount

pytestmark = pytest.mark.browser

NOTE = "Non è un censimento"


def crumbs(visit):
    return [text.rstrip(" ›") for text in visit.key("path").locator("p").all_inner_texts() if text.strip()]


def test_a_click_on_a_circle_opens_that_municipality(visit):
    visit.open()
    visit.click_place("058091")
    visit.wait_query(region="12", place="058091")
    visit.wait_counts({"058091": recount.count()["058091"]})
    expect(visit.page.get_by_role("heading", name="5 iniziative", exact=True)).to_be_visible()
    expect(visit.key("path")).to_contain_text("Lazio")
    assert visit.page.locator('[class*="st-key-open_"]').count() == 5


def test_the_same_mark_can_be_clicked_again_and_after_closing(visit):
    visit.open()
    visit.click_place("058091")
    visit.wait_query(region="12", place="058091")
    visit.key("open_obbligo-scolastico-roma").get_by_role("button").click()
    visit.wait_query(region="12", place="058091", id="obbligo-scolastico-roma")
    visit.click_place("058091")  # closes the card, keeps the place
    visit.wait_query(region="12", place="058091")
    visit.key("clear").get_by_role("button").click()
    visit.wait_counts(recount.count())
    visit.click_place("058091")
    visit.wait_query(region="12", place="058091")


def test_down_from_region_to_municipality_and_back_by_escape(visit):
    visit.open("?level=region")
    visit.wait_counts(recount.count("region"))
    visit.click_place("08")
    visit.wait_query(region="08", level="province")
    visit.wait_counts(recount.count("province", region="08"))
    visit.click_place("035")
    visit.wait_query(region="08", place="035")
    visit.wait_counts(recount.count(region="08", place="035"))
    visit.page.keyboard.press("Escape")  # the frame has the keyboard after the click
    visit.wait_query(region="08", level="province")
    visit.page.get_by_role("heading", level=1).click()
    visit.page.keyboard.press("Escape")  # and now the page
    visit.wait_query(level="region")
    visit.wait_counts(recount.count("region"))


def test_breadcrumbs_and_the_button_up_lead_back(visit):
    visit.open("?place=019036&region=03")
    visit.wait_shown("true")
    expect(visit.key("path")).to_contain_text("Lombardia")
    assert [name for name in crumbs(visit) if name in ("Italia", "Lombardia", "Cremona")][:2] == ["Italia", "Lombardia"]
    visit.key("crumb_03").get_by_role("button").click()
    visit.wait_query(region="03")
    visit.key("path_up").get_by_role("button").click()
    visit.wait_query()


def test_escape_that_closes_a_list_does_not_lead_up(visit):
    visit.open("?region=05")
    visit.wait_counts(recount.count(region="05"))
    visit.key("filter_themes").locator("input").first.click()
    expect(visit.page.get_by_role("option").first).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("option")).to_have_count(0)
    visit.page.keyboard.press("Escape")  # the field still has the keyboard
    visit.press("map_level", "Regioni")
    visit.wait_query(region="05", level="region")


def test_go_to_finds_a_province_and_a_municipality_with_nothing(visit):
    visit.open()
    visit.wait_counts(recount.count())
    visit.go_to("Cremona", "Provincia di Cremona, Lombardia")
    visit.wait_query(region="03", place="019")
    inside = recount.count(region="03", place="019")
    visit.wait_counts(inside)
    if not inside:
        expect(visit.page.get_by_text("Nessuna iniziativa del catalogo corrisponde ai filtri.")).to_be_visible()
    visit.go_to("Abbiategrasso", "Abbiategrasso (MI), Lombardia")
    visit.wait_query(region="03", place="015002")
    visit.wait_counts({})
    expect(visit.page.get_by_text("Nessuna iniziativa del catalogo corrisponde ai filtri.")).to_be_visible()


def test_a_row_of_the_table_chooses_like_a_click_again_and_again(visit):
    visit.open("?level=region")
    visit.wait_counts(recount.count("region"))
    visit.open_table()
    table = visit.page.get_by_test_id("stDataFrame")
    first = visit.table()[0][0]
    table.click(position={"x": 16, "y": 53})
    visit.wait_query(region=first, level="province")
    visit.wait_counts(recount.count("province", region=first))
    visit.page.wait_for_function(
        "() => document.querySelector('[data-testid=stDataFrame] td')?.textContent.length === 3"
    )
    second = visit.table()[0][0]
    table.click(position={"x": 16, "y": 53})
    visit.wait_query(region=first, place=second)


def test_levels_and_counting_rules(visit):
    visit.open()
    visit.press("map_level", "Province")
    visit.wait_counts(recount.count("province"))
    visit.press("map_level", "Regioni")
    shown = visit.wait_counts(recount.count("region"))
    assert shown["values"] == {} and shown["kind"] == "circles" and shown["polygons"] == 20
    visit.press("map_rule", "Divisa tra i Comuni")
    share = visit.wait_shown("Object.keys(m.values).length > 0 && m.legend.includes('Divis')")
    placed = [row for row in recount.initiatives() if row["codes"]]
    assert sum(share["values"].values()) == pytest.approx(len(placed), abs=0.02)
    assert share["counts"] == recount.count("region")
    visit.press("map_rule", "Solo dal capofila")
    lead = visit.wait_shown("m.legend.includes('capofila')")
    leads = [recount.territory_of(row["lead"], "region") for row in placed if row["lead"]]
    assert lead["values"] == {code: leads.count(code) for code in set(leads)}


def test_rates_tell_few_cases_from_facts_and_facts_from_nothing(visit):
    visit.open("?level=region")
    visit.measure("Per milione di abitanti")
    shown = visit.wait_shown("m.kind === 'fills'")
    visit.wait_query(level="region", measure="per_million")
    counts = recount.count("region")
    assert shown["counts"] == counts
    for code, n in counts.items():
        assert shown["values"][code] == pytest.approx(n / recount.population(code) * 1e6, rel=1e-3)
        assert shown["marks"][code].isalpha() == (n < 5)
    assert set(shown["marks"]) == set(counts)
    for words in ("meno di 5: tasso incerto", "nessuna nel catalogo", NOTE):
        assert words in shown["legend"]
    assert "dato non disponibile" not in shown["legend"]  # every region has a population


def test_no_population_is_a_mark_of_its_own(visit):
    visit.open("?measure=per_million")
    shown = visit.wait_shown("m.kind === 'fills'")
    unknown = sorted(code for code, own in recount.places().items() if own["population"] is None)
    assert sorted(code for code, mark in shown["marks"].items() if mark == "-") == unknown
    assert len(unknown) == 3
    assert "dato non disponibile" in shown["legend"] and "nessuna nel catalogo" in shown["legend"]
    lines = visit.map().evaluate("code => atlasMap.tooltipLines(code, 'municipality')", unknown[0])
    assert lines[0][1] == recount.places()[unknown[0]]["name"] and "dato non disponibile" in lines[1][1]


def test_rates_by_target_group_exist_when_one_group_is_chosen(visit):
    visit.open("?level=region&target=elderly")
    visit.wait_shown("m.level === 'region'")
    visit.measure("Per 100.000 persone: Persone anziane")
    shown = visit.wait_shown("m.kind === 'fills'")
    visit.wait_query(level="region", target="elderly", measure="per_100k_target")
    assert shown["values"] and "Per 100.000 persone" in shown["legend"]


def test_the_legend_of_numbers(visit):
    shown = visit.open().shown()
    assert "Iniziative per Comune" in shown["legend"] and "nessuna nel catalogo" in shown["legend"]
    assert NOTE in shown["legend"] and "meno di 5" not in shown["legend"]


@pytest.mark.parametrize(
    ("initiative", "n", "lead"),
    [
        ("interpreti-di-cambiamento-cremasco", 48, ""),
        ("gocciolino-resta-a-casa-corato", 5, "072020"),
        ("emergenza-abitativa-reggio-calabria", 97, "080063"),
    ],
)
def test_the_footprint_of_an_open_card(visit, initiative, n, lead):
    row = next(row for row in recount.initiatives() if row["id"] == initiative)
    visit.open(f"?q={row['title_it']}")
    visit.key(f"open_{initiative}").get_by_role("button").click()
    shown = visit.wait_shown("m.foot.length > 0")
    assert sorted(shown["foot"]) == sorted(row["codes"]) and len(row["codes"]) == n
    assert shown["lead"] == lead == row["lead"]
    assert visit.view()[2] > 7
    visit.key("card_back").get_by_role("button").click()
    visit.wait_shown("m.foot.length === 0")
    assert visit.view()[2] < 7


def test_the_national_shelf_follows_the_filters(visit):
    visit.open("?theme=reception")
    shelf = visit.key("shelf")
    expect(shelf).to_contain_text("Fuori mappa")
    visit.key("shelf_siproimi-italia").get_by_role("button").click()
    shown = visit.wait_shown("m.foot.length === 0")
    visit.wait_query(theme="reception", id="siproimi-italia")
    assert shown["lead"] == "" and "058091" not in shown["foot"]
    visit.key("card_back").get_by_role("button").click()
    visit.wait_query(theme="reception")
    visit.choose("regions", "Lombardia")
    visit.wait_query(theme="reception", region="03")
    expect(shelf).to_have_count(0)


def test_a_tooltip_says_name_number_denominator_and_caution(visit):
    visit.open("?level=region&measure=per_million")
    visit.wait_shown("m.kind === 'fills'")
    counts = recount.count("region")
    few = next(code for code, n in sorted(counts.items()) if 1 < n < 5)
    own = next(own for own in recount.places().values() if own["region_code"] == few)
    lines = dict(visit.map().evaluate("code => atlasMap.tooltipLines(code, 'region')", few))
    assert lines["name"] == own["region"]
    assert lines["number"] == f"{counts[few]} iniziative"
    assert "per milione di abitanti" in lines["value"]
    assert lines["base"] == f"{recount.population(few):,} abitanti".replace(",", ".")
    assert "meno di 5" in lines["note"]
    many = dict(visit.map().evaluate("code => atlasMap.tooltipLines(code, 'region')", "12"))
    assert many["number"] == "5 iniziative" and "note" not in many
    none = dict(visit.map().evaluate("code => atlasMap.tooltipLines(code, 'region')", "20"))
    assert none["number"] == "nessuna nel catalogo"


def test_hovering_a_mark_shows_the_tooltip(visit):
    visit.open()
    x, y = visit.point_of("058091")
    frame = visit.map()
    frame.locator("#map_div").hover(position={"x": x, "y": y})
    tip = frame.locator(".atlas-tip")
    expect(tip).to_contain_text("Roma")
    expect(tip).to_contain_text("5 iniziative")
    expect(tip).to_contain_text("2.749.031 abitanti")
    assert frame.locator(".atlas-tip script, .atlas-tip img").count() == 0
