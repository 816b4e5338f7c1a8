# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The compiler's view finds a generator that lies, and a lock edited by hand."""

import contextlib
import io
import re
import unittest

from generator import witness
from tests.folder import TOP, Copy


class Witness(Copy):
    """Each test changes what the generator wrote."""

    def witness(self, top):
        """(status, what it says)."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = witness.main(["--top", str(top)])
        return status, said.getvalue()

    def assert_finds(self, text):
        """It ends with an error and says the text."""
        status, said = self.witness(self.top)
        self.assertEqual(status, 1, said)
        self.assertIn(text, said)

    def substitute(self, header, pattern, text):
        """Replace one place of a header by a pattern, since its columns depend on the prefix."""
        path = self.folder / "include/tsr_hw" / header
        before = path.read_text()
        self.assertRegex(before, pattern)
        path.write_text(re.sub(pattern, text, before, count=1))

    def test_committed_headers_are_what_the_lock_says(self):
        self.assertEqual(self.witness(TOP)[0], 0)

    def test_other_value(self):
        self.substitute("error.h", r"(_ERR_BUDGET\s+)8", r"\g<1>9")
        self.assert_finds("error constant ERR_BUDGET: the lock says 0x8, the compiler 0x9")

    def test_other_text(self):
        self.substitute("image.h", "tessera-fw.bin", "other.bin")
        self.assert_finds('IMAGE_FILE: the lock says "tessera/tessera-fw.bin", the compiler "tessera/other.bin"')

    def test_other_address_of_an_array(self):
        self.substitute("core.h", r"0x100 \* \(n\)", "0x200 * (n)")
        self.assert_finds("is 0x40010200, its expression gives 0x40010100")

    def test_member_of_another_type(self):
        self.substitute("program.h", "\t__le64 stride;", "\t__le32 stride[2];")
        self.assert_finds("member slot.stride: the lock says u64 at 16 size 8, the compiler u32[2] at 16 size 8")

    def test_member_of_a_nested_group(self):
        self.edit("lock", "queue member admin.create.index = u16 at 50 size 2",
                  "queue member admin.create.index = u16 at 52 size 2")
        self.assert_finds("member admin.create.index: the lock says u16 at 52 size 2, the compiler u16 at 50 size 2")

    def test_other_attribute_in_a_row(self):
        self.substitute("vector.h", r"X\(SQRT, 1, 0x1, 0, 0, 0, 4\)", "X(SQRT, 1, 0x1, 0, 0, 0, 5)")
        self.assert_finds("VECTOR_ROWS.SQRT: the lock says 0x1 0x1 0x0 0x0 0x0 0x4, the compiler "
                          "0x1 0x1 0x0 0x0 0x0 0x5")

    def test_row_that_the_lock_does_not_have(self):
        self.edit("lock", "vector row VECTOR_ROWS.MOVE = 0x1 0xf 0x0 0x0 0x0 0x1\n", "")
        self.assert_finds("VECTOR_ROWS.MOVE: the lock says nothing, the compiler 0x1 0xf")

    def test_constant_that_the_lock_does_not_have(self):
        self.substitute("error.h", r"#define (\w*)ERR_NONE", r"#define \g<1>ERR_FANCY 99\n#define \g<1>ERR_NONE")
        self.assert_finds("ERR_FANCY: defined in a header, and not in the lock")

    def test_member_that_the_lock_does_not_have(self):
        self.edit("lock", "trace member trace.arg1 = u32 at 12 size 4\n", "")
        self.assert_finds("member trace.arg1: the lock says nothing, the compiler u32 at 12 size 4")


if __name__ == "__main__":
    unittest.main()
