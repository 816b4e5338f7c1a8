# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Every number and address that an item defines, under its name without prefix."""

from dataclasses import dataclass

from generator import model
from generator.expression import Unknown, evaluate, spelled

# Numbers of more bits than this are unsigned in C even where no type is given.
SMALL = 0xffff


@dataclass
class Defined:
    """A name, its value, and how C spells that. @argument: it is a macro, and @value its expression."""
    name: str
    value: object
    type: str
    doc: str
    text: str = None
    argument: str = None
    indent: bool = False
    derived: bool = False


def natural(value, kind=None):
    """The type of a number: given, or int while it is small."""
    if isinstance(value, str) or kind:
        return kind
    return "u64" if value > 0xffffffff else "u32" if value > SMALL else None


def suffix(kind):
    """C's mark of that type."""
    return {"u64": "ull", "u32": "u", "u16": "u", "u8": "u"}.get(kind, "")


def field_text(entry, kind):
    """A mask: a shift when it is one bit."""
    if entry.high == entry.low:
        return f"(1{suffix(kind)} << {entry.low})"
    return f"0x{entry.mask:0{16 if kind == 'u64' else 8}x}{suffix(kind)}"


def of_fields(prefix, entries, kind, indent):
    """Masks of fields. Names with an underscore in front exist in the YAML only."""
    return [Defined(f"{prefix}_{entry.name}", entry.mask, kind, text_of(entry), field_text(entry, kind),
                    indent=indent) for entry in entries if not entry.name.startswith("_")]


def text_of(entry, attributes=()):
    """What an entry says of itself, with those of its attributes that are texts."""
    parts = [entry.doc] + [f"{name}: {entry.marks[name]}" for name in attributes if name in entry.marks]
    return "; ".join(parts) + (" (reserved)" if entry.reserved else "")


def of_constant(item, contract):
    """A number or a text."""
    value = item.value if item.text else evaluated(item.value, contract)
    return [Defined(item.name, value, natural(value, item.type), item.doc)]


def of_macro(item, contract):
    """An expression with an argument."""
    def rename(name):
        return f"({name})" if name == item.argument else contract.constant_prefix + name
    return [Defined(item.name, item.value, None, item.doc, f"({spelled(item.value, rename)})", item.argument)]


def of_enum(item, contract):
    """Enumerators, and how many there are if that has a name."""
    shift, kind = 0, item.type
    if item.inside:
        field, kind = contract.field(item.inside)
        shift = field.low
    found, shown = [], [name for name, attribute in item.attributes.items() if attribute == "text"]
    for entry in item.values:
        text = f"({entry.value}{suffix(kind)} << {shift})" if item.inside else None
        value = entry.value << shift if item.inside else entry.value
        found.append(Defined(f"{item.prefix}_{entry.name}", value, natural(value, kind), text_of(entry, shown),
                             text))
    if item.count:
        highest = max(entry.value for entry in item.values)
        found.append(Defined(item.count, highest + 1, natural(highest + 1, kind), "one more than the highest"))
    return found


def of_bits(item, contract):
    """Masks, their union, and what is in none of them."""
    found = of_fields(item.prefix, item.fields, item.type, False)
    union = sum(entry.mask for entry in item.fields)
    if item.all:
        names = " | ".join(contract.constant_prefix + one.name for one in found)
        found.append(Defined(item.all, union, item.type, "all of them", f"({names})", derived=True))
    if item.mbz:
        width = int(item.type[1:])
        found.append(Defined(item.mbz, (1 << width) - 1 - union, item.type, "everything else must be zero"))
    return found


def of_registers(item, contract):
    """The block's address, and per register offset, fields and values."""
    found = []
    if item.stride:
        text = f"(0x{item.base:x}{suffix(natural(item.base))} + {item.stride.text} * ({item.index}))"
        found.append(Defined(f"{item.name}_BASE", f"{item.base} + {item.stride} * {item.index}", None,
                             "address of the block", text, item.index))
    elif item.base is not None:
        found.append(Defined(f"{item.name}_BASE", item.base, natural(item.base), "address of the block"))
    for register in item.registers:
        found += of_register(item, register)
    return found


def of_register(block, register):
    """Offsets: a 64-bit register has two, an array takes an index."""
    words = [("_LO", 0), ("_HI", 4)] if register.bits == 64 else [("", 0)]
    step = register.bits // 8
    found = []
    for word, more in words:
        name, at = f"{block.name}_{register.name}{word}", register.at + more
        doc = register.doc if not more else ""
        if register.count is None:
            found.append(Defined(name, at, natural(at), doc, f"0x{at:0{len(register.at.text) - 2}x}"))
        else:
            text = f"(0x{at:0{len(register.at.text) - 2}x} + {step} * ({register.index}))"
            found.append(Defined(name, f"{at} + {step} * {register.index}", None, doc, text, register.index))
    found += of_fields(register.prefix, register.fields, "u32", True)
    found += [Defined(f"{register.prefix}_{entry.name}", entry.value, natural(entry.value), entry.doc, indent=True)
              for entry in register.values]
    return found


BY_KIND = {model.Constant: of_constant, model.Macro: of_macro, model.Enum: of_enum, model.Bits: of_bits}


def defined(item, contract):
    """All of an item."""
    if isinstance(item, model.Registers):
        return of_registers(item, contract)
    return BY_KIND[type(item)](item, contract) if type(item) in BY_KIND else []


def lookup(contract):
    """A function from a constant's name to its value; only plain constants, to end recursion."""
    def value(name):
        item = contract.find(model.Constant, name)
        if item is None or item.text:
            raise Unknown(f"{name!r} is no number of the contract")
        return item.value if isinstance(item.value, int) else evaluate(item.value, value)
    return value


def evaluated(value, contract):
    """A number as it is written, or the result of arithmetic over constants."""
    return value if isinstance(value, int) or value is None else evaluate(value, lookup(contract))
