# SPDX-License-Identifier: MIT
"""Reading objects."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from layers import objects


class Uses(unittest.TestCase):
    """objects.files_of() and objects.uses(), on objects where meson would put them."""

    SOURCES = {
        "x.p/user.c": "int twice(int); extern int table[]; int f(int i) { return twice(table[i]); }",
        "x.p/used.c": "static int hidden(int i) { return i; } int twice(int i) { return 2 * hidden(i); }",
        "x.p/data.c": "int table[4] = { 1 };",
        "tests/t.p/test.c": "int f(int); int g(void) { return f(1); }",
        "inner/y.p/inner.c": "int inner(void) { return 0; }",
    }

    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.folder = Path(self.work.name)
        for name, text in self.SOURCES.items():
            path = self.folder / f"{name}.o"
            path.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cc", "-x", "c", "-c", "-o", path, "-"], input=text, text=True, check=True)

    def test_tests_and_inner_parts_are_left_out(self):
        self.assertEqual(sorted(objects.files_of(self.folder, {self.folder / "inner"})),
                         ["data.c", "used.c", "user.c"])

    def test_an_inner_folder_that_is_no_part_belongs_to_it(self):
        self.assertIn("inner.c", objects.files_of(self.folder, set()))

    def test_functions_and_data_of_others_are_uses(self):
        self.assertEqual(dict(objects.uses(objects.files_of(self.folder, set()))),
                         {("user.c", "used.c"): {"twice"}, ("user.c", "data.c"): {"table"}})
