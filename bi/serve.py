"""Set Superset up in COTERIE_HOME/superset, import bi/assets, and serve them on localhost.

Runs in .venv-bi (`make bi`). The password of `admin` is COTERIE_BI_PASSWORD, or a random one that
is kept in COTERIE_HOME/superset, as the secret key is.
"""

import argparse
import logging
import os
import secrets
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ADMIN = "admin"


def kept(path: Path) -> str:
    """Return the secret in a file that only its owner reads; make one where there is none."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32))
    return path.read_text()


def first_segmentation() -> str:
    """Return what the dashboards show before anybody has chosen: everybody is in each of them."""
    import duckdb

    serving = Path(os.environ["COTERIE_HOME"]) / "releases" / "latest" / "serving.duckdb"
    with duckdb.connect(str(serving), read_only=True) as connection:
        found = connection.execute("select max(segmentation) from segments").fetchone()
    return str(found[0]) if found else ""


def set_up(password: str) -> None:
    """Bring the metadata database to this version, with one user, and import the dashboards."""
    import flask_migrate
    from superset import security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.extensions import appbuilder
    from superset.utils.core import override_user

    flask_migrate.upgrade()
    if security_manager.find_role("Gamma") is None:
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
    user = security_manager.find_user(ADMIN)
    if user is None:
        role = security_manager.find_role("Admin")
        user = security_manager.add_user(
            ADMIN, "Coterie", "Admin", "admin@example.com", role, password
        )
    security_manager.reset_password(user.id, password)
    assets = HERE / "assets"
    shown = first_segmentation()
    contents = {
        str(file.relative_to(assets)): file.read_text().replace("FIRST_SEGMENTATION", shown)
        for file in assets.rglob("*.yaml")
    }
    with override_user(user):
        ImportAssetsCommand(contents).run()


def main() -> None:
    """Set up and serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--port", type=int, default=8088)
    port = parser.parse_args().port
    home = Path(os.environ.setdefault("COTERIE_HOME", str(HERE.parent))).resolve()
    if not (home / "releases" / "latest" / "serving.duckdb").exists():
        sys.exit(f"{home / 'releases'} holds no release yet: make demo publishes one")
    state = home / "superset"
    state.mkdir(exist_ok=True)
    kept(state / "secret_key")
    password = os.environ.get("COTERIE_BI_PASSWORD") or kept(state / "password")
    os.environ["SUPERSET_CONFIG_PATH"] = str(HERE / "superset_config.py")
    os.environ["SCARF_ANALYTICS"] = "false"
    print("Setting up Superset (the first time takes a minute or two) ...", flush=True)
    logging.disable(logging.WARNING)

    from superset.app import create_app
    from werkzeug.serving import run_simple

    app = create_app()
    with app.app_context():
        set_up(password)
    print(f"Dashboards: http://localhost:{port}/dashboard/list/", flush=True)
    print(f"Log in as {ADMIN}, password {password}; Ctrl-C ends it", flush=True)
    run_simple("127.0.0.1", port, app, threaded=True)


if __name__ == "__main__":
    main()
