"""Finding places by name or code as people write them, and the names of places in sentences.

Imports base and territory.
"""
