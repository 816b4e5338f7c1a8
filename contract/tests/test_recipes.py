# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The recipes of README.md work as they stand there."""

import unittest

from tests.folder import Copy
from tests.recipe import apply, recipes


class Recipes(Copy):
    """Each test follows one of them."""

    def follow(self, heading):
        """Do what the blocks of YAML below a heading say, then generate."""
        blocks = [(place, text) for language, place, text in recipes()[heading] if language == "yaml"]
        self.assertTrue(blocks)
        for place, text in blocks:
            apply(self.folder, place, text)
        status, said = self.generate()
        self.assertEqual(status, 0, said)
        self.assertEqual(self.generate("--check"), (0, ""))

    def header(self, name):
        """A generated header."""
        return (self.folder / f"include/tsr_hw/{name}.h").read_text(encoding="utf-8")

    def test_add_a_register(self):
        self.follow("Add a register")
        self.assertRegex(self.header("registers"), r"REG_SCRATCH\s+0x013c\s+/\* a word that the host may use \*/")
        self.assertRegex(self.header("registers"), r"SCRATCH_OWNER\s+0x000000ffu")
        self.assertIn("| 0x013c | SCRATCH | RW | 0 |", (self.top / "docs/hardware.md").read_text())

    def test_add_a_flag(self):
        self.follow("Add a flag or a value")
        self.assertRegex(self.header("queue"), r"JOB_URGENT\s+\(1u << 4\)")
        self.assertRegex(self.header("queue"), r"JOB_FLAGS\s(?s:.*)JOB_URGENT\)")

    def test_add_an_operation_of_vector_programs(self):
        self.follow("Add an operation of VECTOR programs")
        self.assertIn("\tX(CBRT, 1, 0x1, 0, 0, 0, 8) \\\n", self.header("vector"))
        self.assertIn('{ "CBRT", 0x4f },', (self.folder / "decode/tables.c").read_text())
        self.assertIn("| CBRT | 0x4f | 1 | F32 |", (self.top / "docs/hardware.md").read_text())

    def test_add_a_field_to_a_structure(self):
        self.follow("Add a field to a structure")
        self.assertIn("\t__le32 deadline;\n};", self.header("queue"))
        self.assertIn("job, deadline, 60);", self.header("queue"))

    def test_add_a_command(self):
        self.follow("Add a command")
        self.assertRegex(self.header("command"), r"OP_HASH\s+0x5b")
        self.assertIn("{ 0x5b, 1, 1, &structure_hash },", (self.folder / "decode/tables.c").read_text())

    def test_every_recipe_is_followed_here(self):
        self.assertEqual(list(recipes()), ["Add a register", "Add a flag or a value",
                                           "Add an operation of VECTOR programs", "Add a field to a structure",
                                           "Add a command"])


if __name__ == "__main__":
    unittest.main()
