# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/witness: compares contract/lock with what a compiler makes of the committed headers.

The lock comes from the generator, and so do the headers: a generator that computes a layout wrongly, or writes a
number it does not mean, is found here. gcc evaluates every constant, pahole reads every structure.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from generator import emit_lock
from generator.expression import evaluate
from generator.load import load
from generator.problems import Problem

TOP = Path(__file__).resolve().parents[2]
ARGUMENTS = (0, 1, 7)
DEFINE = re.compile(r"^#define[ \t]+(\w+)(\(\w+\))?[ \t]+\S", re.M)
FIRST = re.compile(r"^struct (\w+) \{")
OPEN = re.compile(r"^\s+(struct|union) \{")
PLACE = r"[^;]*;\s*/\*\s*(?P<offset>\d+)\s+(?P<size>\d+)\s*\*/"
CLOSE = re.compile(r"^\s+\}\s*(?P<name>\w*)" + PLACE)
MEMBER = re.compile(r"^\s+(?P<type>[\w ]+?)\s+(?P<name>\w+)(?P<array>\[\d+\])?;" + PLACE.replace("[^;]*;", ""))
SIZE = re.compile(r"/\* size: (\d+)")
SHOW = """static void show_text(const char *value) { printf("\\"%s\\"\\n", value); }
static void show_number(unsigned long long value) { printf("0x%llx\\n", value); }
#define SHOW(x) _Generic((x), char *: show_text, default: show_number)(x)"""

# Attributes of one enumeration are all numbers, or all strings.
ROW_NUMBERS = "((unsigned long long[]){ __VA_ARGS__ })"
ROW_TEXTS = "((const char *[]){ __VA_ARGS__ })"
SHOW_ROW = """#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
static void show(const char *name, const unsigned long long *numbers, unsigned long count)
{
	printf("%s =", name);
	for (unsigned long i = 0; i < count; i++)
		printf(" 0x%llx", numbers[i]);
	puts("");
}
static void show_texts(const char *name, const char *const *texts, unsigned long count)
{
	printf("%s =", name);
	for (unsigned long i = 0; i < count; i++)
		printf(" \\"%s\\"", texts[i]);
	puts("");
}"""


def output(command):
    """Of a command that must work."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Headers:
    """The committed headers, as the compiler sees them. Names lose their prefix."""

    def __init__(self, folder, contract, work):
        self.include, self.work = folder / "include", work
        self.constant_prefix, self.struct_prefix = contract.constant_prefix, contract.struct_prefix
        self.paths = [self.include / f"tsr_hw/{file.name}.h" for file in contract.files]

    def program(self, name, text, *flags):
        """Compile a source that includes every header."""
        source = self.work / f"{name}.c"
        lines = [f"#include <tsr_hw/{path.name}>" for path in self.paths]
        source.write_text("\n".join([*lines, "#include <stdio.h>", text]) + "\n", encoding="utf-8")
        output(["gcc", "-w", *flags, "-I", self.include, source, "-o", self.work / name])
        return self.work / name

    def names(self):
        """Constants and macros: what #define gives a value."""
        found = {}
        for path in self.paths:
            for name, argument in DEFINE.findall(path.read_text(encoding="utf-8")):
                found[name.removeprefix(self.constant_prefix)] = f"{path.stem} {name}{argument}"
        return found

    def constants(self, expressions):
        """Values of C expressions, as the lock writes them."""
        lines = [f"\tSHOW({expression});" for expression in expressions]
        return output([self.program("constants", "\n".join([SHOW, "int main(void)", "{", *lines, "}"]))]).splitlines()

    def rows(self, texts):
        """Attributes of every row, as the lock writes them; @texts says of each macro whether they are strings."""
        lines = [f"#define ROW(NAME, ...) show(MACRO \".\" #NAME, {ROW_NUMBERS}, COUNT({ROW_NUMBERS}));",
                 f"#define TEXT_ROW(NAME, ...) show_texts(MACRO \".\" #NAME, {ROW_TEXTS}, COUNT({ROW_TEXTS}));",
                 SHOW_ROW, "int main(void)", "{"]
        for name, text in sorted(texts.items()):
            lines += [f"#undef MACRO\n#define MACRO \"{name}\"",
                      f"{self.constant_prefix}{name}({'TEXT_ROW' if text else 'ROW'})"]
        text = output([self.program("rows", "\n".join([*lines, "}"]))])
        return dict(line.split(" = ") for line in text.splitlines())

    def structs(self, names):
        """Size and members of structures by pahole's words."""
        variables = "\n".join(f"struct {self.struct_prefix}{name} instance_of_{name};" for name in names)
        text = output(["pahole", self.program("structs", variables, "-g", "-c")])
        found, current = {}, None
        for line in text.splitlines():
            first = FIRST.match(line)
            if first:
                current = found.setdefault(first.group(1).removeprefix(self.struct_prefix), Described())
            elif current:
                current.read(line, self.struct_prefix)
        return found


