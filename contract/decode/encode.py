# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The way back from what contract-decode prints: lines PATH = VALUE become bytes of a structure."""

import ctypes
import re

import tsr_hw

PART = re.compile(r"(\w+)(?:\[(\d+)\])?")
PROGRAM = re.compile(r"(?:post|pre)\.(?:(in|consts|code)\[\d+\]\.)?")
LISTS = {None: "vector", "in": "tensor", "consts": "vector_const", "code": "insn"}
ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def class_of(name):
    """inv_ring's class is InvRing."""
    return getattr(tsr_hw, "".join(part.capitalize() for part in name.split("_")))


def encode(name, text):
    """Bytes of the structure of that name."""
    found = class_of(name)()
    for line in text.splitlines():
        path, value = line.split("#")[0].split(" = ", 1) if " = " in line else line.split("#")[0].split(" =", 1)
        assign(found, path, value.strip())
    return bytes(found)


def encode_command(name, text):
    """Bytes of a command whose body is that structure, and of the VECTOR programs behind it."""
    parts = {("", name): []}
    for line in text.splitlines():
        match = PROGRAM.match(line)
        key = (match[0], LISTS[match[1]]) if match else ("", name)
        parts.setdefault(key, []).append(line.removeprefix(key[0]))
    return b"".join(encode(structure, "\n".join(lines)) for (_, structure), lines in parts.items())


def assign(structure, path, value):
    """One member; its path leads through groups and elements of arrays."""
    *outer, last = PART.findall(path)
    for name, index in outer:
        structure = getattr(structure, name)
        structure = structure[int(index)] if index else structure
    name, index = last
    member = getattr(structure, name)
    if index:
        member[int(index)] = int(value, 0)
    elif isinstance(member, ctypes.Array):
        elements = numbers(value, len(member))
        member[:] = elements
    else:
        setattr(structure, name, int(value, 0))


def numbers(value, count):
    """Elements of an array: a text, hexadecimal bytes, or numbers; one 0 stands for all."""
    if value.startswith('"'):
        raw = ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), value[1:-1].encode())
        return list(raw.ljust(count, b"\0"))
    if value.startswith("hex "):
        return list(bytes.fromhex(value[4:]))
    found = [int(word, 0) for word in value.split()]
    return found * count if found == [0] else found
