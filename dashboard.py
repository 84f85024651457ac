"""The entry point of `streamlit run dashboard.py`: the server imports it for `app`, and each visit runs it."""

if __name__ == "__main__":
    from atlas.ui import shell

    shell.run()
else:
    import streamlit as st
    from streamlit.runtime.pages_manager import PagesManager

    from atlas.base.settings import SettingsError, read_settings
    from atlas.server import routes as web
    from atlas.server.api import routes as api
    from atlas.server.watch import start_watching
    from atlas.ui.session.kept_files import keep_downloads
    from atlas.ui.session.left_sessions import forget_those_who_left

    try:
        read_settings()
    except SettingsError as error:
        raise SystemExit(str(error)) from error

    # These two import what needs Streamlit's runtime, which does not exist yet at import time.
    def held(session_id: str) -> int:
        """Return the size in bytes of the files that a session keeps on this server."""
        from atlas.ui.session.cache import uploaded_bytes

        return uploaded_bytes(session_id)

    def show_unexpected(error: Exception) -> bool:
        """Show an unexpected error of a page as one sentence."""
        from atlas.ui.parts import messages

        return messages.show_unexpected(error)

    # Before the first call of st.navigation, Streamlit runs the scripts of pages/ on their own: the first visitor to
    # open such an address after a start would see an error.
    PagesManager.uses_pages_directory = False
    keep_downloads()
    start_watching()
    base = st.get_option("server.baseUrlPath")
    app = st.App(
        __file__,
        routes=[*web.routes(base), *api.routes(base)],
        middleware=web.middleware(held, base),
        on_script_error=show_unexpected,
        lifespan=forget_those_who_left,
    )
