# SPDX-License-Identifier: MIT
"""Measure submission and matrix products (docs/bench.md); figures go to build/bench.json."""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time

from benchmark import guest, pairs
from checker import metrics
from vmrunner import paths

REPORT = paths.BUILD / "bench.json"
RATES = paths.BUILD / "out/tools/vnpu/measure/tests/measure-test-rates"
DISPATCH = paths.BUILD / "out/tests/firmware/test-firmware-on-device-image"
FIRMWARE = paths.BUILD / "out/firmware/tessera-fw.bin"
FIDELITY = [f"fidelity.test_{name}" for name in ("random", "shapes", "networks", "bytes")]
HOST_COST = paths.BUILD / "out/tools/vnpu/measure/tests/measure-bench-host-cost"
COMMANDS = 10000
PAIRS = 50
# Neither side multiplies with AMX: the virtual NPU's own kernels do not know it.
MAX_ISA = "AVX512_CORE_FP16"
# oneDNN takes no notice of a name that it does not know.
ISAS = ("SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2", "AVX512_CORE", "AVX512_CORE_VNNI", "AVX512_CORE_BF16",
        MAX_ISA, "AVX512_CORE_AMX", "AVX512_CORE_AMX_FP16", "DEFAULT")
# Multiply-accumulates of one SUBMIT, as tests/bench/matrix.c has it.
WORK = 32 << 30
# Nodes of a round and elements of a node, as tests/bench/vector_guest.c has them.
VECTOR_NODES = 8
VECTOR_ELEMENTS = 4096 * 4096


def say(text):
    """To the terminal."""
    print(text, flush=True)


def show(figure):
    """One figure and its limit, if it has one."""
    limit = "only reported"
    if figure["limit"] is not None:
        limit = f"{figure['relation']} {figure['limit']:<8g} {'ok' if figure['holds'] else 'FAILS'}"
    say(f"   {figure['name']:30} {figure['value']:>12.6g} {figure['unit']:13} {limit}")


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


def of_program(name, command, **where):
    """Figures that a program on the host prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **where)
    found = metrics.found_in(done.stdout)
    if not found:
        raise guest.Failed(f"{name}: {command[0]} gave no figure (status {done.returncode})")
    return found


def limited(found):
    """Those with a limit."""
    return [figure for figure in found if figure["limit"] is not None]


def rates():
    """Rates of the fuses, in device time."""
    return limited(of_program("rates", [RATES]))


def fidelity():
    """The time of the virtual NPU against that of the independent simulation."""
    return limited(of_program("fidelity", [sys.executable, "-m", "unittest", *FIDELITY], cwd=paths.TOP / "tests"))


def dispatch():
    """What the firmware needs for jobs and nodes."""
    environment = os.environ | {"TESSERA_FIRMWARE": str(FIRMWARE)}
    return of_program("dispatch", [DISPATCH], env=environment)


def host_cost():
    """What random commands cost the host."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return of_program("cost", [HOST_COST, str(COMMANDS)], env=environment)


def milliseconds(pick, result, parts):
    """Of one part of the work on NPU and host: the median's or the quickest round's."""
    npu, host = (pick(times) / parts / 1e6 for times in (result.guest_ns, result.host_ns))
    return f"NPU {npu:.3f} ms, host {host:.3f} ms"


def compared(work, count, parts=1):
    """The pairs of some work that has so many parts."""
    result = pairs.measure(work, count)
    say(f"   the host's implementation: {result.implementation}")
    say(f"   {'one of them, ' if parts > 1 else ''}median of {count} rounds: "
        f"{milliseconds(statistics.median, result, parts)}; quickest: {milliseconds(min, result, parts)}")
    say(f"   ratios of the pairs from {min(result.ratios):.3f} to {max(result.ratios):.3f}")
    return result


def threads():
    """Of a node of the virtual NPU that has one tile."""
    return int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))


def over_onednn(name, result, limit):
    """A quotient that is held to a limit."""
    return [metrics.metric(f"{name}_over_onednn", round(result.ratio(), 4), "ratio", "<=", limit)]


