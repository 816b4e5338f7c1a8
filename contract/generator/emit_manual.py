# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Tables of docs/hardware.md, between <!-- contract: KIND NAME --> and <!-- end -->."""

import re

from generator import model
from generator.check import REFERENCE
from generator.constants import evaluated
from generator.problems import Problem
from generator.prose import referenced
from generator.walk import paths, type_of

MARKER = re.compile(r"^<!-- contract: (\w+) ([\w-]+) -->\n(.*?)^<!-- end -->\n", re.M | re.S)
BEGIN = re.compile(r"^<!-- contract: .*", re.M)
KINDS = {"enum": model.Enum, "flags": model.Bits, "bits": model.Bits, "registers": model.Registers,
         "struct": model.Struct, "table": model.Table}


def manual(text, contract, name):
    """The manual with today's tables in it."""
    sound = {match.start() for match in MARKER.finditer(text)}
    for match in BEGIN.finditer(text):
        if match.start() not in sound:
            raise Problem(f"{name}: {match.group(0)!r}: write <!-- contract: KIND NAME -->, the table, <!-- end -->")
    return MARKER.sub(lambda match: replaced(match, contract, name), text)


def replaced(match, contract, name):
    """A marker with the table that belongs there."""
    kind, item_name = match.group(1), match.group(2)
    item = contract.find(KINDS[kind], item_name) if kind in KINDS else None
    if item is None:
        raise Problem(f"{name}: the contract has no {kind} {item_name}: correct the marker")
    rows = TABLES[type(item)](item, contract)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return f"<!-- contract: {kind} {item_name} -->\n" + "\n".join(lines) + "\n<!-- end -->\n"


def prose(text, contract):
    """References become code, and no character ends the cell."""
    return REFERENCE.sub(lambda match: f"`{referenced(match, contract)}`", text).replace("|", "\\|")


def meaning(entry, contract):
    """Text of a value or member, and whether it is reserved."""
    reserved = getattr(entry, "reserved", False) or getattr(entry, "mark", None) == "reserved"
    return prose(entry.doc, contract) + (" (reserved)" if reserved else "")


# ---- one table per kind ------------------------------------------------------------

def of_enum(item, contract):
    """Values with their attributes."""
    shown = [name for name in item.attributes if any(name in entry.marks for entry in item.values)]
    rows = [[f"`{contract.constant_prefix}{item.prefix}_`", "value", *shown, "meaning"]]
    for entry in item.values:
        rows.append([entry.name, entry.value.text, *(attribute(entry, name, contract) for name in shown),
                     meaning(entry, contract)])
    return rows


def attribute(entry, name, contract):
    """One attribute of a value: nothing if it has none, several values behind each other."""
    value = entry.marks.get(name, "")
    return prose(" ".join(value) if isinstance(value, list) else str(value), contract)


def of_bits(item, contract):
    """Fields with their bits."""
    rows = [["bits", f"`{contract.constant_prefix}{item.prefix}_`", "meaning"]]
    return rows + [[bits(entry), entry.name.lstrip("_"), meaning(entry, contract)] for entry in item.fields]


def bits(entry):
    """7:0, or one number."""
    return str(entry.low) if entry.high == entry.low else f"{entry.high}:{entry.low}"


def of_registers(item, contract):
    """Registers, under each its fields and values."""
    rows = [["offset", "register", "access", "after reset", "meaning"]]
    for register in item.registers:
        width = len(register.at.text) - 2
        rows.append([f"0x{register.at:0{width}x}", register_name(register, contract), access(register),
                     reset(register), prose(register.doc, contract)])
        for entry in register.fields:
            rows.append(["", f"{bits(entry)} {entry.name}", "", str(entry.marks.get("reset", "")),
                         meaning(entry, contract)])
        for entry in register.values:
            rows.append(["", f"{entry.value.text} {entry.name}", "", "", meaning(entry, contract)])
    return rows


def register_name(register, contract):
    """With what is special about its width."""
    if register.count is not None:
        count = evaluated(register.count, contract)
        return f"{register.name}, {count} of {register.bits} bits"
    if register.bytes is not None:
        return f"{register.name}, {evaluated(register.bytes, contract)} bytes"
    return register.name + (", 64 bits" if register.bits == 64 else "")


def access(register):
    """R, W, RW, and in which state."""
    return register.access.upper() + (f" in state {register.during}" if register.during else "")


def reset(register):
    """A number, a word, or nothing where the device decides."""
    return "" if register.reset is None else str(register.reset)


def of_struct(item, contract):
    """Members by offset."""
    rows = [["offset", "member", "type", "meaning"]]
    for path, member in paths(item.members):
        rows.append([str(member.offset), path, type_of(member), meaning(member, contract)])
    return rows


def of_table(item, contract):
    """Rows as they are; what is missing at the end is empty."""
    rows = [list(item.columns)]
    for row in item.rows:
        cells = [prose(str(cell), contract) for cell in row]
        rows.append(cells + [""] * (len(item.columns) - len(cells)))
    return rows


TABLES = {model.Enum: of_enum, model.Bits: of_bits, model.Registers: of_registers, model.Struct: of_struct,
          model.Table: of_table}
