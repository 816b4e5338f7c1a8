# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""VECTOR programs: their bytes, and what they compute."""

import struct

from elements import load, register_of, signed, store
from manual import OPERATIONS, REGISTERS, TYPES
from meaning import Divisions, WIDTH, result

NAMES = {number: name for name, number in TYPES.items()}
SATURATE, WRAP = 1, 2
TO_SATURATE, TO_WRAP = 0x100, 0x200
MASK = (1 << 64) - 1


class Insn:
    """An instruction; any field can be overwritten after it was made."""

    def __init__(self, name, kind, dst=0, operands=(), imm=0):
        self.name, self.kind = name, kind
        self.op = int(OPERATIONS[name]["value"], 0)
        self.type = REGISTERS[kind]
        self.dst, self.imm = dst, imm
        self.operands = [*operands, 0, 0, 0][:3]
        self.count = len(operands)

    def pack(self):
        """Eight bytes."""
        return struct.pack("<6BH", self.op, self.type, self.dst, *self.operands, self.imm)


class Program:
    """A program with what it is given: stored types of its inputs, type of the command's value, extents."""

    def __init__(self, code, result_register, inputs=(), consts=(), flags=0, const_p=0, value=None, dims=(8,), tile=0,
                 parameters=()):
        self.code, self.result, self.inputs, self.consts = list(code), result_register, list(inputs), list(consts)
        self.flags, self.const_p, self.value, self.dims = flags, const_p, value, dims
        self.tile, self.parameters = tile, list(parameters)
        self.head = {}

    def pack(self):
        """Head, constants, instructions: what lies in a command without the tensors of the inputs."""
        head = {"insns": len(self.code), "consts": len(self.consts), "inputs": len(self.inputs), "result": self.result,
                "flags": self.flags, "const_p": self.const_p, **self.head}
        return b"".join([struct.pack("<4B2H", *head.values()), *(struct.pack("<Q", one & MASK) for one in self.consts),
                         *(insn.pack() for insn in self.code)])

    def constant(self, number, kind):
        """CONSTANT of that type."""
        bits = self.consts[number] & MASK
        if self.const_p >> number & 1:
            bits = self.parameters[bits]
        if kind == "BOOL":
            return bits & 1
        return load("FP32", bits & 0xffffffff) if kind == "F32" else signed(bits & (1 << WIDTH[kind]) - 1, WIDTH[kind])

    def index(self, element, axis):
        """INDEX of an element."""
        inside = 1
        for extent in self.dims[axis + 1:]:
            inside *= extent
        return element // inside % self.dims[axis]

    def step(self, insn, registers, element, divisions):
        """One instruction."""
        name = insn.name
        if name == "CONSTANT":
            return self.constant(insn.imm, insn.kind)
        if name == "INDEX":
            return self.index(element, insn.imm)
        if name == "TILE":
            return self.tile
        if name == "PARAMETER":
            return signed(self.parameters[insn.imm], 64)
        operands = [registers[one] for one in insn.operands[:insn.count]]
        return result(name, insn.kind, operands, insn.imm, NAMES, divisions)

    def run(self, inputs, values):
        """(results as values of the register, divisions by zero) for columns of stored bits."""
        found, divisions = [], Divisions()
        for element in range(len(inputs[0]) if inputs else len(values) if values else self.elements()):
            registers = {n: load(name, codes[element]) for n, (name, codes) in enumerate(zip(self.inputs, inputs))}
            if values:
                registers[4] = load(self.value, values[element])
            for insn in self.code:
                registers[insn.dst] = self.step(insn, registers, element, divisions)
            found.append(registers[self.result])
        return found, divisions.by_zero

    def elements(self):
        """Of the output."""
        count = 1
        for extent in self.dims:
            count *= extent
        return count

    def result_kind(self):
        """Type of the result register."""
        kinds = {n: register_of(name) for n, name in enumerate(self.inputs)}
        if self.value:
            kinds[4] = register_of(self.value)
        for insn in self.code:
            row = OPERATIONS[insn.name]
            kinds[insn.dst] = "BOOL" if row["result"] == "BOOL" else insn.kind
            if row["result"] == "IMMEDIATE":
                kinds[insn.dst] = next(name for name, number in REGISTERS.items() if number == insn.imm & 0xff)
        return kinds[self.result]

    def weight(self):
        """Cycles of a strip."""
        return max(1, sum(int(OPERATIONS[insn.name]["weight"]) for insn in self.code))

    def stored(self, values, name):
        """Results as bits of the output's type."""
        return [store(name, one, self.result_kind(), bool(self.flags & SATURATE), bool(self.flags & WRAP))
                for one in values]
