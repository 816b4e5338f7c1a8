# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Where members lie. A member lies behind the one before it; there is no padding that is not a member."""

from generator import model
from generator.constants import evaluated
from generator.expression import Unknown

SCALARS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "text": 1}


class Layout:
    """Computes all structures of a contract, those first that others contain."""

    def __init__(self, contract, problems):
        self.contract, self.problems = contract, problems
        self.sizes = {}

    def run(self):
        """Fill in offset, size, align and repeat of every member."""
        for struct in self.contract.all(model.Struct):
            self.struct(struct, ())

    def struct(self, struct, outer):
        """(size, alignment) of a structure; @outer are the structures that wait for it."""
        if struct.name in self.sizes:
            return self.sizes[struct.name]
        if struct.name in outer:
            self.problems.add(struct.where, f"contains itself, through {', '.join(outer)}: break the circle")
            return 0, 1
        end, align = self.sequence(struct.members, 0, (*outer, struct.name))
        if end != struct.size:
            self.problems.add(struct.where, f"its members end at {end}, size says {struct.size}: "
                              f"{gap(end, struct.size)}")
        elif struct.size % align:
            self.problems.add(struct.where, f"size {struct.size} is no multiple of {align}, the largest "
                              "alignment inside: add a mbz member at the end")
        self.sizes[struct.name] = struct.size, align
        return self.sizes[struct.name]

    def sequence(self, members, start, outer):
        """Members one behind the other: (end, alignment)."""
        at, align = start, 1
        for member in members:
            self.place(member, at, outer)
            at += member.size
            align = max(align, member.align)
        return at, align

    def place(self, member, at, outer):
        """One member, which must lie aligned and where its @at says."""
        member.offset = at
        if member.members is not None:
            self.group(member, at, outer)
        else:
            size, member.align = self.element(member, outer)
            member.repeat = self.count(member)
            member.size = size * (member.repeat or 1)
        if at % member.align:
            missing = -at % member.align
            self.problems.add(member.where, f"would lie at {at}, and its type wants a multiple of {member.align}: "
                              f"add a mbz member of {missing} bytes before it, such as mbz: [u8 x {missing}, mbz]")
        if member.at is not None and member.at != at:
            self.problems.add(member.where, f"lies at {at}, at says {member.at}: {gap(at, member.at)}")

    def group(self, member, at, outer):
        """A structure's members follow each other, those of a union begin together."""
        if member.union:
            for inner in member.members:
                self.place(inner, at, outer)
            member.size = max((inner.size for inner in member.members), default=0)
            member.align = max((inner.align for inner in member.members), default=1)
        else:
            end, member.align = self.sequence(member.members, at, outer)
            member.size = end - at
        if member.size % member.align:
            self.problems.add(member.where, f"its {member.size} bytes are no multiple of {member.align}, the "
                              "largest alignment inside: add a mbz member at the end")

    def element(self, member, outer):
        """(size, alignment) of one element."""
        if member.base in SCALARS:
            return SCALARS[member.base], SCALARS[member.base]
        struct = self.contract.find(model.Struct, member.base)
        if struct is None:
            self.problems.add(member.where, f"unknown type {member.base!r}: write {', '.join(SCALARS)} or the "
                              "name of a structure")
            return 1, 1
        return self.struct(struct, outer)

    def count(self, member):
        """Elements of an array, None for a single one."""
        count = member.count
        try:
            value = int(count) if count and count.isdecimal() else evaluated(count, self.contract)
        except Unknown as error:
            self.problems.add(member.where, f"count: {error}")
            return 1
        if value is not None and value < 1:
            self.problems.add(member.where, f"count is {value}: an array has at least one element")
            return 1
        return value


def gap(now, wanted):
    """What to do about a position that differs."""
    if now < wanted:
        return f"add mbz members of {wanted - now} bytes, or correct the number"
    return f"take {now - wanted} bytes away, or correct the number"
