"""A PostgreSQL server of its own in a folder, reached through a socket there; gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

# The server refuses to run as root: then it runs as the user of Debian's package.
USER = os.environ.get("COTERIE_SERVER_USER", "postgres")
# Text in the order of its bytes, as on every other engine; a server for tests need not survive.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "timezone": "UTC",
}


def programs() -> Path:
    """Return the folder of initdb and postgres: Debian's newest, or what the path has."""
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert installed or found, "no PostgreSQL server is installed: apt-get install postgresql"
    return installed[-1].parent if installed else Path(str(found)).parent


def _as_user() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(USER)
    return {"user": user.pw_uid, "group": user.pw_gid}


@contextmanager
def cluster(folder: Path) -> Iterator[Path]:
    """Start a server in a new folder, yield the folder of its socket, and stop it by its id."""
    folder.mkdir(parents=True)
    identity = _as_user()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    data, home = folder / "data", programs()
    initialise = [home / "initdb", "-D", data, "-U", "coterie", "-A", "trust", "-E", "UTF8"]
    subprocess.run(
        [*map(str, initialise), "--locale=C.UTF-8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **identity,
    )
    settings = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [str(home / "postgres"), "-D", str(data), "-k", str(folder), *settings],
            stdout=log,
            stderr=log,
            cwd=folder,
            **identity,
        )
    try:
        _wait(server, folder)
        yield folder
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)


def _wait(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(120):
        assert server.poll() is None, (folder / "server.log").read_text()
        with suppress(psycopg2.OperationalError):
            psycopg2.connect(host=str(folder), user="coterie", dbname="postgres").close()
            return
        time.sleep(0.5)
    raise TimeoutError((folder / "server.log").read_text())
