"""A standalone Spark cluster of this machine: one master and two workers, each a process."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

WORKERS = 2
PATIENCE = 180


class Cluster:
    """Master and workers, started from the package pyspark; `stop` ends each by its own pid."""

    def __init__(self, home: Path, memory: str = "1g") -> None:
        self.home, self.memory = home, memory
        self.url = f"spark://127.0.0.1:{_free_port()}"
        self.page = f"http://127.0.0.1:{_free_port()}/json/"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> "Cluster":
        self.home.mkdir(parents=True)
        port, web = self.url.rsplit(":", 1)[1], self.page.rsplit(":", 1)[1].split("/")[0]
        self._launch("master", "Master", "--port", port, "--webui-port", web)
        _wait("the master", lambda: self.state()["status"] == "ALIVE")
        for number in range(1, WORKERS + 1):
            self.add_worker(f"worker{number}")
        _wait("the workers", lambda: len(self.workers()) == WORKERS)
        return self

    def add_worker(self, name: str) -> None:
        options = ("--cores", "1", "--memory", self.memory, "--work-dir", str(self.home / name))
        self._launch(name, "Worker", *options, "--webui-port", str(_free_port()), self.url)

    def _launch(self, name: str, role: str, *options: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        main = f"org.apache.spark.deploy.{role.lower()}.{role}"
        command = [str(home / "bin" / "spark-class"), main, "--host", "127.0.0.1", *options]
        variables = {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        }
        with (self.home / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command, env={**os.environ, **variables}, stdout=log, stderr=log
            )

    def state(self) -> dict[str, Any]:
        """Return what the master says of itself, its workers and applications."""
        with urlopen(self.page, timeout=5) as answer:
            return dict(json.load(answer))

    def workers(self) -> list[dict[str, Any]]:
        return [worker for worker in self.state()["workers"] if worker["state"] == "ALIVE"]

    def kill(self, name: str) -> None:
        """Take a worker away without a word: kill -9."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(what: str, is_there: Any) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if is_there():
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"{what} did not come up in {PATIENCE} s; see the logs beside it")
