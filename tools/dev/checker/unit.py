# SPDX-License-Identifier: MIT
"""Runs the unit tests of a meson build folder and counts the checks inside each program."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from checker.count import Count, count

TOP = Path(__file__).resolve().parents[3]
SANITIZED = TOP / "build/sanitized"
PLAIN = TOP / "build/out"


def build_sanitized():
    """The same sources with AddressSanitizer and UBSan, in a folder of their own."""
    if not (SANITIZED / "build.ninja").exists():
        # Line numbers are all that reports want of debugging; more takes a third of the time to compile.
        subprocess.run(["meson", "setup", "-Db_sanitize=address,undefined", "-Db_lundef=false",
                        "-Dbuildtype=debugoptimized", "-Dc_args=-g1", SANITIZED, TOP], check=True)


def build_prerequisites(folder, *targets):
    """What only tests need (their data, other compilers' programs) is no part of "all"."""
    subprocess.run(["ninja", "-C", folder, "-j", "2", *targets, "meson-test-prereq"], check=True)


def count_program(test):
    """One program of testlog.json."""
    if test["result"] in ("SKIP", "IGNORED"):
        return Count(skipped=1)
    bad = test["result"] not in ("OK", "EXPECTEDFAIL")
    return count(test.get("stdout", "") + "\n" + test.get("stderr", ""), int(bad))


def show_failure(test):
    """What a failing program printed."""
    print(f"--- {test['name']}: {test['result']} after {test['duration']:.1f} s")
    for line in (test.get("stdout", "") + test.get("stderr", "")).splitlines()[-40:]:
        print(f"  {line}")


def run_tests(folder, arguments):
    """meson test, then the counts of all its programs."""
    log = folder / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    done = subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--num-processes", "2",
                           *arguments], check=False)
    programs = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    total = Count()
    for test in programs:
        result = count_program(test)
        total += result
        if result.failed:
            show_failure(test)
    print(total.summary())
    return done.returncode


def main():
    """Entry."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanitize", action="store_true", help="build and test with ASan and UBSan")
    options, arguments = parser.parse_known_args()
    # Time limits end what hangs; how long a good test takes depends on the machine and its load.
    arguments = ["--timeout-multiplier", "20", *arguments]
    if options.sanitize:
        build_sanitized()
        # Nothing is installed from here, so what only guests run is not built.
        build_prerequisites(SANITIZED)
        return run_tests(SANITIZED, arguments)
    build_prerequisites(PLAIN, "all")
    return run_tests(PLAIN, arguments)


if __name__ == "__main__":
    sys.exit(main())
