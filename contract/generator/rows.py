# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The attributes of an enumeration's values: as C spells them for a macro of rows, and as numbers for the lock."""

from generator import model


def rows(item, contract, show):
    """(entry, attributes) of every value. Texts and structures are left out; what an entry does not have is 0."""
    columns = {name: kind for name, kind in item.attributes.items() if kind not in ("text", "struct")}
    return [(entry, [show(entry.marks.get(name), kind, contract) for name, kind in columns.items()])
            for entry in item.values]


def spelled(value, kind, contract):
    """As C spells it: the name of a value, else the number."""
    if kind == "string":
        return f'"{value or ""}"'
    if value is None or kind == "number" or isinstance(kind, list):
        shown = number(value, kind, contract)
        return hex(shown) if isinstance(kind, list) else str(shown)
    return f"{contract.constant_prefix}{contract.find(model.Enum, kind).prefix}_{value}"


def number(value, kind, contract):
    """A number, that of a value, or for several values a mask with a bit for each."""
    if value is None:
        return 0
    if kind in ("number", "string"):
        return value
    enum = contract.find(model.Enum, kind[0] if isinstance(kind, list) else kind)
    if isinstance(kind, list):
        return sum(1 << entry.value for entry in enum.values if entry.name in value)
    return next(entry.value for entry in enum.values if entry.name == value)
