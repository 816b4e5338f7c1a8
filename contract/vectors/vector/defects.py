# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Programs that are refused, each for one defect, and the repair that makes them right."""

from manual import OPERATIONS, REGISTERS, TYPES
from program import TO_SATURATE, TO_WRAP, Insn, Program

FP32_FP32 = ["FP32", "FP32"]


def twin(make, repair):
    """The same program without its defect."""
    program = make()
    repair(program)
    return program


def insn(name, kind, operands=(), imm=0, inputs=None, **fields):
    """A maker of a program with one instruction, r7, on as many inputs as it has operands; fields overwritten."""
    def make():
        one = Insn(name, kind, 7, operands, imm)
        for field, value in fields.items():
            setattr(one, field, value)
        stored = {"F32": "FP32", "I32": "INT32", "I64": "INT64", "BOOL": "BOOL"}[kind]
        return Program([one], 7, [stored] * max(1, len(operands)) if inputs is None else inputs, consts=[1])
    return make


def setting(field, value):
    """A repair of the first instruction."""
    return lambda program: setattr(program.code[0], field, value)


def operand(number, value):
    """A repair of an operand of the first instruction."""
    def repair(program):
        program.code[0].operands[number] = value
    return repair


def head(field, wrong, right):
    """A defect of the head and its repair."""
    def make():
        program = insn("ADD", "F32", (0, 1))()
        program.head[field] = wrong
        return program

    def repair(program):
        program.head[field] = right
    return make, repair


def many(count):
    """A program of so many instructions."""
    return lambda: Program([Insn("ADD", "F32", 7, (0, 1)) for _ in range(count)], 7, FP32_FP32)


def constants(count):
    """A program of so many constants."""
    return lambda: Program([Insn("ADD", "F32", 7, (0, 1))], 7, FP32_FP32, consts=range(count))


def fewer(name):
    """Takes one off a list of the program."""
    return lambda program: getattr(program, name).pop()


def unwritten(register):
    """Reads a register before it is written."""
    return lambda: Program([Insn("ADD", "F32", 7, (0, register)), Insn("MOVE", "F32", register, (0,))], 7, FP32_FP32)


def overwritten():
    """Reads an input as what it was, and it has another type now."""
    return Program([Insn("IS_NAN", "F32", 0, (0,)), Insn("ADD", "F32", 7, (0, 1))], 7, FP32_FP32)


def not_overwritten(program):
    """The first result goes elsewhere."""
    program.code[0].dst = 6


def named(value):
    """A constant that names a parameter."""
    return lambda: Program([Insn("CONSTANT", "I64", 0)], 0, consts=[value], const_p=1, dims=(2,))


def first_constant(value):
    """Repairs it."""
    def repair(program):
        program.consts[0] = value
    return repair


def of_rank(rank, axis):
    """INDEX of an output of that rank."""
    return lambda: Program([Insn("INDEX", "I64", 0, (), axis)], 0, dims=(2,) * rank)


def nothing_written(result):
    """No instruction, and the result in a register that nothing is given."""
    return lambda: Program([], result, ["FP32"], value="INT32")


def all_of(*parts):
    """Lists of defects as one."""
    return [one for part in parts for one in part]


def types():
    """Each operation with each type that it does not have."""
    for name, row in OPERATIONS.items():
        count, right = int(row["operands"] or 0), row["types"].split()
        imm = {"CONVERT": REGISTERS["F32"], "STORAGE": TYPES["FP16"]}.get(row["immediate"], 0)
        for kind in REGISTERS:
            if kind not in right:
                yield (f"{name}-of-{kind}".lower().replace("_", "-"), "a type that the operation does not have",
                       typed(name, kind, count, imm), retyped(right[0]))


def typed(name, kind, count, imm):
    """Operands of the instruction's type."""
    return insn(name, kind, tuple(range(count)), imm)


def retyped(kind):
    """The instruction and its inputs get a type that the operation has."""
    def repair(program):
        program.code[0].type = REGISTERS[kind]
        program.inputs = [{"F32": "FP32", "I32": "INT32", "I64": "INT64"}[kind]] * len(program.inputs)
    return repair


