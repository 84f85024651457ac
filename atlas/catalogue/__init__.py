"""The initiatives: reading and checking them, where they are, and which of them a selection keeps.

Imports base and territory.
"""
