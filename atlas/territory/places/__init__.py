"""From a name or a code as people write it to a municipality, or to a doubt with its candidates; and the names back.

Imports base and territory.
"""
