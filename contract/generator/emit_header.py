# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/include/tsr_hw/*.h: constants, structures with kernel-doc, and assertions of their layout."""

from generator import model
from generator.constants import defined, suffix
from generator.prose import TAB, WIDTH, comment, in_c, sentence, tabbed, wrapped
from generator.rows import rows, spelled as in_row
from generator.walk import paths

SPDX = "(GPL-2.0-only OR MIT)"
VALUES, COMMENTS = 40, 56
C_TYPES = {"u8": "__u8", "text": "__u8", "u16": "__le16", "u32": "__le32", "u64": "__le64"}


def headers(contract):
    """Path under include/ and content of every header."""
    return {f"tsr_hw/{file.name}.h": header(file, contract) for file in contract.files}


def header(file, contract):
    """One file."""
    guard = f"TSR_HW_{file.name.upper()}_H"
    intro = f"{sentence(file.title)}\n\n{file.doc}"
    lines = [f"/* SPDX-License-Identifier: {SPDX} */",
             f"/* Generated from contract/{file.name}.yaml by contract/generate; do not edit. */",
             *comment(intro, contract), f"#ifndef {guard}", f"#define {guard}", "", *includes(file, contract)]
    before = None
    for item in (one for one in file.items if not isinstance(one, model.Table)):
        # Single constants stand in blocks; all else has an empty line in front.
        if not (isinstance(item, model.Constant) and isinstance(before, model.Constant)):
            lines += [""] if lines[-1] else []
        lines += EMITTERS[type(item)](item, contract)
        before = item
    lines += assertions(file, contract)
    return "\n".join([*lines, "", "#endif"]) + "\n"


def includes(file, contract):
    """Headers of the structures, counts and meanings that members of this one have."""
    structs = [item for item in file.items if isinstance(item, model.Struct)]
    if not structs:
        return []
    used = {"base"}
    for struct in structs:
        for _, member in paths(struct.members):
            for owner in (contract.find(model.Struct, member.base), contract.find(model.Constant, member.count),
                          contract.meaning(member.of), contract.meaning(member.index)):
                used |= {contract.file_of(owner).name} if owner else set()
    return [*(f"#include <tsr_hw/{name}.h>" for name in sorted(used - {file.name})), ""]


# ---- constants ---------------------------------------------------------------------

def define(one, contract):
    """One line, or two when the comment is long."""
    name = contract.constant_prefix + one.name + (f"({one.argument})" if one.argument else "")
    line = tabbed(f"#define {'  ' if one.indent else ''}{name}", VALUES) + spelled(one)
    if not one.doc:
        return [line]
    text = f"/* {in_c(one.doc, contract)} */"
    for column in (COMMENTS, 0):
        full = tabbed(line, column) + text
        if len(full.expandtabs(TAB)) <= WIDTH:
            return [full]
    return [*comment(one.doc, contract), *folded(line)]


def folded(line):
    """A definition that is too long for one line, broken behind the names of a mask."""
    first, *rest = line.split(" | ")
    lines = [first]
    for name in rest:
        if len(f"{lines[-1]} | {name} | \\".expandtabs(TAB)) <= WIDTH:
            lines[-1] += f" | {name}"
        else:
            lines[-1] += " | \\"
            lines.append("\t" * (VALUES // TAB) + f" {name}")
    return lines


def spelled(one):
    """The value in C."""
    if one.text:
        return one.text
    if isinstance(one.value, str):
        return f'"{one.value}"'
    text = getattr(one.value, "text", None) or (str(one.value) if one.value < 10000 else f"0x{one.value:x}")
    return text + suffix(one.type)


def single(item, contract):
    """constant, macro"""
    return define(defined(item, contract)[0], contract)


def several(item, contract):
    """enum, flags, bits: what they are, then one line each."""
    lines = [line for one in defined(item, contract) for line in define(one, contract)]
    more = rows_macro(item, contract) if isinstance(item, model.Enum) and item.rows else []
    return [*comment(sentence(item.doc), contract), *([""] if lines[0].startswith("/*") else []), *lines, *more]


def rows_macro(item, contract):
    """Calls a macro for each value, with its name and its attributes."""
    columns = [name for name, kind in item.attributes.items() if kind not in ("text", "struct")]
    lines = ["", *comment(f"X(NAME, {', '.join(columns)}) for each value", contract),
             f"#define {contract.constant_prefix}{item.rows}(X) \\"]
    lines += [f"\tX({', '.join([entry.name, *row])}) \\" for entry, row in rows(item, contract, in_row)]
    return [*lines[:-1], lines[-1].removesuffix(" \\")]


def block(item, contract):
    """registers: offsets, under each its fields and values."""
    return [*comment(sentence(item.doc), contract), "",
            *(line for one in defined(item, contract) for line in define(one, contract))]


def note(item, contract):
    """note"""
    return comment(item.doc, contract)


# ---- structures --------------------------------------------------------------------

def struct(item, contract):
    """kernel-doc and definition."""
    name = f"struct {contract.struct_prefix}{item.name}"
    lines = ["/**", *wrapped(f"{name} - {in_c(item.doc, contract)}", " * ", " *   ")]
    for path, member in paths(item.members):
        lines += wrapped(f"@{path}: {described(member, contract)}", " * ", " *   ")
    return [*lines, " */", f"{name} {{", *members(item.members, contract, "\t"), "};"]


def described(member, contract):
    """Its text, and which constants it takes."""
    text = in_c(member.doc, contract)
    meaning = contract.meaning(member.of) if member.of else None
    if meaning and getattr(meaning, "open", False):
        names = ", ".join(f"{contract.constant_prefix}{meaning.prefix}_{entry.name}" for entry in meaning.values)
        text += f" (or {names})"
    elif meaning:
        text += f" ({contract.constant_prefix}{meaning.prefix}_*)"
    return text + (" (reserved)" if member.mark == "reserved" else "")


def members(found, contract, indent):
    """Declarations."""
    lines = []
    for member in found:
        if member.members is not None:
            name = "" if member.anonymous else f" {member.name}"
            lines += [f"{indent}{'union' if member.union else 'struct'} {{",
                      *members(member.members, contract, indent + "\t"), f"{indent}}}{name};"]
        else:
            lines.append(f"{indent}{declaration(member, contract)};")
    return lines


def declaration(member, contract):
    """One member without its semicolon."""
    kind = C_TYPES.get(member.base) or f"struct {contract.struct_prefix}{member.base}"
    count = member.count
    if count is None:
        return f"{kind} {member.name}"
    return f"{kind} {member.name}[{count if count.isdecimal() else contract.constant_prefix + count}]"


def assertions(file, contract):
    """What layout.py computed, for every compiler to prove."""
    structs = [item for item in file.items if isinstance(item, model.Struct)]
    lines = ["", "/* Sizes and offsets. */"] if structs else []
    for item in structs:
        name = f"struct {contract.struct_prefix}{item.name}"
        lines.append(f"{contract.constant_prefix}SIZE({name}, {item.size});")
        lines += [f"{contract.constant_prefix}OFFSET({name}, {path}, {member.offset});"
                  for path, member in paths(item.members)]
    return lines


EMITTERS = {model.Constant: single, model.Macro: single, model.Enum: several, model.Bits: several,
            model.Registers: block, model.Struct: struct, model.Note: note}
