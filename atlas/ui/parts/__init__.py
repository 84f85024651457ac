"""The pieces that pages share: cards, charts, chips, filters, finder, key figures, messages."""
