"""The open data: initiatives, indicators and boundaries by address, with their descriptions.

Imports the server and every room below.
"""
