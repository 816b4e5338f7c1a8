# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""contract/decode/tables.c: every structure as data, for the decoder in contract/decode/decode.c."""

from generator import model
from generator.constants import evaluated
from generator.layout import SCALARS

INTRO = """/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Generated from the YAML in contract by contract/generate; do not edit. */
/* Structures of the hardware contract as data: see tsr_hw/decode.h. */
#include <tsr_hw/decode.h>

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
"""


def tables(contract):
    """The whole file."""
    parts = [INTRO]
    for item in contract.all((model.Enum, model.Bits)):
        parts.append(meaning(item))
    structs = contract.all(model.Struct)
    parts.append("\n" + "".join(f"static const struct tsr_hw_structure structure_{struct.name};\n"
                                for struct in structs))
    for struct in structs:
        parts.append(structure(struct, contract))
    parts.append(index("structure", sorted(struct.name for struct in structs)))
    parts.append(index("meaning", sorted(item.name for item in contract.all((model.Enum, model.Bits)))))
    parts.append(bodies(contract))
    return "".join(parts)


def meaning(item):
    """Names of an enumeration's values or of a word's fields."""
    entries = item.values if isinstance(item, model.Enum) else item.fields
    lines = [f"\nstatic const struct tsr_hw_name names_{item.name}[] = {{"]
    for entry in entries:
        value = entry.value if isinstance(item, model.Enum) else entry.mask
        lines.append(f'\t{{ "{entry.name.lstrip("_")}", 0x{value:x} }},')
    kind = "TSR_HW_VALUES" if isinstance(item, model.Enum) else "TSR_HW_FIELDS"
    is_open = "true" if getattr(item, "open", False) else "false"
    return "\n".join([*lines, "};", f"static const struct tsr_hw_meaning meaning_{item.name} = {{",
                      f'\t"{item.name}", {kind}, names_{item.name}, COUNT(names_{item.name}), {is_open},', "};", ""])


# ---- structures --------------------------------------------------------------------

def structure(struct, contract):
    """Members by offset; those of groups have their path as name."""
    rows = flattened(struct.members, "", [], struct.members, contract)
    lines = [f"\nstatic const struct tsr_hw_member members_{struct.name}[] = {{"]
    tags = []
    for path, member, condition in rows:
        lines.append(row(path, member, tag_of(struct.name, condition, tags), contract))
    head = "".join(f"\nstatic const uint64_t {name}[] = {{ {', '.join(values)} }};" for name, values in tags)
    return head + "\n".join([*lines, "};", f"static const struct tsr_hw_structure structure_{struct.name} = {{",
                             f'\t"{struct.name}", {struct.size}, members_{struct.name}, COUNT(members_{struct.name}),',
                             "};", ""])


def flattened(members, prefix, condition, scope, contract):
    """(path, member, condition) of all members that are no groups. A condition is (tag, values, otherwise)."""
    found = []
    for member in members:
        path = prefix if member.anonymous else prefix + member.name
        if member.members is None:
            found.append((path, member, condition))
        elif member.union:
            found += alternatives(member, path if member.anonymous else path + ".", scope, contract)
        else:
            found += flattened(member.members, path + ".", condition, scope, contract)
    return found


def alternatives(union, prefix, scope, contract):
    """Alternatives with a tag hold when the tag has their value; the first one without holds otherwise."""
    tags = {name: contract.meaning(next(one for one in scope if one.name == name).of)
            for one in union.members for name in one.when}
    values = {one.name: next(entry.value for entry in tags[name].values if entry.name == value)
              for one in union.members for name, value in one.when.items()}
    tag = next((one for one in scope if one.name in tags), None)
    found, otherwise = [], True
    for one in union.members:
        if one.name in values:
            condition = (tag, [values[one.name]], False)
        elif otherwise:
            condition, otherwise = (tag, list(values.values()), True) if tag else [], False
        else:
            continue
        found += flattened([one], prefix, condition, scope, contract)
    return found


def tag_of(name, condition, tags):
    """Initializer of a member's condition; the array it needs goes to @tags."""
    if not condition:
        return ""
    tag, values, otherwise = condition
    array = f"tags_{name}_{len(tags)}"
    tags.append((array, [f"0x{value:x}" for value in values]))
    return f", .tag = {{ {tag.offset}, {tag.size}, {array}, COUNT({array}), {'true' if otherwise else 'false'} }}"


def row(path, member, tag, contract):
    """One member."""
    size = member.size // (member.repeat or 1)
    fields = [f'.name = "{path}"', f".offset = {member.offset}", f".size = {size}"]
    if member.repeat:
        fields.append(f".count = {member.repeat}")
    if member.base == "text":
        fields.append(".text = true")
    elif member.base not in SCALARS:
        fields.append(f".structure = &structure_{member.base}")
    if member.of:
        fields.append(f".meaning = &meaning_{member.of}")
    if member.mark == "mbz":
        fields.append(".mbz = true")
    if member.fixed is not None:
        fields.append(f".fixed = true, .value = 0x{evaluated(member.fixed, contract):x}")
    if member.parameter:
        fields.append(".parameter = true")
    if member.index:
        fields.append(f".index = &meaning_{member.index}")
    return f"\t{{ {', '.join(fields)}{tag} }},"


def index(kind, names):
    """All structures or meanings, by name."""
    lines = [f"\nconst struct tsr_hw_{kind} *const tsr_hw_{kind}s[] = {{"]
    lines += [f"\t&{kind}_{name}," for name in names]
    return "\n".join([*lines, "};", f"const size_t tsr_hw_{kind}_count = COUNT(tsr_hw_{kind}s);", ""])


def bodies(contract):
    """Structures and engines of commands, from the enumeration whose values have a body."""
    lines = ["\nconst struct tsr_hw_body tsr_hw_bodies[] = {"]
    for item in contract.all(model.Enum):
        for entry in item.values:
            if "body" in entry.marks:
                engines = {one.name: one.value for one in contract.find(model.Enum, item.attributes["engine"]).values}
                engine, also = (engines[entry.marks.get(mark, entry.marks["engine"])] for mark in ("engine", "also"))
                lines.append(f"\t{{ 0x{entry.value:x}, {engine}, {also}, &structure_{entry.marks['body']} }},")
    return "\n".join([*lines, "};", "const size_t tsr_hw_body_count = COUNT(tsr_hw_bodies);", ""])
