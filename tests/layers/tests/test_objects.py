# SPDX-License-Identifier: MIT
"""Reading objects."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from layers import objects


class Uses(unittest.TestCase):
    """objects.files_of() and objects.uses(), on a small build with the names that meson gives."""

    SOURCES = {
        "user.c": ("x.p/user.c.o", "int twice(int); extern int table[];"
                                   "int f(int i) { return twice(table[i]); }"),
        "used.c": ("x.p/used.c.o", "static int hidden(int i) { return i; } int twice(int i) { return 2 * hidden(i); }"),
        "data.c": ("x.p/data.c.o", "int table[4] = { 1 };"),
        "folder/data.c": ("x.p/folder_data.c.o", "int other(int i) { return i; }"),
        "tests/test.c": ("tests/t.p/test.c.o", "int f(int); int g(void) { return f(1); }"),
        "inner/inner.c": ("inner/y.p/inner.c.o", "int inner(void) { return 0; }"),
    }

    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.top = Path(work.name).resolve()
        self.folder, self.build = self.top / "part", self.top / "build"
        entries = [self.compile(f"part/{name}", f"part/{output}", text)
                   for name, (output, text) in self.SOURCES.items()]
        entries.append(self.compile("part/used.c", "part/tests/t.p/.._used.c.o", "int replaced;"))
        entries.append(self.compile("elsewhere.c", "elsewhere.p/elsewhere.c.o", "int elsewhere;"))
        (self.build / "compile_commands.json").write_text(json.dumps(entries))

    def compile(self, source, output, text):
        """One entry of the compilation database, and its object."""
        (self.build / output).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cc", "-x", "c", "-c", "-o", self.build / output, "-"], input=text, text=True, check=True)
        return {"file": f"../{source}", "output": output}

    def files(self, *inner):
        return objects.files_of(self.build, self.folder, [self.folder, *(self.folder / name for name in inner)])

    def test_files_are_named_by_their_path_in_the_part(self):
        self.assertEqual(self.files("inner")["folder/data.c"], self.build / "part/x.p/folder_data.c.o")

    def test_tests_and_inner_parts_are_left_out(self):
        self.assertEqual(sorted(self.files("inner")), ["data.c", "folder/data.c", "used.c", "user.c"])

    def test_what_a_test_compiles_again_is_not_the_part_s_object(self):
        self.assertEqual(self.files("inner")["used.c"], self.build / "part/x.p/used.c.o")

    def test_an_inner_folder_that_is_no_part_belongs_to_it(self):
        self.assertIn("inner/inner.c", self.files())

    def test_functions_and_data_of_others_are_uses(self):
        self.assertEqual(dict(objects.uses(self.files())),
                         {("user.c", "used.c"): {"twice"}, ("user.c", "data.c"): {"table"}})