def unused():
    """Operands that an operation does not have."""
    for name, row in OPERATIONS.items():
        count = int(row["operands"] or 0)
        imm = {"CONVERT": REGISTERS["F32"], "STORAGE": TYPES["FP16"]}.get(row["immediate"], 0)
        kind = row["types"].split()[0]
        stored = {"F32": "FP32", "I32": "INT32", "I64": "INT64"}[kind]
        for number in range(count, 3):
            yield (f"{name}-operand-{'abc'[number]}".lower().replace("_", "-"), "an operand without a meaning",
                   one_more(name, kind, count, imm, number, [row["a"] or stored, stored, stored]), operand(number, 0))


def one_more(name, kind, count, imm, number, inputs):
    """An instruction that names a register for an operand it does not have."""
    def make():
        program = Program([Insn(name, kind, 7, range(count), imm)], 7, inputs, consts=[1])
        program.code[0].operands[number] = 1
        return program
    return make


def meaningless():
    """Immediates of operations that have none."""
    for name, row in OPERATIONS.items():
        if not row["immediate"]:
            count, kind = int(row["operands"] or 0), row["types"].split()[0]
            stored = {"F32": "FP32", "I32": "INT32", "I64": "INT64"}[kind]
            yield (f"{name}-immediate".lower().replace("_", "-"), "an immediate without a meaning",
                   insn(name, kind, tuple(range(count)), 1, [row["a"] or stored, stored, stored]), setting("imm", 0))


HEADS = [(f"head-{name}", rule, *head(field, wrong, right)) for name, rule, field, wrong, right in (
    ("flags", "unknown flags", "flags", 4, 3),
    ("high-flag", "unknown flags", "flags", 0x8000, 0),
    ("result", "the result is in no register", "result", 16, 7),
    ("result-unwritten", "the result was not written", "result", 8, 7),
    ("const-p", "a parameter for a constant that is not there", "const_p", 2, 1))]

