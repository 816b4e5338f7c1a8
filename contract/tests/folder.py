# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""A copy of the contract that a test may spoil."""

import contextlib
import io
import shutil
import tempfile
import unittest
from pathlib import Path

from generator import cli

TOP = Path(__file__).resolve().parents[2]
COPIED = ("contract/*.yaml", "contract/skus/*.json", "contract/lock", "contract/commands", "contract/include/tsr_hw/*.h",
          "contract/decode/tables.c", "contract/python/tsr_hw.py", "docs/hardware.md")


class Copy(unittest.TestCase):
    """Each test edits files of the copy and runs the generator on it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)
        self.folder = self.top / "contract"
        for pattern in COPIED:
            for path in TOP.glob(pattern):
                target = self.top / path.relative_to(TOP)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)

    def edit(self, file, old, new):
        """Replace the first appearance of a text that must be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        self.assertTrue(old in text, f"{file} has no {old}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, file, text):
        """Put items at the end of a file."""
        with open(self.folder / file, "a", encoding="utf-8") as stream:
            stream.write(text)

    def generate(self, *arguments):
        """(status, what it says) of contract/generate on the copy."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = cli.main([*arguments, "--top", str(self.top)])
        return status, said.getvalue()

    def refused(self, *words):
        """The generator writes nothing, and says each of the words."""
        before = {path: path.read_bytes() for path in self.top.rglob("*") if path.is_file()}
        status, said = self.generate()
        self.assertEqual(status, 1, said)
        for word in words:
            self.assertIn(word, said)
        after = {path: path.read_bytes() for path in self.top.rglob("*") if path.is_file()}
        self.assertEqual(before, after)
