# SPDX-License-Identifier: MIT
"""Every block that a document shows compiles or runs. tests/documents/run prepares what the tests stand on."""

import os
import re
import shlex
import subprocess
import unittest
from pathlib import Path

from checker import baseline
from documents import blocks

TOP = blocks.TOP
WORK = Path(os.environ["TESSERA_WORK"])
STRICT = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-fsyntax-only"]
GUEST = """\
cd /share
for program in *.sh; do
	echo "== $program"
	bash -e -u -o pipefail -x "$program" || echo "failed: $program"
done
"""


def run(command, **options):
    """Output and status of a command in the folder of examples."""
    done = subprocess.run(command, cwd=WORK, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **options)
    return done.returncode, done.stdout


def flags():
    """How the installed headers are found."""
    done = subprocess.run(["pkg-config", "--cflags", "tessera-onnx", "tessera-compliance"],
                          capture_output=True, text=True, check=True)
    return done.stdout.split()


def of_kind(*kinds):
    """The blocks of these kinds."""
    return [block for block in blocks.all_blocks() if block.kind in kinds]


class Documents(unittest.TestCase):
    """What the documents promise."""

    def test_every_block_says_what_it_is(self):
        self.assertEqual([f"{block.name()}: {block.kind or 'no kind'}" for block in blocks.all_blocks()
                          if block.kind not in blocks.KINDS], [])

    def test_c_blocks_compile(self):
        self.compile(of_kind("c"), ["cc", "-x", "c"], ["c17"])

    def test_cpp_blocks_compile_in_every_standard(self):
        self.compile(of_kind("cpp"), ["c++", "-x", "c++", "-pedantic"], ["c++11", "c++17", "c++20"])

    def compile(self, found, compiler, standards):
        """A block is a whole source file."""
        self.assertTrue(found)
        for block in found:
            for standard in standards:
                with self.subTest(block=block.name(), standard=standard):
                    status, output = run([*compiler, f"-std={standard}", *STRICT, *flags(), "-"], input=block.text)
                    self.assertEqual(status, 0, output)

    def test_commands_of_the_host_work(self):
        for block in of_kind("sh host"):
            for command in block.commands():
                with self.subTest(block=block.name(), command=command):
                    status, output = run(["bash", "-o", "pipefail", "-c", command])
                    self.assertEqual(status, 0, output)

    def test_commands_of_the_project_exist(self):
        for block in of_kind("sh project", "console"):
            for command in block.commands():
                with self.subTest(block=block.name(), command=command):
                    self.exists(command)

    def exists(self, command):
        """A make target can be made; a tool's help knows the options shown. Running them all is what CI does."""
        words = shlex.split(command)
        while words and "=" in words[0]:
            words.pop(0)
        if words[0] == "make":
            status, output = run(["make", "-C", TOP, "--dry-run", *words[1:]])
            self.assertEqual(status, 0, output)
            return
        self.assertTrue(words[0].startswith("tools/dev/"), "not a command of this tree")
        sub = [words[1]] if len(words) > 1 and words[0] == "tools/dev/vm" else []
        status, output = run([TOP / words[0], *sub, "--help"])
        self.assertEqual(status, 0, output)
        shown = command.split(" -- ")[0]
        for option in re.findall(r"(?<=\s)--?[a-z][\w-]*", shown):
            self.assertIn(option, output)

    def test_readme_shows_the_cycles_that_the_demo_takes(self):
        known = baseline.parse((TOP / "tests/baseline").read_text(encoding="utf-8")).exact
        shown = re.search(r"device cycles +([\d,]+) +([\d,]+)", (TOP / "README.md").read_text(encoding="utf-8"))
        self.assertEqual([float(number.replace(",", "")) for number in shown.groups()],
                         [known["device_cycles_fp16"], known["device_cycles_int8"]])

    def test_guests_run_their_commands(self):
        """After those of the host, by its name: they build what runs here."""
        found = of_kind("sh guest")
        self.assertTrue(found)
        for number, block in enumerate(found):
            (WORK / f"{number:02}.sh").write_text(f"# {block.name()}\n" + "\n".join(block.commands()) + "\n")
        status, output = run([TOP / "tools/dev/vm", "run", "--quiet", "--npu", "edge", "--timeout", "1500",
                              "--share", WORK, "--", "bash", "-c", GUEST])
        self.assertEqual(status, 0, output)
        self.assertNotRegex(output, r"(?m)^failed: ", output)


if __name__ == "__main__":
    unittest.main()
