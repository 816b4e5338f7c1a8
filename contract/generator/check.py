# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""What holds between items: names are there once, values fit, references lead somewhere."""

import re

from generator import constants, model
from generator.expression import Unknown
from generator.layout import SCALARS
from generator.walk import paths

REFERENCE = re.compile(r"\$([A-Za-z][A-Za-z0-9_]*)(\*?)")
WIDTHS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}


def check(contract, problems):
    """All rules; layout has been computed."""
    if not all(numbers_are_known(contract, problems, item) for item in contract.all(model.Constant)):
        return
    names = unique_names(contract, problems)
    for enum in contract.all(model.Enum):
        check_enum(contract, problems, enum)
    for bits in contract.all(model.Bits):
        check_fields(contract, problems, bits.fields, WIDTHS[bits.type], bits.where)
    for block in contract.all(model.Registers):
        check_registers(contract, problems, block)
    for struct in contract.all(model.Struct):
        check_members(contract, problems, struct.members, struct.where)
    for table in contract.all(model.Table):
        check_table(contract, problems, table)
    for where, text in texts(contract):
        check_references(contract, problems, where, text, names)
    if contract.version not in names:
        problems.add("contract.yaml", f"version: {contract.version!r} is no constant: name the one that is it")


def numbers_are_known(contract, problems, item):
    """Arithmetic uses numbers that exist."""
    try:
        constants.of_constant(item, contract)
    except Unknown as error:
        problems.add(item.where, f"value: {error}")
        return False
    return True


# ---- names -------------------------------------------------------------------------

def unique_names(contract, problems):
    """Every name of a constant, each defined once; so are structures and meanings of "of"."""
    owners = {}
    for file in contract.files:
        for item in file.items:
            for one in defined(contract, problems, item):
                if one.name in owners:
                    problems.add(item.where, f"defines {one.name}, which {owners[one.name]} defines: rename one")
                owners[one.name] = item.where
    seen = {}
    for item in contract.all((model.Struct, model.Enum, model.Bits, model.Registers, model.Table)):
        kind = "meaning" if isinstance(item, (model.Enum, model.Bits)) else type(item).__name__
        if (kind, item.name) in seen:
            problems.add(item.where, f"{item.name} is the name of {seen[kind, item.name]}: rename one")
        seen[kind, item.name] = item.where
    return owners


def defined(contract, problems, item):
    """Constants of an item, or a sentence why there are none."""
    if isinstance(item, model.Enum) and item.inside:
        if contract.field(item.inside)[0] is None:
            problems.add(item.where, f"inside: {item.inside!r}: write BITS.FIELD of a bits item")
            return []
    if isinstance(item, model.Registers) and item.stride and item.base is None:
        problems.add(item.where, "has a stride and no base: add base")
        return []
    return constants.defined(item, contract)


# ---- values ------------------------------------------------------------------------

def check_enum(contract, problems, enum):
    """No value twice; attributes are of the kind the enumeration says."""
    owner = {}
    for entry in enum.values:
        if entry.value in owner:
            problems.add(entry.where, f"value {entry.value} is that of {owner[entry.value]}: give it another")
        owner[entry.value] = entry.name
        for name, value in entry.marks.items():
            check_attribute(contract, problems, f"{entry.where}: {name}", enum.attributes.get(name), value)
        if "body" in entry.marks and "engine" not in entry.marks:
            problems.add(entry.where, "has a body and no engine: name the one that runs it")
    field = contract.field(enum.inside)[0] if enum.inside else None
    for entry in enum.values if field else ():
        check_width(problems, entry, field.high - field.low + 1)


def check_width(problems, entry, width):
    """A value lies inside its word or field."""
    if entry.value >> width:
        problems.add(entry.where, f"value {entry.value} needs more than {width} bits: give it a smaller one")


def check_attribute(contract, problems, where, kind, value):
    """text, string, number, struct, the name of an enumeration, or a list with that name for several of its values."""
    if isinstance(kind, list):
        if not isinstance(value, list) or not value:
            problems.add(where, f"is {value!r}: write a list of values of {kind[0]}")
        for one in value if isinstance(value, list) else ():
            check_attribute(contract, problems, where, kind[0], one)
        return
    if kind in ("text", "string"):
        right, wanted = isinstance(value, str), "a text"
    elif kind == "number":
        right, wanted = isinstance(value, int), "a number"
    elif kind == "struct":
        right, wanted = contract.find(model.Struct, value), "the name of a structure"
    else:
        enum = contract.find(model.Enum, kind)
        right = enum and value in [entry.name for entry in enum.values]
        wanted = f"a value of {kind}" if enum else "nothing: its enumeration does not exist"
    if not right:
        problems.add(where, f"is {value!r}: write {wanted}")


def check_of(contract, problems, where, name, width):
    """"of NAME" leads to a meaning whose values fit."""
    if name is None:
        return
    meaning = contract.meaning(name)
    if meaning is None:
        problems.add(where, f"of {name}: no enum, flags or bits has that name: add it, or correct the name")
        return
    for entry in meaning.values if isinstance(meaning, model.Enum) else ():
        if entry.value >> width:
            problems.add(where, f"of {name}: {entry.name} = {entry.value} needs more than {width} bits")
    for entry in meaning.fields if isinstance(meaning, model.Bits) else ():
        if entry.high >= width:
            problems.add(where, f"of {name}: {entry.name} uses bit {entry.high}, the word has {width} bits")


