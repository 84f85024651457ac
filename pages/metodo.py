"""Sources, method, limits and licences in plain words."""

from atlas import state
from atlas.ui.method import show_method

show_method(state.screen())
