"""The entry point of `streamlit run dashboard.py`: the server imports it for `app`, and each visit runs it."""

if __name__ == "__main__":
    from atlas.ui import shell

    shell.run()
else:
    import streamlit as st

    from atlas.base.model import DataError
    from atlas.base.settings import SettingsError, read_settings
    from atlas.catalogue.source.bundle import published_provenance
    from atlas.server import routes as web
    from atlas.server.api import routes as api
    from atlas.server.open_files import raise_limit, take_short_turns
    from atlas.server.problems import log_with_time
    from atlas.server.watch import start_watching
    from atlas.ui.session import streamlit_private as private

    log_with_time()
    try:
        settings = read_settings()
        published_provenance()
    except (SettingsError, DataError) as error:
        raise SystemExit(str(error)) from error

    # It imports what needs Streamlit's runtime, which does not exist yet at import time.
    def show_unexpected(error: Exception) -> bool:
        """Show an unexpected error of a page as one sentence."""
        from atlas.ui.parts import messages

        return messages.show_unexpected(error)

    private.ignore_pages_folder()
    private.keep_downloads()
    private.look_up_single_keys()
    raise_limit()
    take_short_turns()
    start_watching()
    base = st.get_option("server.baseUrlPath")
    app = st.App(
        __file__,
        secrets=private.sign_in_secrets(settings),
        routes=[*web.routes(base), *api.routes(base)],
        middleware=web.middleware(private.STREAMLIT, base),
        on_script_error=show_unexpected,
        lifespan=private.forget_those_who_left,
    )