def check_fields(contract, problems, fields, width, where):
    """Fields lie in the word and not on each other."""
    taken = {}
    for entry in fields:
        if entry.high >= width:
            problems.add(entry.where, f"uses bit {entry.high}, and the word has {width} bits")
        for bit in range(entry.low, entry.high + 1):
            if bit in taken:
                problems.add(entry.where, f"bit {bit} belongs to {taken[bit]} too: move one of them")
                break
            taken[bit] = entry.name
        check_of(contract, problems, entry.where, entry.marks.get("of"), entry.high - entry.low + 1)
        reset = entry.marks.get("reset")
        if isinstance(reset, int) and reset >> (entry.high - entry.low + 1):
            problems.add(entry.where, f"reset {reset} does not fit into the field")
    if not fields:
        problems.add(where, "has no fields: add one")


def check_registers(contract, problems, block):
    """Registers lie aligned and apart."""
    end, before = 0, None
    for register in sorted(block.registers, key=lambda one: one.at):
        step, size = register.bits // 8, extent(contract, problems, register)
        if register.bits not in (32, 64):
            problems.add(register.where, f"bits is {register.bits}: write 32 or 64")
        elif register.at % 4:
            problems.add(register.where, f"at 0x{register.at:x} is not aligned: use a multiple of 4")
        if register.at < end:
            problems.add(register.where, f"at 0x{register.at:x} lies on {before}, which ends at 0x{end:x}: move one")
        end, before, register.size = register.at + size, register.name, size
        check_of(contract, problems, register.where, register.of, 8 * step)
        if register.fields:
            check_fields(contract, problems, register.fields, 8 * step, register.where)
        for entry in register.values:
            check_width(problems, entry, 8 * step)
    if block.stride and end > block.stride:
        problems.add(block.where, f"its registers end at 0x{end:x}, stride is 0x{block.stride:x}: make it larger")


def extent(contract, problems, register):
    """Bytes a register takes."""
    try:
        if register.bytes is not None:
            return constants.evaluated(register.bytes, contract)
        return register.bits // 8 * (constants.evaluated(register.count, contract) or 1)
    except Unknown as error:
        problems.add(register.where, str(error))
        return 4


def check_members(contract, problems, members, where):
    """Meanings fit the type; names are there once in C, where anonymous groups do not count."""
    seen = {}
    for path, member in paths(members):
        if path in seen:
            problems.add(member.where, f"{path} is there twice, the other in {seen[path]}: rename one")
        seen[path] = member.where
        if member.members is not None:
            continue
        if member.of and member.base not in WIDTHS:
            problems.add(member.where, f"of {member.of}: only u8 to u64 have a meaning")
        elif member.of:
            check_of(contract, problems, member.where, member.of, WIDTHS[member.base])
        check_fixed(contract, problems, member)
        if member.index and not contract.find(model.Enum, member.index):
            problems.add(member.where, f"index {member.index}: no enum has that name")
        if member.mark in ("mbz", "zero") and member.base not in SCALARS:
            problems.add(member.where, "only plain bytes and words can be mbz or zero")
    check_tags(contract, problems, members, members)
    if not members:
        problems.add(where, "has no members: add one")


def check_fixed(contract, problems, member):
    """is: NUMBER names a number that a single word holds."""
    if member.fixed is None:
        return
    where = f"{member.where}: is"
    if member.base not in WIDTHS or member.count:
        problems.add(where, "only a single u8 to u64 has one value")
        return
    try:
        if constants.evaluated(member.fixed, contract) >> WIDTHS[member.base]:
            problems.add(where, f"{member.fixed} needs more than {WIDTHS[member.base]} bits")
    except Unknown as error:
        problems.add(where, str(error))


def check_tags(contract, problems, group, members):
    """when: {MEMBER: VALUE} names a member beside or outside and a value of its meaning."""
    flat = dict(paths(members))
    for member in group:
        check_tags(contract, problems, member.members or (), members)
        for name, value in member.when.items():
            tag = flat.get(name)
            meaning = contract.meaning(tag.of) if tag and tag.of else None
            if not isinstance(meaning, model.Enum) or value not in [entry.name for entry in meaning.values]:
                problems.add(member.where, f"when {name}: {value}: name a member that is "
                             "\"of\" an enum, and one of its values")


def check_table(contract, problems, table):
    """Cells are of their column's kind."""
    for row in table.rows:
        for (column, kind), cell in zip(table.columns.items(), row):
            check_attribute(contract, problems, f"{table.where}: {column}", kind, cell)


# ---- references --------------------------------------------------------------------

def texts(contract):
    """(where, text) of all prose."""
    for file in contract.files:
        yield f"{file.name}.yaml", f"{file.title} {file.doc}"
        for item in file.items:
            yield item.where, item.doc
            for entry in [*getattr(item, "values", ()), *getattr(item, "fields", ())]:
                yield entry.where, " ".join([entry.doc, *map(str, entry.marks.values())])
            for register in item.registers if isinstance(item, model.Registers) else ():
                yield register.where, register.doc
                for entry in [*register.fields, *register.values]:
                    yield entry.where, entry.doc
            for _, member in paths(item.members) if isinstance(item, model.Struct) else ():
                yield member.where, member.doc
            for row in item.rows if isinstance(item, model.Table) else ():
                yield item.where, " ".join(map(str, row))


def check_references(contract, problems, where, text, names):
    """$NAME is a constant, $NAME* begins some, $name is a structure."""
    for name, star in REFERENCE.findall(text):
        if name[0].islower():
            right = contract.find(model.Struct, name)
        elif star:
            right = any(other.startswith(name) for other in names)
        else:
            right = name in names
        if not right:
            problems.add(where, f"${name}{star} leads nowhere: correct the name")
