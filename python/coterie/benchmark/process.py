"""One step of a measure in a process of its own; started by the harness."""

import json
import sys
from pathlib import Path

from coterie.benchmark.harness import Job, perform

if __name__ == "__main__":
    name, step, folder, size = sys.argv[1:]
    said = perform(name, step, Job(Path(folder), size))
    (Path(folder) / f"{step}.json").write_text(json.dumps(said))
