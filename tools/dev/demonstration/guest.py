# SPDX-License-Identifier: MIT
"""The demo's run in the guest: shared folder, progress, what came back."""

import json
import shutil
import subprocess
import time

import numpy
from demonstration import places, steps

PRECISIONS = ("fp16", "int8")
GUEST_SECONDS = 1800
# Large jobs cost the emulated guest little; this many pictures' activations fit its memory with ease.
PICTURES_PER_JOB = 500
QUOTED_LINES = 25


class Run:
    """What one precision's run left in the shared folder."""

    def __init__(self, folder, precision):
        stats = read_json(folder / f"{precision}.json")
        self.precision = precision
        self.cycles = stats["cycles"]
        self.clock_hz = stats["clock_khz"] * 1e3
        self.peak_tops = stats["peak_tops"]
        self.seconds = stats["host_us"] / 1e6
        before = read_json(folder / f"{precision}-before.json")
        after = read_json(folder / f"{precision}-after.json")
        self.counted = {name: after[name] - before[name] for name in after if isinstance(after[name], int)}
        self.logits = numpy.load(folder / f"{precision}-logits.npy")


def read_json(path):
    """A file the guest wrote."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise steps.Failed(f"the guest left no usable {path.name}: {error}") from error


def fill_share(folder, count):
    """The folder the guest sees: pictures without labels, networks, the script."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    numpy.save(folder / "pictures.npy", numpy.load(places.PICTURES)[:count])
    for precision in ("fp32", "int8"):
        shutil.copy(places.model(precision), folder / f"{precision}.onnx")
    shutil.copy(places.TOP / "tools/dev/demonstration/classify", folder / "classify")


class Progress:
    """The guest's "step" lines, shown as steps of this program; other lines are kept for a failure."""

    def __init__(self, first):
        self.lines = []
        self.since = time.monotonic()
        self.begin(first)

    def begin(self, name):
        """Show a step's name."""
        self.since = time.monotonic()
        print(f"== {name} ... ", end="", flush=True)

    def end(self, verdict):
        """Show how the step went."""
        print(f"{verdict} ({time.monotonic() - self.since:.0f} s)", flush=True)

    def follow(self, stream):
        """Read until the guest is gone."""
        for line in stream:
            if line.startswith("step "):
                self.end("ok")
                self.begin(line.removeprefix("step ").strip())
            else:
                self.lines.append(line.rstrip())


def explain_failure(status, lines, log):
    """What is known about a guest run that failed."""
    quoted = "\n".join(f"   | {line}" for line in lines[-QUOTED_LINES:])
    return (f"the guest's run ended with status {status} (see tools/dev/vm run --help):\n{quoted}\n"
            f"   the log with kernel messages is {places.shown(log)}; mend what it names and run make demo again.")


def classify(folder, count, sku, name="demo"):
    """Boot a guest, classify the first COUNT pictures in both precisions; returns the runs by precision."""
    fill_share(folder, count)
    log = places.LOGS / f"{name}.vm.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # A device of its own for each use: its serial number stays the same from run to run.
    npu = f"{sku},state={places.FOLDER / f'{name}-{sku}.state'}"
    command = [places.TOP / "tools/dev/vm", "run", "--quiet", "--npu", npu, "--share", folder, "--log", log,
               "--timeout", str(GUEST_SECONDS), "--", "/share/classify", str(min(count, PICTURES_PER_JOB))]
    progress = Progress("boot the guest with a virtual NPU")
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace") as process:
        progress.follow(process.stdout)
    progress.end("FAILED" if process.returncode else "ok")
    if process.returncode:
        raise steps.Failed(explain_failure(process.returncode, progress.lines, log))
    return {precision: Run(folder, precision) for precision in PRECISIONS}
