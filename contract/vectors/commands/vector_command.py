# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""VECTOR commands: a body, and behind it a program of ../vector with the tensors of its inputs."""

import math
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "vector"))

from program import Insn, Program  # noqa: E402
from steps import step_over  # noqa: E402

OP, BYTES_A_TENSOR, BYTES_OF_BODY = 0x30, 128, 176


def up(a, b):
    """Divided, rounded up."""
    return -(-a // b)


def pack_program(program, inputs):
    """A program as it lies in a command."""
    packed = program.pack() if program else b""
    return packed[:8] + b"".join(tensor.pack()[:BYTES_A_TENSOR] for tensor in inputs) + packed[8:]


class VectorCommand:
    """Body, program and inputs; any field can be overwritten after it was made.

    A prologue is a pair of a program and its inputs.
    """

    def __init__(self, program, d, *inputs, op=OP, bytes_of_body=BYTES_OF_BODY, prologue=(None, ())):
        self.op, self.program, self.d = op, program, d
        for i in range(4):
            setattr(self, f"head_mbz{i}", 0)
        self.block = step_over(d)
        self.inputs, self.pre_inputs = len(inputs), len(prologue[1])
        for i, tensor in enumerate(inputs):
            setattr(self, f"in{i}", tensor)
        self.prologue = prologue[0]
        for i, tensor in enumerate(prologue[1]):
            setattr(self, f"pre_in{i}", tensor)
        self.post = bytes_of_body if program else 0
        self.pre = bytes_of_body + len(self.pack_program()) if self.prologue else 0
        self.size = len(self.pack_parts()) + 16

    def tensors(self):
        """Of the inputs."""
        return [getattr(self, f"in{i}") for i in range(self.inputs)]

    def pre_tensors(self):
        """Of the inputs of the prologue."""
        return [getattr(self, f"pre_in{i}") for i in range(self.pre_inputs)]

    def pack_body(self):
        """What lies between header and program."""
        return self.d.pack()[:BYTES_A_TENSOR] + struct.pack("<8I", *self.block)

    def pack_program(self):
        """The epilogue, or what VECTOR computes."""
        return pack_program(self.program, self.tensors())

    def pack_parts(self):
        """All behind the header."""
        return self.pack_body() + self.pack_program() + pack_program(self.prologue, self.pre_tensors())

    def pack(self):
        """The whole command."""
        return struct.pack("<BBHHHHHI", self.op, self.head_mbz0, self.head_mbz1, self.size, self.head_mbz2, self.post,
                           self.pre, self.head_mbz3) + self.pack_parts()


def stored(*types):
    """Names of the types in ../vector."""
    return [name.upper() for name in types]


def total(tensor, types=("fp32", "fp32", "fp16"), dim=(4, 100)):
    """D = (A + B) * 0.5"""
    code = [Insn("CONSTANT", "F32", 8, (), 0), Insn("ADD", "F32", 5, (0, 1)), Insn("MUL", "F32", 5, (5, 8))]
    program = Program(code, 5, stored(*types[:2]), consts=[0x3f000000], dims=dim)
    return VectorCommand(program, tensor(2, types[2], dim), tensor(0, types[0], dim), tensor(1, types[1], dim))


def conversion(tensor, from_type, to_type, dim=(100,), flags=0):
    """A program without instructions."""
    return VectorCommand(Program([], 0, stored(from_type), dims=dim, flags=flags), tensor(2, to_type, dim),
                         tensor(0, from_type, dim))


def halves(tensor, strides=(6, 1)):
    """A conversion of elements of half a byte, rows of three bytes."""
    return VectorCommand(Program([], 0, ["INT4"], dims=(3, 5)), tensor(2, "uint4", (3, 5), strides=list(strides)),
                         tensor(0, "int4", (3, 5), strides=[6, 1]))


def heavy(tensor, dim):
    """Twenty powers, so that memory is no bound."""
    program = Program([Insn("POW", "F32", 0, (0, 1)) for _ in range(20)], 0, stored("fp32", "fp32"), dims=dim)
    return VectorCommand(program, tensor(2, "fp32", dim), tensor(0, "fp32", dim), tensor(1, "fp32", dim))


def valid(tensor):
    """(name, command) of commands that are taken."""
    yield "vector-total", total(tensor)
    repeated = total(tensor)
    repeated.in1.stride[0] = 0
    yield "vector-repeats-a-row", repeated
    for dim in ((4, 100), (6, 2, 32), (64,), (65,), (1, 1), ()):
        yield "vector-heavy-" + ("x".join(map(str, dim)) or "scalar"), heavy(tensor, dim)
    rows = heavy(tensor, (6, 2, 32))
    rows.in1.stride[0] = 0
    yield "vector-heavy-repeats-pictures", rows
    turned = heavy(tensor, (6, 100))
    turned.d.stride[:2] = [1, 6]
    yield "vector-heavy-turns", turned
    yield "vector-converts", conversion(tensor, "fp16", "fp32")
    yield "vector-halves", halves(tensor)
    yield "vector-halves-turned", halves(tensor, (1, 4))
    small = halves(tensor)
    small.block[:2] = [1, 2]
    yield "vector-halves-in-small-steps", small
    nothing = VectorCommand(Program([], 0, ["INT4"], dims=(0, 5)), tensor(2, "uint4", (0, 5), strides=[1, 1]),
                            tensor(0, "int4", (0, 5), strides=[-3, 1]))
    nothing.block[:2] = [1, 3]
    yield "vector-no-halves", nothing
    yield "vector-nothing", total(tensor, dim=(0, 100))
    index = Program([Insn("INDEX", "I64", 3, (), 1)], 3, dims=(5, 7))
    yield "vector-without-inputs", VectorCommand(index, tensor(2, "int32", (5, 7)))
    constants = total(tensor)
    constants.in1.slot, constants.in1.offset = 0xffff, 256
    yield "vector-input-in-the-program", constants


def malformed(tensor):
    """(name, command, verdict, changes) of commands that a change makes wrong."""
    good = total(tensor)
    yield "vector-no-program", good, "COMMAND", {"post": 0}
    yield "vector-program-in-the-body", good, "COMMAND", {"post": good.post - 8}
    yield "vector-program-further-on", good, "COMMAND", {"post": good.post + 8}
    yield "vector-with-a-prologue", good, "COMMAND", {"pre": good.size - 8}
    for i, value in enumerate((1, 1, 1, 1 << 31)):
        yield f"vector-header-mbz{i}", good, "COMMAND", {f"head_mbz{i}": value}
    for name, more in (("short", -8), ("no-words", -4)):
        yield f"vector-size-{name}", good, "COMMAND", {"size": good.size + more}
    yield "vector-input-of-another-shape", good, "COMMAND", {"in1__dim__1": 99}
    yield "vector-input-of-another-rank", good, "COMMAND", {"in1__rank": 3, "in1__dim__2": 1}
    yield "vector-input-of-another-register", good, "COMMAND", {"in1__type": 12}
    packed = halves(tensor)
    yield "vector-halves-cut-by-a-step", packed, "COMMAND", {"block__1": 3}
    yield "vector-halves-of-odd-rows", packed, "COMMAND", {"in0__stride__0": 5}
    yield "vector-halves-without-neighbours", packed, "COMMAND", {"in0__stride__1": 2}
    yield "vector-halves-with-neighbours-twice", packed, "COMMAND", {"in0__stride__0": 1}
    yield "vector-halves-backwards", packed, "COMMAND", {"in0__stride__0": -6, "in0__offset": 12}
    yield "vector-halves-behind-their-slot", packed, "SLOT", {"in0__offset": 0x10000 - 8}
    yield "vector-stored-halves-of-odd-rows", packed, "COMMAND", {"d__stride__0": 5}
    yield "vector-stored-halves-overlap", packed, "COMMAND", {"d__stride__0": 4}
    yield "vector-stored-halves-behind-their-slot", packed, "SLOT", {"d__offset": 0x10000 - 8}
    yield "vector-step-without-extent", good, "COMMAND", {"block__0": 0}
    yield "vector-output-repeats", good, "COMMAND", {"d__stride__0": 0}
    yield "vector-input-behind-its-slot", good, "SLOT", {"in1__offset": 0x10000 - 1596}
    yield "vector-output-of-a-slot-for-reading", good, "SLOT", {"d__slot": 1}
    for name, field, value in (("instructions", "insns", 2), ("constants", "consts", 2), ("inputs", "inputs", 1),
                               ("result", "result", 9), ("flags", "flags", 4)):
        wrong = total(tensor).program
        wrong.head[field] = value
        yield f"vector-program-{name}", good, "COMMAND", {"program": wrong}
    for name, verdict, number in (("missing", "PARAMETER", 0), ("last", "PARAMETER", 255), ("unknown", "COMMAND", 256)):
        wrong = total(tensor).program
        wrong.consts, wrong.const_p = [number], 1
        yield f"vector-constant-of-a-{name}-parameter", good, verdict, {"program": wrong}
    index = Program([Insn("INDEX", "I64", 3, (), 1)], 3, dims=(5, 7))
    for name, verdict, number in (("missing", "PARAMETER", 0), ("last", "PARAMETER", 255), ("unknown", "COMMAND", 256)):
        wrong = Program([Insn("PARAMETER", "I64", 3, (), number)], 3, dims=(5, 7))
        yield (f"vector-reads-a-{name}-parameter", VectorCommand(index, tensor(2, "int32", (5, 7))), verdict,
               {"program": wrong})


def results(tensor):
    """(name, command, memories, result) to the bit."""
    codes, other = [-128, -3, 0, 5, 126, 127, 55, -77], [12, 0, 255, 254, 3, 128, 77, 1]
    code = [Insn("ADD", "I32", 5, (0, 1))]
    for name, flags, want in (("saturates", 0, [max(-128, min(127, x + y)) for x, y in zip(codes, other)]),
                              ("wraps", 2, [(x + y + 128) % 256 - 128 for x, y in zip(codes, other)])):
        program = Program(code, 5, stored("int8", "uint8"), flags=flags, dims=(8,))
        yield (f"vector-add-{name}", VectorCommand(program, tensor(2, "int8", (8,)), tensor(0, "int8", (8,)),
                                                   tensor(1, "uint8", (8,))),
               ((0, struct.pack("8b", *codes)), (1, struct.pack("8B", *other))), struct.pack("8b", *want))
    program = Program([Insn("ADD", "I32", 5, (0, 1))], 5, ["INT4", "UINT4"], dims=(2, 3))
    yield ("vector-adds-halves", VectorCommand(program, tensor(2, "int4", (2, 3), strides=[4, 1]),
                                               tensor(0, "int4", (2, 3), strides=[4, 1]),
                                               tensor(1, "uint4", (2, 3), strides=[1, 2])),
           ((0, bytes((0xf8, 0x63, 0x07, 0xeb))), (1, bytes((0x01, 0xf2, 0x94))), (2, bytes([255] * 4))),
           bytes((0x19, 0x07, 0x77, 0x04)))
    values = [0.5, 1.5, -0.5, -1.5, 2.5, 1e9, -1e9, math.nan]
    yield ("vector-ties-go-to-even", conversion(tensor, "fp32", "int8", (8,)), ((0, struct.pack("<8f", *values)),),
           struct.pack("8b", 0, 2, 0, -2, 2, 127, -128, 0))
    index = [Insn("INDEX", "I64", 1, (), 0), Insn("INDEX", "I64", 2, (), 1), Insn("SUB", "I64", 1, (1, 2)),
             Insn("CONVERT", "I64", 1, (1,), 1), Insn("MUL", "I32", 0, (0, 1))]
    turned = VectorCommand(Program(index, 0, stored("int8"), dims=(3, 2)), tensor(2, "int8", (3, 2)),
                           tensor(0, "int8", (3, 2), offset=3, strides=[1, -3]))
    grid = [5, -1, 3, 27, -28, 77]
    yield ("vector-turns-and-knows-indices", turned, ((0, struct.pack("6b", *grid)),),
           struct.pack("6b", *(max(-128, min(127, grid[3 * (1 - j) + i] * (i - j))) for i in range(3)
                               for j in range(2))))
