"""What every room uses: the model, columns and tables, text, translations, settings and addresses.

Imports no other room.
"""
