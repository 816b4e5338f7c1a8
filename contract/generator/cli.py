# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/generate: reads the hardware contract and says what is wrong with it."""

import argparse
import sys
from pathlib import Path

from generator.check import check
from generator.layout import Layout
from generator.load import load
from generator.problems import Problem, Problems

FOLDER = Path(__file__).resolve().parents[1]


def read(folder):
    """The contract of a folder, checked as far as one can without a compiler."""
    contract, problems = load(folder), Problems()
    Layout(contract, problems).run()
    problems.end_if_any()
    check(contract, problems)
    problems.end_if_any()
    return contract


def main(arguments):
    """Entry."""
    parser = argparse.ArgumentParser(prog="contract/generate", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="read another folder")
    options = parser.parse_args(arguments)
    try:
        read(options.folder.resolve())
    except Problem as problem:
        print(*problem.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0
