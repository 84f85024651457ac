"""Measures the dashboard beside other ways to build the same map; nothing of it runs in production."""
