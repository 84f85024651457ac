"""The programs that are measured, each started on its own with `streamlit run`."""
