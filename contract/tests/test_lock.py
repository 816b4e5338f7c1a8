# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Nothing of a released version changes, nothing of a frozen file ever, and what is new is free."""

import re
import unittest

from tests.folder import Copy


class Lock(Copy):
    """Each test changes the YAML and asks for new files. The version of the tree is released first, draft or not."""

    def setUp(self):
        super().setUp()
        text = (self.folder / "version.yaml").read_text(encoding="utf-8")
        self.version = int(re.search(r"ABI_VERSION_MAX\n  value: (\d+)", text)[1])
        text = (self.folder / "contract.yaml").read_text(encoding="utf-8")
        self.edit("contract.yaml", re.search(r"released: \d+", text)[0], f"released: {self.version}")
        self.accepted()

    def raise_version(self):
        """Begin a draft of the next version."""
        self.edit("version.yaml", f"constant: ABI_VERSION_MAX\n  value: {self.version}",
                  f"constant: ABI_VERSION_MAX\n  value: {self.version + 1}")

    def accepted(self):
        """The generator writes, and is content with what it wrote."""
        self.assertEqual(self.generate()[0], 0, self.generate()[1])
        self.assertEqual(self.generate("--check"), (0, ""))

    def test_changed_constant(self):
        self.edit("error.yaml", "BUDGET: [8,", "BUDGET: [99,")
        self.refused("error constant ERR_BUDGET was 0x8, is 0x63: hosts and devices of version "
                     f"{self.version} rely on it: "
                     "undo the change, or raise ABI_VERSION_MAX")
        self.assertIn("ERR_BUDGET was 0x8", self.generate("--check")[1])

    def test_changed_attribute_of_a_row(self):
        self.edit("vector.yaml", "square root, {operands: 1, types: [F32], weight: 4}", "square root, {operands: 1, "
                  "types: [F32], weight: 8}")
        self.refused("vector row VECTOR_ROWS.SQRT was 0x1 0x1 0x0 0x0 0x0 0x4, is 0x1 0x1 0x0 0x0 0x0 0x8")

    def test_removed_constant(self):
        self.edit("queue.yaml", "    FAULT: [2, a job ended with an error]\n", "")
        self.refused("queue constant EVENT_FAULT was 0x2, is gone")

    def test_members_that_change_places(self):
        self.edit("queue.yaml", "    seq: [u32, sequence number]\n    flags: [u32 of JOB, what to do beside]\n",
                  "    flags: [u32 of JOB, what to do beside]\n    seq: [u32, sequence number]\n")
        self.refused("queue member job.seq was u32 at 0 size 4, is u32 at 4 size 4", "queue member job.flags")

    def test_other_type_of_the_same_size(self):
        self.edit("program.yaml", "    stride: [u64, added", "    stride: [u32 x 2, added")
        self.refused("program member slot.stride was u64 at 16 size 8, is u32[2] at 16 size 8")

    def test_moved_register(self):
        self.edit("registers.yaml", "at: 0x0208", "at: 0x0210")
        self.refused("registers constant REG_INV_DOORBELL was 0x208, is 0x210")

    def test_changed_address_of_an_array(self):
        self.edit("core.yaml", "stride: 0x100", "stride: 0x200")
        self.refused("core macro ENGINE_BASE(n) was")

    def test_additions_are_free(self):
        self.edit("error.yaml", "NONE: [0, no error]", "NONE: [0, no error]\n    FANCY: [99, x]")
        self.edit("queue.yaml", "REPLAYABLE: [1, may be run again after a reset]",
                  "REPLAYABLE: [1, may be run again after a reset]\n    FANCY: [4, x]")
        self.accepted()
        self.assertIn("error constant ERR_FANCY = 0x63", (self.folder / "lock").read_text())

    def test_draft_of_a_version_may_change_until_it_is_released(self):
        self.raise_version()
        self.edit("error.yaml", "BUDGET: [8,", "BUDGET: [99,")
        self.accepted()
        self.edit("error.yaml", "BUDGET: [99,", "BUDGET: [98,")
        self.accepted()
        self.edit("contract.yaml", f"released: {self.version}", f"released: {self.version + 1}")
        self.accepted()
        self.edit("error.yaml", "BUDGET: [98,", "BUDGET: [97,")
        self.refused("error constant ERR_BUDGET was 0x62, is 0x61: hosts and devices of version "
                     f"{self.version + 1} rely on it")

    def test_release_is_not_taken_back(self):
        self.edit("contract.yaml", f"released: {self.version}", f"released: {self.version - 1}")
        self.refused(f"contract.yaml: released is {self.version - 1}: it lies between {self.version}")

    def test_release_of_a_version_that_does_not_exist(self):
        self.edit("contract.yaml", f"released: {self.version}", f"released: {self.version + 1}")
        self.refused(f"contract.yaml: released is {self.version + 1}: it lies between {self.version}, what was "
                     f"released before, and {self.version}")

    def test_frozen_files_never_change(self):
        self.raise_version()
        self.edit("boot.yaml", "BAD_ABI: [0x31,", "BAD_ABI: [0x39,")
        self.refused("boot constant BOOT_BAD_ABI was 0x31, is 0x39: its file is frozen: undo the change")


if __name__ == "__main__":
    unittest.main()
