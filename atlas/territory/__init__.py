"""The country: municipalities, provinces and regions with their inhabitants, and the changes of their codes.

Imports base.
"""
