"""The columns of initiatives.csv and what kind of cell each holds."""

from collections.abc import Sequence

COLUMNS = (
    "id", "title_it", "title_en", "summary_it", "summary_en", "scale", "lead_place", "places", "undisclosed_partners",
    "themes", "targets", "service_type", "channel", "start_year", "end_year", "lead_organisation", "partners",
    "funding_eur", "funding_source", "beneficiaries", "documents", "source_order",
)  # fmt: skip
# A file may lack these. places_date: the year or day (YYYY, YYYY-MM-DD) on which the places were as it says.
OPTIONAL_COLUMNS = ("places_date",)
ALL_COLUMNS = (*COLUMNS, *OPTIONAL_COLUMNS)
INTEGER_COLUMNS = ("undisclosed_partners", "start_year", "end_year", "beneficiaries", "source_order")
NUMBER_COLUMNS = (*INTEGER_COLUMNS, "funding_eur")
YEAR_COLUMNS = ("start_year", "end_year")
FIRST_YEAR, LAST_YEAR = 1950, 2050

# The option of a dimension for initiatives whose cell is empty, so that "unknown" can be selected too.
UNKNOWN = "unknown"

# Columns for human readers: the codes beside them in words. The intake recognises and ignores them.
READABLE_LISTS = ("place_names", "theme_labels", "target_labels")
READABLE_COLUMNS = (*READABLE_LISTS, "places_then")
DATA_SHEET, README_SHEET = "iniziative", "leggimi"
# Further sheets of exported workbooks: rejected rows, and the lists behind a template's cells.
REJECTED_SHEET, LISTS_SHEET = "scartate", "elenchi"
ASIDE_SHEETS = (README_SHEET, REJECTED_SHEET, LISTS_SHEET)

# What an exported file says about itself: pairs (label, text).
About = Sequence[tuple[str, str]]
