"""Your own file: check it, correct it, download it, and preview the atlas with it, in this session only."""

import streamlit as st

from atlas.ui.own_data.before_after import show_before_after, show_look
from atlas.ui.own_data.own_choices import (
    show_answers,
    show_columns,
    show_doubts,
    show_sheets,
    show_steps,
    show_year,
)
from atlas.ui.own_data.own_file import remove_file, show_intro, show_source
from atlas.ui.own_data.own_report import show_downloads, show_messages, show_needs, show_twins, show_verdict
from atlas.ui.session.upload import read_current
from atlas.ui.shell import open_page

screen = open_page()

show_intro(screen)
show_source(screen)
rehearsal = read_current(screen, remove_file)
if rehearsal:
    report = rehearsal.report
    show_steps(screen, report)
    show_verdict(screen, report)
    show_sheets(screen, report)
    if report.loaded:
        show_look(screen, rehearsal)
    show_columns(screen, report)
    show_year(screen, report)
    show_doubts(screen, report)
    show_answers(screen, report)
    show_needs(screen, report)
    show_messages(screen, report)
    show_twins(screen, rehearsal)
    show_downloads(screen, rehearsal)
    if report.loaded:
        show_before_after(screen, rehearsal)
st.caption(screen.sources)
