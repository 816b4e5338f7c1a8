# SPDX-License-Identifier: MIT
"""The ABI lock notices every kind of change and says what moved."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]


class AbiLock(unittest.TestCase):
    """Each test edits a copy of the headers."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.abi = Path(self.folder.name) / "tsr_hw"
        self.lock = Path(self.folder.name) / "lock"
        shutil.copytree(TOP / "contract/include/tsr_hw", self.abi)
        shutil.copy(TOP / "contract/lock", self.lock)

    def tearDown(self):
        self.folder.cleanup()

    def edit(self, header, old, new):
        """Replace text that must be there."""
        path = self.abi / header
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def run_lock(self, *arguments):
        """The tool on the copy."""
        done = subprocess.run([TOP / "tools/dev/abi-lock", "--abi", self.abi, "--lock", self.lock, *arguments],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def raise_version(self):
        """What a change must come with."""
        self.edit("version.h", "TSR_ABI_VERSION_MAX\t1", "TSR_ABI_VERSION_MAX\t2")

    def test_unchanged_headers_match(self):
        self.assertEqual(self.run_lock()[0], 0)

    def test_changed_constant_is_named(self):
        self.edit("error.h", "TSR_ERR_BUDGET\t\t8", "TSR_ERR_BUDGET\t\t9")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("TSR_ERR_BUDGET: was 0x8, is 0x9", text)

    def test_update_does_not_hide_a_change(self):
        self.edit("error.h", "TSR_ERR_BUDGET\t\t8", "TSR_ERR_BUDGET\t\t9")
        self.assertEqual(self.run_lock("--update")[0], 1)
        self.assertEqual(self.run_lock()[0], 1)

    def test_moved_member_is_named(self):
        self.edit("queue.h", "\t__le32 seq;\n\t__le32 flags;", "\t__le32 flags;\n\t__le32 seq;")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("tsr_abi_job.seq", text)

    def test_changed_type_of_the_same_size_is_named(self):
        self.edit("program.h", "\t__le64 stride;\n", "\t__le32 stride[2];\n")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("tsr_abi_slot.stride", text)

    def test_changed_address_macro_is_named(self):
        self.edit("core.h", "0x40010000u + 0x100", "0x40010000u + 0x200")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("TSR_ENGINE_BASE(n)", text)

    def test_removed_constant_is_named(self):
        self.edit("queue.h", "#define TSR_EVENT_FAULT\t\t\t2", "#define TSR_EVENT_OTHER\t\t\t2")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("TSR_EVENT_FAULT: gone", text)

    def test_addition_asks_for_an_update_only(self):
        self.edit("error.h", "#define TSR_ERR_NONE", "#define TSR_ERR_FANCY\t99\n#define TSR_ERR_NONE")
        code, text = self.run_lock()
        self.assertEqual(code, 1)
        self.assertIn("--update", text)
        self.assertEqual(self.run_lock("--update")[0], 0)
        self.assertEqual(self.run_lock()[0], 0)

    def test_change_with_a_new_version_is_allowed(self):
        self.edit("error.h", "TSR_ERR_BUDGET\t\t8", "TSR_ERR_BUDGET\t\t9")
        self.raise_version()
        self.assertEqual(self.run_lock("--update")[0], 0)
        self.assertEqual(self.run_lock()[0], 0)

    def test_frozen_headers_never_change(self):
        self.edit("boot.h", "TSR_BOOT_BAD_ABI\t\t0x31", "TSR_BOOT_BAD_ABI\t\t0x39")
        self.raise_version()
        code, text = self.run_lock("--update")
        self.assertEqual(code, 1)
        self.assertIn("frozen for ever", text)


if __name__ == "__main__":
    unittest.main()
