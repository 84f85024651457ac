"""What a view says in sentences, in Italian and English: headlines, descriptions, citations.

Imports base, territory, catalogue and indicators.
"""
