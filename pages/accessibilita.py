"""The accessibility statement."""

from atlas.ui.method.accessibility import show_statement
from atlas.ui.shell import open_page

show_statement(open_page())
