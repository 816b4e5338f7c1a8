# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/generate: writes what the contract's YAML gives, or compares it with what is committed."""

import argparse
import sys
from pathlib import Path

from generator import emit_commands, emit_decoder, emit_header, emit_lock, emit_manual, emit_python
from generator.check import check
from generator.layout import Layout
from generator.load import load
from generator.problems import Problem, Problems

TOP = Path(__file__).resolve().parents[2]
MANUAL = Path("docs/hardware.md")


def read(folder):
    """The contract of a folder, checked as far as one can without a compiler."""
    contract, problems = load(folder), Problems()
    Layout(contract, problems).run()
    problems.end_if_any()
    check(contract, problems)
    problems.end_if_any()
    return contract


def outputs(top, contract):
    """Path below @top and content of every generated file."""
    found = {Path("contract/include") / path: text for path, text in emit_header.headers(contract).items()}
    found[Path("contract/lock")] = emit_lock.text(emit_lock.entries(contract))
    found[Path("contract/python/tsr_hw.py")] = emit_python.module(contract)
    found[Path("contract/commands")] = emit_commands.names(contract)
    found[Path("contract/decode/tables.c")] = emit_decoder.tables(contract)
    manual = (top / MANUAL).read_text(encoding="utf-8")
    found[MANUAL] = emit_manual.manual(manual, contract, MANUAL)
    return found


def leftovers(top, found):
    """Generated files that nothing generates any more."""
    return [path.relative_to(top) for path in sorted((top / "contract/include").rglob("*.h"))
            if "by contract/generate" in path.read_text(encoding="utf-8") and path.relative_to(top) not in found]


def differing(top, found):
    """Paths whose content is not what is generated."""
    return [path for path, text in found.items()
            if not (top / path).exists() or (top / path).read_text(encoding="utf-8") != text]


def write(top, found):
    """Put everything in place."""
    for path in leftovers(top, found):
        (top / path).unlink()
        print(f"{path}: removed")
    for path in differing(top, found):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(found[path], encoding="utf-8")
        print(f"{path}: written")


def compare(top, found):
    """End with a sentence for each file that differs."""
    sentences = [f"{path}: is not what the YAML gives: run contract/generate and commit it"
                 for path in differing(top, found)]
    sentences += [f"{path}: nothing generates it: run contract/generate and commit it"
                  for path in leftovers(top, found)]
    if sentences:
        raise Problem(*sentences)


def run(top, check_only):
    """One run."""
    contract = read(top / "contract")
    refusals = emit_lock.refusals(contract, emit_lock.read(top / "contract/lock"))
    if refusals:
        raise Problem(*refusals)
    (compare if check_only else write)(top, outputs(top, contract))


def main(arguments):
    """Entry."""
    parser = argparse.ArgumentParser(prog="contract/generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say which committed file differs")
    parser.add_argument("--top", type=Path, default=TOP, help="read and write another tree")
    options = parser.parse_args(arguments)
    try:
        run(options.top.resolve(), options.check)
    except Problem as problem:
        print(*problem.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0
