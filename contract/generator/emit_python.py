# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/python/tsr_hw.py: numbers, enumerations, and structures of ctypes that pack and unpack themselves."""

import ast
import re

from generator import model
from generator.check import REFERENCE
from generator.constants import defined, evaluated
from generator.problems import Problem

INTRO = '''# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
# Generated from contract/*.yaml by contract/generate; do not edit.
"""The hardware contract for Python.

Structures are those of ctypes: Job.from_buffer_copy(data) unpacks, bytes(job) packs. `of` tells the enumeration
or flags that a member's number belongs to.
"""

import ctypes
import enum
'''
SCALARS = {"u8": "ctypes.c_uint8", "text": "ctypes.c_uint8", "u16": "ctypes.c_uint16", "u32": "ctypes.c_uint32",
           "u64": "ctypes.c_uint64"}


def module(contract):
    """The whole file."""
    parts = [INTRO]
    for file in contract.files:
        parts.append(f"\n# ---- {file.name} ----\n")
        for item in file.items:
            if not isinstance(item, model.Struct):
                parts.append(EMITTERS.get(type(item), nothing)(item, contract))
    # Structures last, and those first that others contain.
    placed = []
    for struct in contract.all(model.Struct):
        place(struct, contract, placed)
    parts.append("\n# ---- structures ----\n")
    parts += [structure(struct, contract) for struct in placed]
    text_of_module = re.sub("\n{4,}", "\n\n\n", "".join(parts))
    check_names(text_of_module)
    return text_of_module


def check_names(source):
    """Enumerations, structures and numbers share one name space here, which they do not in C."""
    seen = set()
    for node in ast.parse(source).body:
        name = getattr(node, "name", None) or (node.targets[0].id if isinstance(node, ast.Assign) else None)
        if name and name in seen:
            raise Problem(f"{name} would name two things in contract/python/tsr_hw.py: rename one")
        seen.add(name)


def place(struct, contract, placed):
    """Append a structure behind all that it contains."""
    if struct in placed:
        return
    for member in struct.members:
        inner(member, contract, placed)
    placed.append(struct)


def inner(member, contract, placed):
    """What one member contains."""
    if member.members is not None:
        for one in member.members:
            inner(one, contract, placed)
    elif member.base not in SCALARS:
        place(contract.find(model.Struct, member.base), contract, placed)


def text(words):
    """A text of the YAML without the marks of its references."""
    return REFERENCE.sub(lambda match: match.group(1) + match.group(2), words)


def docstring(words, indent):
    """As a line of its own."""
    return f'{indent}"""{text(words)[:1].upper()}{text(words)[1:]}."""\n'.replace('"."""', '".\n' + indent + '"""')


def number(one):
    """As it is written in the YAML where that is known."""
    return getattr(one.value, "text", None) or (hex(one.value) if one.value >= 10 else str(one.value))


def plain(item, contract):
    """constant, bits, registers: names at the top of the module."""
    lines = ""
    for one in defined(item, contract):
        if one.argument:
            lines += f"\n\ndef {one.name}({one.argument}):\n{docstring(one.doc or 'Its high word', '    ')}" \
                     f"    return {one.value}\n\n"
        elif isinstance(one.value, str):
            lines += f'{one.name} = "{one.value}"\n'
        else:
            lines += f"{one.name} = {number(one)}\n"
    return lines


def enumeration(item, contract):
    """An IntEnum; how many there are stays a number beside it."""
    lines = f"\n\nclass {item.name}(enum.IntEnum):\n{docstring(item.doc, '    ')}\n"
    lines += "".join(f"    {entry.name} = {entry.value.text}\n" for entry in item.values) + "\n\n"
    if item.count:
        lines += f"{item.count} = {max(entry.value for entry in item.values) + 1}\n"
    return lines


def bits(item, contract):
    """An IntFlag, fields of several bits included; what must be zero stays a number beside it."""
    lines = f"\n\nclass {item.name}(enum.IntFlag):\n{docstring(item.doc, '    ')}\n"
    lines += "".join(f"    {entry.name.lstrip('_')} = 0x{entry.mask:x}\n" for entry in item.fields) + "\n\n"
    rest = {one.name: one for one in defined(item, contract)}
    return lines + "".join(f"{name} = 0x{rest[name].value:x}\n" for name in (item.all, item.mbz) if name)


def nothing(_item, _contract):
    """Notes and tables are for people."""
    return ""


EMITTERS = {model.Constant: plain, model.Macro: plain, model.Enum: enumeration, model.Bits: bits,
            model.Registers: plain}


# ---- structures --------------------------------------------------------------------

def class_name(name):
    """inv_ring becomes InvRing."""
    return "".join(part.capitalize() for part in name.split("_") if part)


def structure(item, contract):
    """A class, behind the classes of the groups inside of it."""
    return group(class_name(item.name), item.doc, item.members, False, contract)


def group(name, doc, members, union, contract):
    """A class of ctypes, after those it consists of."""
    before, fields, meanings, anonymous = "", "", "", []
    for member in members:
        if member.members is not None:
            kind = f"{name}{class_name(member.name)}"
            before += group(kind, member.doc, member.members, member.union, contract)
            anonymous += [member.name] if member.anonymous else []
        else:
            kind = SCALARS.get(member.base) or class_name(member.base)
            count = evaluated(member.repeat, contract)
            kind += f" * {count}" if count else ""
        fields += f'        ("{member.name}", {kind}),\n'
        meanings += f'"{member.name}": {member.of}, ' if member.of else ""
    base = "ctypes.LittleEndianUnion" if union else "ctypes.LittleEndianStructure"
    lines = f"\n\nclass {name}({base}):\n{docstring(doc, '    ')}\n"
    lines += f"    _anonymous_ = {tuple(anonymous)!r}\n" if anonymous else ""
    lines += f"    _fields_ = [\n{fields}    ]\n    of = {{{meanings.rstrip(', ')}}}\n"
    return before + lines
