# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/generate: writes what the contract's YAML gives, or compares it with what is committed."""

import argparse
import sys
from pathlib import Path

from generator import emit_header, emit_lock
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


def outputs(contract):
    """Path in the folder and content of every generated file."""
    found = {Path("include") / path: text for path, text in emit_header.headers(contract).items()}
    found[Path("lock")] = emit_lock.text(emit_lock.entries(contract))
    return found


def leftovers(folder, found):
    """Generated files that nothing generates any more."""
    return [path for path in sorted((folder / "include").rglob("*.h"))
            if "by contract/generate" in path.read_text(encoding="utf-8") and path.relative_to(folder) not in found]


def differing(folder, found):
    """Paths whose content is not what is generated."""
    return [path for path, text in found.items()
            if not (folder / path).exists() or (folder / path).read_text(encoding="utf-8") != text]


def write(folder, found):
    """Put everything in place."""
    for path in leftovers(folder, found):
        path.unlink()
        print(f"{path.relative_to(folder)}: removed")
    for path in differing(folder, found):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(found[path], encoding="utf-8")
        print(f"{path}: written")


def compare(folder, found):
    """End with a sentence for each file that differs."""
    sentences = [f"contract/{path}: is not what the YAML gives: run contract/generate and commit it"
                 for path in differing(folder, found)]
    sentences += [f"contract/{path.relative_to(folder)}: nothing generates it: run contract/generate and commit it"
                  for path in leftovers(folder, found)]
    if sentences:
        raise Problem(*sentences)


def run(folder, check_only):
    """One run."""
    contract = read(folder)
    refusals = emit_lock.refusals(contract, emit_lock.read(folder / "lock"))
    if refusals:
        raise Problem(*refusals)
    found = outputs(contract)
    (compare if check_only else write)(folder, found)


def main(arguments):
    """Entry."""
    parser = argparse.ArgumentParser(prog="contract/generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say which committed file differs")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="read and write another folder")
    options = parser.parse_args(arguments)
    try:
        run(options.folder.resolve(), options.check)
    except Problem as problem:
        print(*problem.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0
