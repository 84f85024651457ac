"""What is counted and compared: counts and rates with intervals, rankings, matrices, similar municipalities, classes.

Imports base, territory and catalogue; scipy is imported only here.
"""
