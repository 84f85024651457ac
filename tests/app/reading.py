"""What a reader of a page sees, taken from Streamlit's test runner."""

import re
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest

MARKDOWN = ("title", "header", "subheader", "markdown", "caption", "info", "error", "warning", "success")
LABELLED = ("button", "toggle", "selectbox", "multiselect", "text_input", "segmented_control", "expander", "metric")


def markdown_of(app: AppTest) -> Iterator[str]:
    """Yield every text that Streamlit renders as Markdown: bodies, and labels of widgets."""
    for kind in MARKDOWN:
        for element in app.get(kind):
            yield str(element.value)
    for kind in LABELLED:
        for element in app.get(kind):
            label = getattr(element, "label", None) or getattr(getattr(element, "proto", None), "label", "")
            yield str(label)
            yield str(getattr(getattr(element, "proto", None), "help", "") or "")


def read(markdown: str) -> str:
    """Return what is read on the screen: escapes and invisible joiners gone, every space a plain one."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "").replace("\u00a0", " ")


def page_text(app: AppTest) -> str:
    """Return all the words of a page, as they are read."""
    words = [read(text) for text in markdown_of(app)]
    words += [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    words += [option for widget in (*app.multiselect, *app.selectbox) for option in widget.options]
    return "\n".join(words)


def query_of(app: AppTest) -> dict[str, str]:
    """Return what the address says, each parameter once."""
    return dict(app.query_params)
