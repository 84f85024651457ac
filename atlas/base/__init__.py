"""What everything speaks: the words of the model, columns and tables, text, translations, settings and addresses.

Imports no other room.
"""
