"""Runs the sides of a measure, each in a process of its own, and says what each of them cost.

CPU is the user and system seconds of the work and of every process that it started; wall is its
duration; peak is the most memory that its process, or the largest that it started, ever held. The
work goes from data at rest to a result at rest. Starting Python and importing the libraries that a
side names beforehand are no part of CPU and wall, but they are part of the peak.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KIB = 1024
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "COTERIE_THREADS",
)
CHECK = "check"
MEASURES = "coterie.benchmark.measures"


class UnequalError(AssertionError):
    """The sides of a measure do not say the same: what they cost is not compared."""


@dataclass(frozen=True)
class Job:
    """What a side is given: where its inputs lie and where its result goes, and how large."""

    folder: Path
    size: str

    def input(self, name: str) -> Path:
        """Return the path of an input that `prepare` has made."""
        return self.folder / name

    def result(self, side: str, name: str = "result.parquet") -> Path:
        """Return the path of a result of a side; its folder is there."""
        place = self.folder / side
        place.mkdir(parents=True, exist_ok=True)
        return place / name


@dataclass(frozen=True)
class Side:
    """One way to do the work: `run` reads inputs of the job and writes `job.result(name)`."""

    name: str
    run: Callable[[Job], None]
    imports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """A ratio of what two sides cost: `of` over `over`, in cpu, wall or peak.

    `at_most` or `at_least` is the aim; `sizes` are those that it holds for.
    """

    of: str
    over: str
    quantity: str = "cpu"
    at_most: float | None = None
    at_least: float | None = None
    sizes: tuple[str, ...] = ("large",)


@dataclass(frozen=True)
class Finding:
    """Something that a check found besides equality: a number, and what it should be."""

    name: str
    value: float
    at_most: float | None = None
    at_least: float | None = None


@dataclass(frozen=True)
class Measure:
    """A measure: inputs, sides, the check that they are equal, and the ratios wanted.

    `prepare` makes the inputs in the folder of the job and may leave what is there. `check` raises
    UnequalError or returns findings; it runs after the sides, in a process of its own. All are
    functions of one module, found again by its name in the other process. `sizes` are those that
    `all` runs it at; by its name it runs at any.
    """

    prepare: Callable[[Job], None]
    sides: tuple[Side, ...]
    check: Callable[[Job], Sequence[Finding]]
    targets: tuple[Target, ...] = ()
    threads: int = 1
    sizes: tuple[str, ...] = ("tiny", "small", "large", "huge")


@dataclass(frozen=True)
class Cost:
    """What the work of one side cost."""

    cpu: float
    wall: float
    peak_mib: float

    def of(self, quantity: str) -> float:
        """Return cpu or wall in seconds, or peak in MiB."""
        return self.peak_mib if quantity == "peak" else float(getattr(self, quantity))


@dataclass
class Outcome:
    """The costs of all sides and what the check found."""

    costs: dict[str, Cost] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def find(name: str) -> Measure:
    """Return the MEASURE of a file in coterie/benchmark/measures, or of a module by its full name.

    Raises:
        ModuleNotFoundError: there is no such file.

    """
    module = importlib.import_module(name if "." in name else f"{MEASURES}.{name}")
    return module.MEASURE


def run(
    name: str,
    job: Job,
    repeats: int = 1,
    progress: Callable[[str], None] = lambda line: None,
    measure: Measure | None = None,
) -> Outcome:
    """Run a measure: inputs, every side, the check; then return what each side cost.

    Args:
        name: of the measure, a file in coterie/benchmark/measures.
        job: where and how large.
        repeats: how often each side runs; the run of the least CPU counts.
        progress: called with one line per step.
        measure: the measure, when it is at hand already.

    Raises:
        UnequalError: the check found that the results differ.
        subprocess.CalledProcessError: a side failed; its own error has been printed.

    """
    mine = measure or find(name)
    job.folder.mkdir(parents=True, exist_ok=True)
    progress(f"{name}: inputs ({job.size})")
    _in_process(name, "prepare", job, mine.threads)
    outcome = Outcome()
    for side in mine.sides:
        progress(f"{name}: {side.name}")
        runs = [_in_process(name, side.name, job, mine.threads) for _ in range(repeats)]
        outcome.costs[side.name] = min((_cost(one) for one in runs), key=lambda cost: cost.cpu)
    found = _in_process(name, CHECK, job, mine.threads)
    if "unequal" in found:
        raise UnequalError(f"{name}, {job.size}: {found['unequal']}")
    outcome.findings = [Finding(**one) for one in found["findings"]]
    return outcome


def _cost(said: Mapping[str, Any]) -> Cost:
    return Cost(said["cpu"], said["wall"], said["peak_mib"])


def _in_process(name: str, step: str, job: Job, threads: int) -> dict[str, Any]:
    """Run one step in a new process and return what it says."""
    said = job.folder / f"{step}.json"
    said.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "coterie.benchmark.process",
        name,
        step,
        str(job.folder),
        job.size,
    ]
    capped = dict.fromkeys(THREAD_VARIABLES, str(threads))
    subprocess.run(command, check=True, env=os.environ | capped)
    found: dict[str, Any] = json.loads(said.read_text())
    said.unlink()
    return found


def perform(name: str, step: str, job: Job) -> dict[str, Any]:
    """Do one step in this process and return what it is to say."""
    measure = find(name)
    if step == "prepare":
        measure.prepare(job)
        return {}
    if step == CHECK:
        try:
            return {"findings": [vars(one) for one in measure.check(job)]}
        except UnequalError as error:
            return {"unequal": str(error)}
    (side,) = (one for one in measure.sides if one.name == step)
    for library in side.imports:
        importlib.import_module(library)
    before, begun = _cpu(), time.perf_counter()
    side.run(job)
    return {
        "cpu": _cpu() - before,
        "wall": time.perf_counter() - begun,
        "peak_mib": peak_mib(),
    }


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_mib() -> float:
    """Return the most memory that this process, or the largest it started, held, in MiB."""
    mine = next(
        line.split()[1]
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    )
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(mine), children) / KIB
