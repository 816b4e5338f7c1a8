# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""The contract in memory: one class per kind of item. Names have no prefix here."""

from dataclasses import dataclass, field


@dataclass
class Item:
    """What all items have; @where names the item in messages."""
    name: str
    where: str
    doc: str


@dataclass
class Constant(Item):
    """A number, arithmetic over others, or a text."""
    value: object
    type: str = None
    text: bool = False


@dataclass
class Macro(Item):
    """A number that depends on one argument."""
    argument: str
    value: str


@dataclass
class Entry:
    """One enumerator, flag, field or value of a register: [value, doc, marks...]."""
    name: str
    where: str
    value: object
    doc: str
    reserved: bool = False
    marks: dict = field(default_factory=dict)
    high: int = None
    low: int = None

    @property
    def mask(self):
        """Bits of a field or flag."""
        return (1 << self.high + 1) - (1 << self.low)


@dataclass
class Enum(Item):
    """Values of which one holds; @open: other numbers have a meaning too. @rows: a macro with their attributes."""
    prefix: str
    values: list
    type: str = None
    count: str = None
    open: bool = False
    inside: str = None
    attributes: dict = field(default_factory=dict)
    rows: str = None


@dataclass
class Bits(Item):
    """Fields of a word. Flags are bits that are all one wide."""
    prefix: str
    fields: list
    type: str = "u32"
    all: str = None
    mbz: str = None
    flags: bool = False


@dataclass
class Register(Item):
    """One register of a block."""
    at: int
    access: str
    bits: int = 32
    bytes: object = None
    count: object = None
    index: str = "n"
    reset: object = None
    during: str = None
    of: str = None
    prefix: str = None
    fields: list = field(default_factory=list)
    values: list = field(default_factory=list)
    size: int = None


@dataclass
class Registers(Item):
    """A block of registers."""
    registers: list
    base: int = None
    stride: int = None
    count: object = None
    index: str = "n"


@dataclass
class Member(Item):
    """A member of a structure. A group has @members, anything else a type; layout.py adds the rest."""
    base: str = None
    of: str = None
    count: object = None
    mark: str = None
    at: int = None
    index: str = None
    when: dict = field(default_factory=dict)
    union: bool = False
    members: list = None
    fixed: object = None
    parameter: bool = False
    offset: int = None
    size: int = None
    align: int = None
    repeat: int = None

    @property
    def anonymous(self):
        """Exists in the YAML only."""
        return self.name.startswith("_")


@dataclass
class Struct(Item):
    """A structure in memory."""
    size: int
    members: list


@dataclass
class Table(Item):
    """Rows of the manual that are neither structure nor number."""
    columns: dict
    rows: list


@dataclass
class Note(Item):
    """Prose between items."""


@dataclass
class File:
    """One concept."""
    name: str
    title: str
    doc: str
    items: list
    frozen: bool = False


@dataclass
class Contract:
    """All of it."""
    files: list
    constant_prefix: str
    struct_prefix: str
    version: str
    released: int

    def all(self, kind):
        """Items of one class, in order."""
        return [item for file in self.files for item in file.items if isinstance(item, kind)]

    def find(self, kind, name):
        """The item of that class and name, or None."""
        return next((item for item in self.all(kind) if item.name == name), None)

    def meaning(self, name):
        """The enumeration, flags or bits that "of NAME" means, or None."""
        return self.find((Enum, Bits), name)

    def field(self, path):
        """The field "BITS.FIELD", or None; and the type of the word it lies in."""
        bits, _, name = path.partition(".")
        owner = self.find(Bits, bits)
        if owner is None:
            return None, None
        return next((entry for entry in owner.fields if entry.name == name), None), owner.type

    def file_of(self, item):
        """Where an item is defined."""
        return next(file for file in self.files if item in file.items)
