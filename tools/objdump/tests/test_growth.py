# SPDX-License-Identifier: MIT
"""What the contract gains, the tool shows: it is built again, unchanged, over the contract's YAML with an addition.

usage: test_growth.py
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[3]
COPIED = ("contract/*.yaml", "contract/skus/*.json", "contract/lock", "contract/include/tsr_hw/*.h",
          "contract/decode/*.c", "contract/decode/tsr_hw/*.h", "contract/python/tsr_hw.py", "docs/hardware.md",
          "tools/objdump/*.[ch]")
MARK = "    REDUCE: [0x40"
# A name and an opcode that no version of the contract is to have.
OPCODE = "    GROWTH: [0x7f, what came later, {engine: TENSOR, body: growth}]\n"
FLAGS = """\
- flags: GROWTH_FLAG
  doc: how it came
  values:
    REVERSE: [0, from the end]
    EXCLUSIVE: [3, without the element itself]

- struct: growth
  size: 288
  doc: what came later
  members:
    head: [command, $OP_GROWTH]
    x: [tensor, input]
    d: [tensor, output]
    axis: [u32, dimension]
    flags: [u32 of GROWTH_FLAG, how]
    seed: [u16 x 3, first sums]
    mbz: [u16, mbz]
"""
STREAM = """\
stream
  GROWTH  # at 0x0
    axis=3 flags=REVERSE|EXCLUSIVE seed=7,0,9
    x slot=0 type=FP32 rank=1 dim=4 stride=1
    d slot=1 type=FP32 rank=1 dim=4 stride=1
"""


class Growth(unittest.TestCase):
    """A command and its fields, named in YAML only."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.top = pathlib.Path(folder.name)
        for pattern in COPIED:
            for path in TOP.glob(pattern):
                target = cls.top / path.relative_to(TOP)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
        cls.extend_contract()
        cls.build()

    @classmethod
    def extend_contract(cls):
        """Add a command."""
        path = cls.top / "contract/command.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(MARK, OPCODE + MARK, 1) + "\n" + FLAGS, encoding="utf-8")
        subprocess.run([TOP / "contract/generate", "--top", cls.top], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def build(cls):
        """The tool's sources over the tables and headers of the copy."""
        sources = [*cls.top.glob("tools/objdump/*.c"), *(cls.top / "contract/decode" / name for name in (
            "check.c", "decode.c", "number.c", "part.c", "tables.c"))]
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "json-c", "zlib"], capture_output=True, text=True,
                               check=True).stdout.split()
        subprocess.run(["cc", "-std=c17", "-D_GNU_SOURCE", '-DOBJDUMP_VERSION="0"', "-o", cls.top / "objdump", *sources,
                        f"-I{cls.top}/contract/include", f"-I{cls.top}/contract/decode", *flags], check=True)

    def run_tool(self, *arguments, data):
        """The built tool."""
        return subprocess.run([self.top / "objdump", *arguments], input=data, capture_output=True, check=False)

    def test_new_command_is_assembled_and_shown(self):
        data = self.run_tool("--assemble", data=STREAM.encode()).stdout
        self.assertEqual((len(data), data[0]), (288, 0x7f))
        shown = self.run_tool("--stream", data=data)
        self.assertEqual(shown.stdout.decode(), "# -\n" + STREAM)
        self.assertEqual((shown.returncode, shown.stderr), (0, b""))

    def test_new_fields_are_checked(self):
        data = bytearray(self.run_tool("--assemble", data=STREAM.encode()).stdout)
        data[276] = 2
        data[286] = 1
        said = self.run_tool("--stream", data=bytes(data)).stderr.decode()
        self.assertIn("offset 0x114: command 0, GROWTH: flags is 0x2, bits 0x2 are none of GROWTH_FLAG", said)
        self.assertIn("offset 0x11e: command 0, GROWTH: mbz is 0x1, must be zero", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
