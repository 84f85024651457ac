"""The columns of initiatives.csv and what kind of cell each holds; it knows no value of them."""

from collections.abc import Sequence

COLUMNS = (
    "id", "title_it", "title_en", "summary_it", "summary_en", "scale", "lead_place", "places", "undisclosed_partners",
    "themes", "targets", "service_type", "channel", "start_year", "end_year", "lead_organisation", "partners",
    "funding_eur", "funding_source", "beneficiaries", "documents", "source_order",
)  # fmt: skip
REQUIRED_CELLS = (
    "id", "title_it", "title_en", "summary_it", "summary_en", "scale", "places", "themes", "targets",
)  # fmt: skip
INTEGER_COLUMNS = ("undisclosed_partners", "start_year", "end_year", "beneficiaries", "source_order")
NUMBER_COLUMNS = (*INTEGER_COLUMNS, "funding_eur")
YEAR_COLUMNS = ("start_year", "end_year")
FIRST_YEAR, LAST_YEAR = 1950, 2050

# The option of a dimension for the initiatives whose cell is empty: not known is a fact that can be chosen too.
UNKNOWN = "unknown"

# Columns for people: the same facts as the codes beside them, in words. The intake knows them and leaves them alone.
READABLE_COLUMNS = ("place_names", "theme_labels", "target_labels")
DATA_SHEET, README_SHEET = "iniziative", "leggimi"
# Further sheets of our own workbooks: rows that could not be loaded, the lists behind a template's cells.
REJECTED_SHEET, LISTS_SHEET = "scartate", "elenchi"
ASIDE_SHEETS = (README_SHEET, REJECTED_SHEET, LISTS_SHEET)

# What a file says of itself: pairs (what, words).
About = Sequence[tuple[str, str]]
