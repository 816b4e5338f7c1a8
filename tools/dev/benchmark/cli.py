# SPDX-License-Identifier: MIT
"""Measure submission and matrix products (docs/bench.md); figures go to build/bench.json."""

import argparse
import signal
import statistics
import subprocess
import sys
import time

from benchmark import gemm, guest
from checker import metrics
from vmrunner import paths

REPORT = paths.BUILD / "bench.json"
RATES = paths.BUILD / "out/tools/vnpu/measure/tests/measure-test-rates"
PAIRS = 50
# Of one SUBMIT, as tests/bench/matrix.h has it.
PRODUCTS = 32
GEMM_FP32_LIMIT = 1.25
# int8 is reported beside it: its products are so short that copies and submission weigh more.
GEMM_INT8_LIMIT = 4.0


def say(text):
    """To the terminal."""
    print(text, flush=True)


def show(figure):
    """One figure and its limit."""
    verdict = "ok" if figure["holds"] else "FAILS"
    say(f"   {figure['name']:30} {figure['value']:>12.6g} {figure['unit']:13} "
        f"{figure['relation']} {figure['limit']:<8g} {verdict}")


def timed(title, measure):
    """Run one measurement and show its figures."""
    say(f"== {title} ...")
    start = time.monotonic()
    found = measure()
    for figure in found:
        show(figure)
    say(f"   ({time.monotonic() - start:.0f} s)")
    return found


def register_accesses():
    """MMIO per job."""
    return guest.figures("mmio", 120, [], "mmio-per-job")


def instructions():
    """SUBMIT in guest instructions."""
    return guest.figures("submit", 400, ["--icount"], "submit-insns")


def inferences():
    """Inferences by libtessera, in guest instructions and system calls."""
    return guest.figures("run", 400, ["--icount"], "run-insns")


def rates():
    """Rates of the fuses, in device time; the program itself fails when one is not reached."""
    done = subprocess.run([RATES], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    found = [figure for figure in metrics.found_in(done.stdout) if figure["limit"] is not None]
    if not found:
        raise guest.Failed(f"rates: {RATES.relative_to(paths.TOP)} gave no figure (status {done.returncode})")
    return found


def per_product(pick, result):
    """Milliseconds of one product on NPU and oneDNN: the median's or the quickest round's."""
    npu, host = (pick(times) / PRODUCTS / 1e6 for times in (result.guest_ns, result.host_ns))
    return f"NPU {npu:.3f} ms, oneDNN {host:.3f} ms"


def products(kind, limit, pairs):
    """GEMM against oneDNN."""
    result = gemm.measure(kind, pairs)
    say(f"   oneDNN's implementation: {result.implementation}")
    say(f"   one product, median of {pairs} rounds: {per_product(statistics.median, result)}; "
        f"quickest: {per_product(min, result)}")
    say(f"   ratios of the pairs from {min(result.ratios):.3f} to {max(result.ratios):.3f}")
    return [metrics.metric(f"gemm1024_{kind}_over_onednn", round(result.ratio(), 4), "ratio", "<=", limit)]


MEASUREMENTS = {
    "mmio": ("register accesses of 1,000 jobs", lambda options: register_accesses()),
    "submit": ("guest instructions of SUBMIT", lambda options: instructions()),
    "run": ("what an inference by libtessera costs", lambda options: inferences()),
    "rates": ("promised rates in device time", lambda options: rates()),
    "gemm": ("1024^3 fp32 products against oneDNN",
             lambda options: products("fp32", GEMM_FP32_LIMIT, options.pairs)),
    "gemm-int8": ("1024^3 int8 products against oneDNN",
                  lambda options: products("int8", GEMM_INT8_LIMIT, options.pairs)),
}


def run(options):
    """The chosen measurements; only a complete run replaces the report."""
    found = []
    for name in options.measurement or MEASUREMENTS:
        title, measure = MEASUREMENTS[name]
        found += timed(title, lambda measure=measure: measure(options))
    if not options.measurement:
        metrics.write(REPORT, found)
        say(f"figures: {REPORT.relative_to(paths.TOP)}")
    return 0 if all(figure["holds"] for figure in found) else 1


def main(arguments):
    """Entry."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="tools/dev/bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="GEMM rounds (default %(default)s)")
    parser.add_argument("measurement", nargs="*", choices=[[], *MEASUREMENTS], help="only these")
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except guest.Failed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
