# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The recipes of README.md work as they stand there."""

import re
import unittest

from tests.folder import TOP, Copy

BLOCK = re.compile(r"^```yaml\n# (?P<place>.*)\n(?P<text>(?:.*\n)*?)```$", re.M)
PLACE = re.compile(r"(?P<file>\S+), (?:at the end|(?P<item>[\w ]+), (?P<how>behind|instead of) (?P<name>\w+))$")
# An entry ends where the next one, the next key of the item, or the next item begins.
NEXT = re.compile(r"^(    \w|  \w|- |$)")


def recipes():
    """{heading: [(place, text)]}"""
    found = {}
    for part in (TOP / "contract/README.md").read_text(encoding="utf-8").split("\n**")[1:]:
        found[part.split(".**")[0]] = [(match["place"], match["text"]) for match in BLOCK.finditer(part)]
    return found


class Recipes(Copy):
    """Each test follows one of them."""

    def follow(self, heading):
        """Do what the blocks below a heading say, then generate."""
        blocks = recipes()[heading]
        self.assertTrue(blocks)
        for place, text in blocks:
            self.apply(PLACE.match(place), text)
        status, said = self.generate()
        self.assertEqual(status, 0, said)
        self.assertEqual(self.generate("--check"), (0, ""))

    def apply(self, place, text):
        """One block."""
        path = self.folder / place["file"]
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if not place["item"]:
            path.write_text("".join([*lines, text]), encoding="utf-8")
            return
        kind, name = place["item"].split(" ")
        item = lines.index(f"- {kind}: {name}\n")
        start = next(n for n in range(item, len(lines)) if re.match(rf"^ +{place['name']}:", lines[n]))
        end = next(n for n in range(start + 1, len(lines))
                   if NEXT.match(lines[n]) and not lines[n].startswith("    - "))
        lines[end if place["how"] == "behind" else start:end] = [text]
        path.write_text("".join(lines), encoding="utf-8")

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
