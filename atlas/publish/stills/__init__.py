"""Pictures of a stop without a browser.

Imports the stops; matplotlib draws here.
"""
