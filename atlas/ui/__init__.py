"""What is drawn on the pages. The only room, with the pages and dashboard.py, that imports Streamlit."""
