# SPDX-License-Identifier: MIT
"""Classify the test pictures on the virtual NPU of a guest, through the real kernel module, and judge the result."""

import argparse
import os
import signal
import sys
import time

import dataset
from checker import metrics
from demonstration import figures, guest, host, places, report, sheet, steps, terminal
from vmrunner import image, stamp

PARTS = ("tessera-run", "tessera-smi")


def require_build():
    """The guest's programs must be there before it is booted."""
    missing = [name for name in PARTS if not (places.BUILD / "stage/bin" / name).exists()]
    if missing:
        raise steps.Failed(f"{' and '.join(missing)} not staged in build/stage/bin; build with: make build")


def started():
    """When make was called, where the Makefile says so: building counts."""
    return float(os.environ.get("TESSERA_STARTED") or time.time())


def seen_before():
    """Whether these very files have been through a demo before: then nothing had to be built or made."""
    name = stamp.digest(image.payload_name((places.BUILD / "stage").resolve()))
    before = places.SEEN.exists() and places.SEEN.read_text(encoding="ascii") == name
    return before, lambda: places.SEEN.write_text(name, encoding="ascii")


def write_sheet(evidence):
    """The PNG, by the int8 network's choice."""
    accuracy = evidence.accuracy("npu_int8")
    title = f"Fashion-MNIST on the Tessera NPU, int8: the first 100 of {evidence.pictures():,} pictures " \
            f"({accuracy:.2f} % of all are right)"
    chosen = evidence.logits["npu_int8"].argmax(axis=1)
    sheet.write_png(places.SHEET, dataset.test_pictures(), chosen, dataset.test_labels(), title)


def demonstrate(options):
    """The whole demo; returns its figures."""
    start = started()
    require_build()
    repeated, remember = seen_before()
    host.prepare()
    folder = places.FOLDER / "share"
    runs = guest.classify(folder, len(dataset.test_labels()), options.npu)
    with steps.step("judge the results"):
        evidence = figures.collect(runs)
        found = figures.check(evidence)
        write_sheet(evidence)
    report.show(found, evidence, dataset.test_pictures(), dataset.test_labels(), folder)
    remember()
    return found, figures.duration(time.time() - start, repeated)


def run(options):
    """Demo, figures, verdict. How long it took depends on the machine's load: reported, not judged."""
    found, duration = demonstrate(options)
    metrics.write(places.REPORT, [*found, duration])
    what = "repeated run" if duration["limit"] == figures.REPEATED_SECONDS else "first run with these binaries"
    print(f"{what}: {duration['value']} s")
    if options.metrics:
        print("\n".join(figures.as_lines(found)))
    report.show_failures([*found, duration])
    return 0 if all(figure["holds"] for figure in found) else 1


def main(arguments):
    """Entry."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="tools/dev/demo", description=__doc__)
    parser.add_argument("--npu", default="edge", metavar="SKU", help="product class (default %(default)s)")
    parser.add_argument("--metrics", action="store_true", help="end with the figures in the form of tools/dev/check")
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except (steps.Failed, dataset.DatasetError) as error:
        steps.explain(error)
        return 1
    except KeyboardInterrupt:
        print(terminal.bad("interrupted"))
        return 128 + signal.SIGINT
