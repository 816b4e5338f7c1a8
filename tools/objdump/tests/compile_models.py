# SPDX-License-Identifier: MIT
"""Compiles every model of tests/models for the tests of tessera-objdump.

usage: compile_models.py TESSERA-RUN MODELS OUTPUT
"""

import json
import pathlib
import subprocess
import sys


def main(tool, models, output):
    """One program for each model, named after it."""
    output.mkdir(exist_ok=True)
    for case in json.loads((models / "cases.json").read_text(encoding="utf-8"))["cases"]:
        name = case["name"]
        subprocess.run([tool, models / name / "model.onnx", "--batch", "1", "--json", "-",
                        "--program", output / f"{name}.tsrp"], check=True, stdout=subprocess.DEVNULL)


main(*map(pathlib.Path, sys.argv[1:4]))