DEFECTS = all_of(HEADS, [
    ("too-many-instructions", "too many instructions", many(33), fewer("code")),
    ("too-many-constants", "too many constants", constants(17), fewer("consts")),
    ("too-many-inputs", "too many inputs", insn("ADD", "F32", (0, 1), inputs=["FP32"] * 5), fewer("inputs")),
    ("operation-0", "unknown operation", insn("ADD", "F32", (0, 1), op=0), setting("op", 0x10)),
    ("operation-between", "unknown operation", insn("ADD", "F32", (0, 1), op=0x0f), setting("op", 0x10)),
    ("operation-behind", "unknown operation", insn("ADD", "F32", (0, 1), op=0x59), setting("op", 0x10)),
    ("operation-255", "unknown operation", insn("ADD", "F32", (0, 1), op=255), setting("op", 0x10)),
    ("type-4", "a type that the operation does not have", insn("MOVE", "F32", (0,), type=4), setting("type", 0)),
    ("type-128", "a type that the operation does not have", insn("MOVE", "F32", (0,), type=128), setting("type", 0)),
    ("result-register", "a result is in no register", insn("ADD", "F32", (0, 1), dst=16), setting("dst", 7)),
    ("register-a", "an operand is in no register", insn("ADD", "F32", (16, 1)), operand(0, 1)),
    ("register-b", "an operand is in no register", insn("ADD", "F32", (0, 255)), operand(1, 1)),
    ("register-c", "an operand is in no register", insn("FMA", "F32", (0, 1, 16)), operand(2, 2)),
    ("unwritten-a", "an operand was not written", insn("ADD", "F32", (2, 1)), operand(0, 0)),
    ("unwritten-b", "an operand was not written", unwritten(3), operand(1, 1)),
    ("unwritten-c", "an operand was not written", insn("FMA", "F32", (0, 1, 3)), operand(2, 2)),
    ("unwritten-value", "an operand was not written", insn("ADD", "F32", (0, 4)),
     lambda program: setattr(program, "value", "FP16")),
    ("type-of-a", "an operand has another type", insn("ADD", "F32", (0, 1), inputs=["INT32", "FP32"]), operand(0, 1)),
    ("type-of-b", "an operand has another type", insn("ADD", "I64", (0, 1), inputs=["INT64", "INT32"]), operand(1, 0)),
    ("type-of-c", "an operand has another type", insn("FMA", "F32", (0, 1, 2), inputs=["FP32", "FP16", "BOOL"]),
     operand(2, 1)),
    ("type-of-choice", "an operand has another type", insn("SELECT", "I32", (0, 1, 2), inputs=["INT32"] * 3),
     lambda program: program.inputs.__setitem__(0, "BOOL")),
    ("type-of-value", "an operand has another type",
     lambda: Program([Insn("NEG", "F32", 7, (4,))], 7, value="INT32"),
     lambda program: setattr(program, "value", "FP32")),
    ("type-of-uint32", "an operand has another type", insn("NEG", "I32", (0,), inputs=["UINT32"]),
     lambda program: program.inputs.__setitem__(0, "UINT16")),
    ("type-of-uint64", "an operand has another type", insn("NEG", "I32", (0,), inputs=["UINT64"]),
     lambda program: program.inputs.__setitem__(0, "INT4")),
    ("type-of-e8m0", "an operand has another type", insn("NEG", "I32", (0,), inputs=["E8M0"]),
     lambda program: program.inputs.__setitem__(0, "UINT4")),
    ("type-overwritten", "an operand has another type", overwritten, not_overwritten),
    ("constant-not-there", "the immediate is too large", insn("CONSTANT", "I32", (), 1), setting("imm", 0)),
    ("axis-of-rank-2", "the immediate is too large", of_rank(2, 2), setting("imm", 1)),
    ("axis-of-rank-0", "the immediate is too large", of_rank(0, 0), lambda program: setattr(program, "dims", (1,))),
    ("parameter-256", "the immediate is too large", insn("PARAMETER", "I64", (), 256), setting("imm", 255)),
    ("shift-63", "the immediate is too large", insn("RESCALE", "I32", (0, 1), 63), setting("imm", 62)),
    ("word-4", "the immediate is too large", insn("PHILOX", "I64", (0, 1), 4), setting("imm", 3)),
    ("convert-to-4", "the immediate is no type of registers", insn("CONVERT", "F32", (0,), 4), setting("imm", 3)),
    ("convert-saturates", "unknown bits in the immediate", insn("CONVERT", "F32", (0,), TO_SATURATE | 1),
     setting("imm", 1)),
    ("convert-high-bit", "unknown bits in the immediate", insn("CONVERT", "F32", (0,), 0x8001), setting("imm", 1)),
    ("convert-wraps-f32", "a conversion that cannot wrap", insn("CONVERT", "F32", (0,), TO_WRAP | 1),
     setting("imm", 1)),
    ("convert-wraps-to-i64", "a conversion that cannot wrap", insn("CONVERT", "I64", (0,), TO_WRAP | 2),
     setting("imm", TO_WRAP | 1)),
    ("round-to-int8", "the immediate is no floating-point type", insn("ROUND_TO", "F32", (0,), TYPES["INT8"]),
     setting("imm", TYPES["FP16"])),
    ("round-to-bool", "the immediate is no floating-point type", insn("ROUND_TO", "F32", (0,), TYPES["BOOL"]),
     setting("imm", TYPES["FP8_E4M3"])),
    ("round-to-none", "the immediate is no floating-point type", insn("ROUND_TO", "F32", (0,), 0),
     setting("imm", TYPES["FP8_E5M2"])),
    ("round-to-unknown", "the immediate is no floating-point type", insn("ROUND_TO", "F32", (0,), 200),
     setting("imm", TYPES["BF16"])),
    ("round-to-wraps", "unknown bits in the immediate", insn("ROUND_TO", "F32", (0,), TO_WRAP | TYPES["FP16"]),
     setting("imm", TO_SATURATE | TYPES["FP16"])),
    ("constant-names-256", "a constant names no parameter", named(256), first_constant(255)),
    ("constant-names-high-bits", "a constant names no parameter", named(1 << 32), first_constant(0)),
    ("result-not-given", "the result was not written", nothing_written(3),
     lambda program: setattr(program, "result", 4)),
], types(), unused(), meaningless())