def products(size, kind, limit, count):
    """GEMM against oneDNN."""
    result = compared(pairs.Work("gemm", (kind, str(size))), count, WORK // size ** 3)
    return over_onednn(f"gemm{size}_{kind}", result, limit)


def vector_programs(count):
    """A chain of five operations on two inputs: fp32 against memory copy, int8 by time alone."""
    result = compared(pairs.Work("vector", ("fp32",)), count, VECTOR_NODES)
    int8 = compared(pairs.Work("vector", ("int8",)), count, VECTOR_NODES)
    each = statistics.median(int8.guest_ns) * threads() / VECTOR_NODES / VECTOR_ELEMENTS
    return [metrics.figure("vector5_over_memcpy", round(1 / result.ratio(), 4), "ratio"),
            metrics.figure("vector5_int8_ns", round(each, 4), "ns")]


def convolutions(kind, limit, count):
    """The convolutions of ResNet-50 against oneDNN."""
    result = compared(pairs.Work("conv", (kind,)), count)
    return over_onednn(f"conv53_{kind}", result, limit)


MEASUREMENTS = {
    "mmio": ("register accesses of 1,000 jobs", lambda options: register_accesses()),
    "submit": ("guest instructions of SUBMIT", lambda options: instructions()),
    "run": ("what an inference by libtessera costs", lambda options: inferences()),
    "dispatch": ("jobs and nodes by the firmware", lambda options: dispatch()),
    "rates": ("promised rates in device time", lambda options: rates()),
    "model": ("modelled time against the independent simulation", lambda options: fidelity()),
    "cost": ("what commands cost the host", lambda options: host_cost()),
    "gemm": ("1024^3 fp32 products against oneDNN",
             lambda options: products(1024, "fp32", 1.5, options.pairs)),
    "gemm2048": ("2048^3 fp32 products against oneDNN",
                 lambda options: products(2048, "fp32", 1.25, options.pairs)),
    "gemm-bf16": ("1024^3 bf16 products against oneDNN",
                  lambda options: products(1024, "bf16", 1.5, options.pairs)),
    "gemm-int8": ("1024^3 int8 products against oneDNN",
                  lambda options: products(1024, "int8", 2.0, options.pairs)),
    "conv": ("53 fp32 convolutions against oneDNN",
             lambda options: convolutions("fp32", 1.5, options.pairs)),
    "conv-int8": ("53 int8 convolutions against oneDNN",
                  lambda options: convolutions("int8", 2.25, options.pairs)),
    "vector": ("VECTOR programs from memory", lambda options: vector_programs(options.pairs)),
}


class Outcome:
    """What the measurements gave."""

    def __init__(self):
        self.figures = []
        self.left_out = {}
        self.failed = False

    def take(self, name, options):
        """One measurement; why, if it could not be made."""
        title, measure = MEASUREMENTS[name]
        try:
            self.figures += timed(title, lambda: measure(options))
        except guest.LeftOut as reason:
            self.left_out[name] = str(reason)
            print(f"left out: {reason}", file=sys.stderr, flush=True)
        except guest.Failed as error:
            self.failed = True
            print(f"error: {error}", file=sys.stderr, flush=True)

    def holds(self):
        """Whether all figures that this host can give are there and within their limits."""
        return not self.failed and all(figure["holds"] for figure in self.figures)


def run(options):
    """The chosen measurements; only a complete run replaces the report, which names what this host cannot give."""
    outcome = Outcome()
    for name in options.measurement or MEASUREMENTS:
        outcome.take(name, options)
    if not options.measurement and not outcome.failed:
        metrics.write(REPORT, outcome.figures, left_out=outcome.left_out)
        say(f"figures: {REPORT.relative_to(paths.TOP)}")
    return 0 if outcome.holds() else 1


def main(arguments):
    """Entry."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="tools/dev/bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="rounds of each comparison (default %(default)s)")
    parser.add_argument("--max-isa", default=MAX_ISA, choices=ISAS,
                        help="the newest instruction set for products on either side, put into ONEDNN_MAX_CPU_ISA "
                             "(default %(default)s; DEFAULT is no bound)")
    parser.add_argument("measurement", nargs="*", choices=[[], *MEASUREMENTS], help="only these")
    options = parser.parse_args(arguments)
    os.environ["ONEDNN_MAX_CPU_ISA"] = options.max_isa
    return run(options)
