"""Components shared by pages: cards, charts, chips, filters, finder, key figures, messages."""