class Described:
    """pahole's description of one structure, line by line."""

    def __init__(self):
        self.size, self.members, self.groups = None, {}, []

    def read(self, line, prefix):
        """A group's name follows its members, so they wait for it."""
        if OPEN.match(line):
            self.groups.append((OPEN.match(line).group(1), []))
        elif CLOSE.match(line) and self.groups:
            self.close(CLOSE.match(line))
        elif MEMBER.match(line):
            match = MEMBER.match(line)
            self.add(match["name"], kind(match, prefix), match)
        elif SIZE.search(line) and self.size is None:
            self.size = int(SIZE.search(line).group(1))

    def add(self, path, text, match):
        """A member of the innermost open group, or of the structure."""
        entry = (path, f"{text} at {match['offset']} size {match['size']}")
        if self.groups:
            self.groups[-1][1].append(entry)
        else:
            self.members[entry[0]] = entry[1]

    def close(self, match):
        """Members of an anonymous group are those of what it lies in."""
        word, members = self.groups.pop()
        name = match["name"]
        if name:
            self.add(name, word, match)
        for path, text in members:
            target = self.groups[-1][1] if self.groups else None
            path = f"{name}.{path}" if name else path
            if target is not None:
                target.append((path, text))
            else:
                self.members[path] = text


def kind(match, prefix):
    """The lock's word for a C type."""
    text = match["type"].removeprefix("struct ").removeprefix(prefix)
    return re.sub(r"^__(?:u|le)(\d+)$", r"u\1", text) + (match["array"] or "")


def compare_constants(lock, headers):
    """Sentences on constants, unions and macros."""
    found = {key.split(" ", 2)[2]: (key, value) for key, value in lock.items()
             if " constant " in key or " union " in key}
    values = headers.constants([headers.constant_prefix + name for name in found])
    for (key, said), seen in zip(found.values(), values, strict=True):
        if said != seen:
            yield f"{key}: the lock says {said}, the compiler {seen}"
    yield from compare_macros(lock, headers)
    known = set(found) | {re.split(r"[(.]", key.split(" ", 2)[2])[0] for key in lock if " macro " in key or " row " in key}
    for name, where in headers.names().items():
        if name not in known:
            yield f"{where}: defined in a header, and not in the lock"


def compare_macros(lock, headers):
    """A macro is right when it gives the expression's value for some arguments."""
    numbers = {key.split(" ", 2)[2]: int(value, 0) for key, value in lock.items()
               if " constant " in key and not value.startswith('"')}
    cases = []
    for key, text in lock.items():
        if " macro " in key:
            name, argument = key.split(" ", 2)[2].rstrip(")").split("(")
            for value in ARGUMENTS:
                names = {**numbers, argument: value}
                cases.append((f"{headers.constant_prefix}{name}({value})", key, hex(evaluate(text, names.__getitem__))))
    seen = headers.constants([call for call, _, _ in cases])
    for (call, key, wanted), got in zip(cases, seen, strict=True):
        if wanted != got:
            yield f"{key}: {call} is {got}, its expression gives {wanted}"


def compare_rows(lock, headers):
    """A macro of rows calls another one with these numbers."""
    said = {key.split(" ", 2)[2]: value for key, value in lock.items() if key.split(" ")[1:2] == ["row"]}
    seen = headers.rows({name.split(".")[0]: value.startswith('"') for name, value in said.items()})
    for name in sorted(said.keys() | seen.keys()):
        if said.get(name) != seen.get(name):
            yield f"{name}: the lock says {said.get(name, 'nothing')}, the compiler {seen.get(name, 'nothing')}"


def compare_structs(lock, headers):
    """Sentences on sizes and members."""
    names = [key.split(" ")[2] for key in lock if key.split(" ")[1:2] == ["struct"]]
    found = headers.structs(names)
    seen = {f"struct {name}": f"size {found[name].size}" for name in names}
    for name in names:
        seen |= {f"member {name}.{path}": text for path, text in found[name].members.items()}
    said = {key.split(" ", 1)[1]: value for key, value in lock.items() if key.split(" ")[1:2] in (["struct"], ["member"])}
    for key in sorted(seen.keys() | said.keys()):
        if seen.get(key) != said.get(key):
            yield f"{key}: the lock says {said.get(key, 'nothing')}, the compiler {seen.get(key, 'nothing')}"


def run(folder):
    """How many facts match."""
    contract, lock = load(folder), emit_lock.read(folder / "lock")
    with tempfile.TemporaryDirectory() as work:
        headers = Headers(folder, contract, Path(work))
        sentences = [*compare_constants(lock, headers), *compare_rows(lock, headers),
                     *compare_structs(lock, headers)]
    if sentences:
        raise Problem(*sentences)
    return len(lock) - 1


def main(arguments):
    """Entry."""
    parser = argparse.ArgumentParser(prog="contract/witness", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--top", type=Path, default=TOP, help="compare another tree")
    options = parser.parse_args(arguments)
    try:
        facts = run(options.top.resolve() / "contract")
        print(f"{facts} facts of the lock match the compiler's")
    except Problem as problem:
        print(*problem.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
