"""The pages that explain: method, sources, open data, accessibility."""
