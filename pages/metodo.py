"""Sources, method, limits and licences in plain words."""

from atlas.ui.method.method import show_method
from atlas.ui.shell import open_page

show_method(open_page())
