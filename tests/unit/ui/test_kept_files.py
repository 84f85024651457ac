"""How long a file that was made to be taken away is kept."""

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from atlas.ui.session import kept_files


@pytest.fixture
def made(monkeypatch):
    """A file made at the press of its button, as Streamlit makes it: manager, storage, name of the file."""
    monkeypatch.setattr(media_file_manager, "MediaFileMetadata", media_file_manager.MediaFileMetadata)
    kept_files.keep_downloads()
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    button = manager.add_deferred(lambda: b"a,b\n", "text/csv", "0.1", file_name="elenco.csv", element_id="x")
    return manager, storage, manager.execute_deferred(button).rsplit("/", 1)[1]


def test_a_download_outlives_the_runs_of_other_visitors(made):
    manager, storage, name = made
    for _ in range(20):
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"a,b\n"


def test_a_download_is_given_back_when_its_time_is_over(made, monkeypatch):
    manager, storage, name = made
    manager.remove_orphaned_files()
    monkeypatch.setattr(kept_files._KeptFile, "seconds", -1.0)
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
