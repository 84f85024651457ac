"""Charts, maps and the files that the map in the browser fetches.

Imports base, territory, catalogue and indicators; folium and vl-convert are imported only here.
"""
