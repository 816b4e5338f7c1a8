# SPDX-License-Identifier: MIT
"""A product class is one file; an operation changes no consumer of the contract; a command is three files and YAML."""

import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from walk.scratch import TOP, Scratch

# In front of other folders that have tests.
sys.path.insert(0, str(TOP / "contract"))
from tests.recipe import apply, recipes  # noqa: E402

COMMAND = TOP / "tests/walk/command"
PLACES = {"tile/hash.c": "tools/vnpu/tile/hash.c", "measure/hash.c": "tools/vnpu/measure/hash.c",
          "hash_command.py": "contract/vectors/commands/hash_command.py"}
TILE, VECTOR = "tools/vnpu/tile/tests/tile-test-", "tools/vnpu/vector/tests/vector-test-"
RATES, OBJDUMP = "tools/vnpu/measure/tests/measure-test-rates", "tools/objdump/tessera-objdump"
TIME = "tools/vnpu/measure/tests/measure-text"
TARGETS = [TILE + name for name in ("promises", "sku", "vectors")] \
    + [VECTOR + name for name in ("random", "vectors")] + [RATES, TIME, OBJDUMP]

# Cycles of a golden stream, alone on edge.
MEASURE = """
from fidelity.test_bytes import SKUS, Stream, cases_of, job_of, run
fields = dict(cases_of("valid.txt"))["hash-of-rank-2"]
print(*run([Stream(SKUS["edge"], "tensor", fields["stream"], job_of(fields))])[0])
"""


def add_class(scratch):
    """A part between edge and pc, with fp8."""
    facts = json.loads((scratch.top / "contract/skus/edge.json").read_text())
    facts |= {"sku": "nano", "number": 0x8001, "summary": "an example", "name": "Example Nano", "array_rows": 48}
    facts["macs"] = {"fp32": 288, "fp16": 2304, "int8": 4608, "uint8": 4608, "fp8_e4m3": 4608, "fp8_e5m2": 4608}
    facts["energy"]["mac_fj"] = {kind: 100 for kind in facts["macs"]}
    (scratch.top / "contract/skus/nano.json").write_text(json.dumps(facts, indent="\t") + "\n")


def add_function(scratch):
    """As the contract's page says."""
    for _, place, text in recipes()["Add an operation of VECTOR programs"]:
        apply(scratch.top / "contract", place, text)


def add_command(scratch):
    """As the contract's page says, and three files."""
    for _, place, text in recipes()["Add a command"]:
        apply(scratch.top / "contract", place, text)
    for name, place in PLACES.items():
        shutil.copy(COMMAND / name, scratch.top / place)


class Walk(unittest.TestCase):
    """One copy of the tree for all tests, in which all three are added and built together."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.scratch = Scratch(Path(cls.folder.name))
        cls.touched = {}
        for add in (add_class, add_function, add_command):
            before = cls.scratch.files()
            add(cls.scratch)
            after = cls.scratch.files()
            cls.touched[add] = {name for name in after if after[name] != before.get(name)}
        cls.scratch.generate()
        cls.scratch.compile(*TARGETS)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_a_class_is_one_file(self):
        self.assertEqual(self.touched[add_class], {"contract/skus/nano.json"})

    def test_a_class_is_known_to_tests_and_manual(self):
        rates = {line.split()[2] for line in self.scratch.program(RATES).splitlines() if "figure rate-nano" in line}
        self.assertEqual(rates, {f"rate-nano-{kind}" for kind in (1, 2, 4, 5, 6, 7)})
        self.scratch.program(TILE + "promises")
        self.scratch.program(TILE + "sku")
        self.assertIn("| nano | 48 x 32 x 3 |", (self.scratch.top / "docs/hardware.md").read_text())

    def test_an_operation_changes_no_consumer_of_the_contract(self):
        self.assertEqual(self.touched[add_function], {
            "contract/vector.yaml", "contract/vectors/vector/meaning.py", "tools/vnpu/vector/function.c",
            "tools/vnpu/vector/tests/reference.c"})

    def test_an_operation_computes_what_its_golden_vectors_say(self):
        self.assertIn("CBRT", (self.scratch.top / "contract/vectors/vector/operations.txt").read_text().upper())
        self.scratch.program(VECTOR + "vectors")
        self.scratch.program(VECTOR + "random")

    def test_a_command_is_three_files_beside_the_yaml(self):
        self.assertEqual(self.touched[add_command],
                         {"contract/command.yaml", *PLACES.values()})

    def test_a_tile_executes_the_command(self):
        self.scratch.program(TILE + "vectors")

    def test_the_time_model_knows_the_command(self):
        found = self.scratch.run(sys.executable, "-c", MEASURE, env={**os.environ, "PYTHONPATH": "tests"})
        self.assertGreater(int(found.split()[0]), 64)

    def test_a_command_is_shown_and_assembled(self):
        vectors = self.scratch.top / "contract/vectors/commands/results.txt"
        text = self.scratch.program(OBJDUMP, "--case", "hash-of-two-rows", vectors)
        self.assertIn("HASH", text)
        self.assertIn("seed=2166136261", text.replace("0x811c9dc5", "2166136261"))
        (self.scratch.top / "stream.bin").unlink(missing_ok=True)
        self.scratch.program(OBJDUMP, "--assemble", "--output", self.scratch.top / "stream.bin", input=text)
        again = self.scratch.program(OBJDUMP, "--stream", self.scratch.top / "stream.bin")
        self.assertEqual([line for line in again.splitlines() if "HASH" in line],
                         [line for line in text.splitlines() if "HASH" in line])


if __name__ == "__main__":
    unittest.main()
