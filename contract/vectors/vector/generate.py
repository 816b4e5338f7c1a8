#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Write the golden vectors of VECTOR programs, from the manual alone. Needs mpmath (Debian: python3-mpmath)."""

import random
from pathlib import Path

from defects import DEFECTS, twin
from elements import FLOATS, INTEGERS, bits_of, register_of
from manual import OPERATIONS, REGISTERS, TYPES
from program import SATURATE, TO_SATURATE, TO_WRAP, WRAP, Insn, Program

FOLDER = Path(__file__).parent
HEAD = "# SPDX-License-Identifier: (GPL-2.0-only OR MIT)\n# See README.md.\n"
STORED = {"F32": "FP32", "I32": "INT32", "I64": "INT64", "BOOL": "BOOL"}
NAN = {"FP32": 0x7fc00000, "FP16": 0x7e00, "BF16": 0x7fc0, "FP8_E4M3": 0x7f, "FP8_E5M2": 0x7e, "E8M0": 0xff}
ALL_TYPES = [*FLOATS, *INTEGERS, "BOOL", "E8M0"]

# Values with something to get wrong: signs of zero, subnormals, limits, ties, and what is no number.
F32 = [0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x40490fdb, 0xc0200000, 0x3f000000, 0xbf000000, 0x00000001,
       0x80000001, 0x007fffff, 0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x4b7fffff, 0x3eaaaaab,
       0x42fe0000, 0xc3010000]
I32 = [0, 1, -1, 2, 7, -7, 31, 33, 0x7fffffff, -0x80000000, -0x7fffffff, 123456789]
I64 = [*I32, 0x7fffffffffffffff, -0x8000000000000000, 0x100000000, -0x100000001, 63, 65]
POOL = {"F32": F32, "I32": [one & 0xffffffff for one in I32], "I64": [one & (1 << 64) - 1 for one in I64],
        "BOOL": [0, 1, 255]}


# ---- text --------------------------------------------------------------------------

def hex_lines(name, data):
    """bytes NAME HEX, 32 bytes a line."""
    return [f"bytes {name} {data[at:at + 32].hex()}" for at in range(0, len(data), 32)]


def packed(codes, name):
    """Elements one behind the other; those of 4 bits have a byte each here."""
    size = max(1, bits_of(name) // 8)
    return b"".join((code & (1 << 8 * size) - 1).to_bytes(size, "little") for code in codes)


def given(program):
    """Lines on what a program is given."""
    lines = [f"dims {' '.join(map(str, program.dims))}"] if program.dims else []
    lines += [f"input {name}" for name in program.inputs]
    lines += [f"value {program.value}"] if program.value else []
    lines += [f"tile {program.tile}"] if program.tile else []
    return lines + [f"parameter {number} 0x{one:x}" for number, one in enumerate(program.parameters)]


def case(name, program, output, inputs=(), values=()):
    """One case with its results."""
    results, divisions = program.run(inputs, values)
    codes = [NAN[output] if code is None else code for code in program.stored(results, output)]
    lines = [f"case {name}", *given(program), *hex_lines("program", program.pack())]
    for number, (kind, column) in enumerate(zip(program.inputs, inputs)):
        lines += hex_lines(f"input{number}", packed(column, kind))
    lines += hex_lines("value", packed(values, program.value)) if values else []
    lines += [f"output {output}", *hex_lines("result", packed(codes, output)), f"weight {program.weight()}"]
    return "\n".join([*lines, f"divisions {divisions}", "end", ""])


# ---- cases -------------------------------------------------------------------------

def columns(kinds, chance):
    """Operands: every value of one pool, pairs of two, triples."""
    pools = [POOL[kind] for kind in kinds]
    if len(kinds) == 1 and kinds[0] == "F32":
        return [F32 + [chance.getrandbits(32) for _ in range(12)] + [angle(chance) for _ in range(16)]]
    if len(kinds) == 1:
        return pools
    if len(kinds) == 2:
        pairs = [(x, y) for x in pools[0] for y in pools[1]]
        pairs = chance.sample(pairs, min(len(pairs), 128))
        pairs += [(angle(chance), angle(chance)) for _ in range(16)] if kinds[0] == "F32" else []
        return [list(column) for column in zip(*pairs)]
    return [[chance.choice(pool) for _ in range(64)] for pool in pools]


def angle(chance):
    """An fp32 of moderate size, where functions have more to say than 0 and infinity."""
    return chance.getrandbits(1) << 31 | chance.randrange(0x3c000000, 0x42000000)


def immediates(name):
    """Immediates worth a case each."""
    kind = OPERATIONS[name]["immediate"]
    if kind == "CONVERT":
        return [*REGISTERS.values()]
    if kind == "STORAGE":
        floats = [TYPES[name] for name in [*FLOATS, "E8M0"]]
        return [*floats, *(number | TO_SATURATE for number in floats)]
    return {"SHIFT": [0, 1, 16, 31, 62], "WORD": [0, 1, 2, 3]}.get(kind, [0])


def operation(name, kind, imm, chance):
    """A program of one operation on inputs."""
    row = OPERATIONS[name]
    count = int(row["operands"])
    kinds = [row["a"] or kind] + [kind] * (count - 1)
    program = Program([Insn(name, kind, 7, range(count), imm)], 7, [STORED[one] for one in kinds])
    inputs = columns(kinds, chance)
    program.dims = (len(inputs[0]),)
    shown = f"op-{name.lower().replace('_', '-')}-{kind.lower()}" + (f"-{imm}" if imm else "")
    return case(shown, program, STORED[program.result_kind()], inputs)


def operations():
    """Every operation that computes, with every type."""
    chance = random.Random(1)
    for name, row in OPERATIONS.items():
        if row["operands"]:
            for kind in row["types"].split():
                yield from (operation(name, kind, imm, chance) for imm in immediates(name))
    yield operation("CONVERT", "I64", REGISTERS["I32"] | TO_WRAP, chance)


def stores():
    """Every type of registers stored as every type of elements."""
    for kind, pool in POOL.items():
        mask = (1 << bits_of(STORED[kind])) - 1
        more = {"F32": TIES, "BOOL": []}.get(kind, [one & mask for one in NEAR])
        for name in ALL_TYPES:
            for flags in (0, SATURATE, WRAP):
                program = Program([], 0, [STORED[kind]], flags=flags, dims=(len(pool) + len(more),))
                yield case(f"store-{kind}-{name}-{flags}".lower().replace("_", "-"), program, name, [[*pool, *more]])


# Around limits of narrow integers and of exact integers in fp16.
NEAR = [*range(120, 136), 250, 2049, 65503, -129, -2050]

# Around halves of fp16, bf16, fp8, fp4 and of integers.
TIES = [0x3f801000, 0x3f803000, 0x3f808000, 0x3f818000, 0x3f880000, 0x3f980000, 0x3fc00000, 0x40200000, 0x40600000,
        0x43e80000, 0x43e7ffff, 0x47700000, 0x47800000, 0x477ff000, 0x477fefff, 0x33000000, 0x33000001, 0x3a800000,
        0x40e00000, 0x40c00000, 0x4f000000, 0x4effffff, 0xcf000000, 0x5f000000, 0x5f800000, 0x437f8000, 0xc3008000]


def loads():
    """Every code of narrow types, some of wide ones, in a register as it is."""
    chance = random.Random(2)
    for name in ALL_TYPES:
        bits = bits_of(name)
        codes = list(range(1 << bits)) if bits <= 8 else [chance.getrandbits(bits) for _ in range(64)]
        codes += [] if bits <= 8 else [0, 1, (1 << bits) - 1, 1 << bits - 1, (1 << bits - 1) - 1]
        program = Program([], 0, [name], dims=(len(codes),))
        yield case(f"load-{name}".lower().replace("_", "-"), program, STORED[register_of(name)], [codes])


def sources():
    """What comes from elsewhere than from inputs."""
    for axis in range(3):
        yield case(f"index-{axis}", Program([Insn("INDEX", "I64", 0, (), axis)], 0, dims=(3, 5, 7)), "INT64")
    yield case("tile", Program([Insn("TILE", "I64", 9)], 9, dims=(3,), tile=11), "INT32")
    words = [5, 0xffffffffffffffff, 0x3fc00000]
    yield case("parameter", Program([Insn("PARAMETER", "I64", 1, (), 1)], 1, dims=(2,), parameters=words), "INT64")
    for kind in REGISTERS:
        consts = [0xffffffff3fc00001, 2]
        for number, const_p in ((0, 0), (1, 2)):
            program = Program([Insn("CONSTANT", kind, 15, (), number)], 15, consts=consts, const_p=const_p, dims=(3,),
                              parameters=words if const_p else [])
            yield case(f"constant-{kind}-{const_p}".lower(), program, STORED[kind])


def whole():
    """Programs as commands have them."""
    clamp = [Insn("CONSTANT", "F32", 1, (), 0), Insn("MUL", "F32", 0, (4, 1)), Insn("ROUND", "F32", 0, (0,)),
             Insn("CONSTANT", "F32", 2, (), 1), Insn("ADD", "F32", 0, (0, 2))]
    convert = [Insn("CONVERT", "I32", 4, (4,), REGISTERS["F32"]), *clamp]
    yield case("quantize", Program(convert, 0, consts=[0x3d4ccccd, 0x40e00000], value="INT32", dims=(6,)), "INT8",
               values=[0, 10, 30, 70, 0xffffec78, 123456])
    relu = [Insn("CONSTANT", "F32", 8, (), 0), Insn("ADD", "F32", 5, (4, 0)), Insn("ADD", "F32", 5, (5, 1)),
            Insn("MAX", "F32", 6, (5, 8))]
    yield case("bias-residual-relu", Program(relu, 6, ["FP16", "BF16"], consts=[0], value="FP32", dims=(4,)), "FP16",
               [[0x3c00, 0xbc00, 0x7bff, 0x0001], [0x3f80, 0xc000, 0x4000, 0x8000]],
               [0x3f800000, 0x40000000, 0xc0000000, 0x33800000])
    causal = [Insn("INDEX", "I64", 1, (), 0), Insn("INDEX", "I64", 2, (), 1), Insn("GE", "I64", 3, (1, 2)),
              Insn("CONSTANT", "F32", 5, (), 0), Insn("SELECT", "F32", 0, (3, 0, 5))]
    yield case("causal-mask", Program(causal, 0, ["BF16"], consts=[0xff800000], dims=(3, 3)), "FP32",
               [[0x3f80] * 9])
    dropout = [Insn("INDEX", "I64", 1, (), 0), Insn("CONSTANT", "I64", 2, (), 0), Insn("PHILOX", "I64", 1, (1, 2), 2),
               Insn("CONSTANT", "I64", 2, (), 1), Insn("LT", "I64", 1, (1, 2)), Insn("CONSTANT", "F32", 2, (), 2),
               Insn("SELECT", "F32", 0, (1, 0, 2))]
    yield case("dropout", Program(dropout, 0, ["FP32"], consts=[77, 1 << 31, 0], dims=(12,)), "FP32",
               [[0x3f800000 + n for n in range(12)]])
    swap = [Insn("MOVE", "F32", 5, (0,)), Insn("CONVERT", "F32", 0, (1,), REGISTERS["I64"]),
            Insn("CONVERT", "F32", 1, (5,), REGISTERS["I64"]), Insn("SUB", "I64", 0, (0, 1))]
    yield case("registers-change-type", Program(swap, 0, ["FP32", "FP32"], dims=(4,)), "INT64",
               [[0x3f800000, 0x40000000, 0xc2c80000, 0x7f800000], [0x41200000, 0x3f000000, 0x3fc00000, 0]])
    yield case("result-is-the-value", Program([], 4, value="INT32", dims=(3,)), "UINT8", values=[0xffffffff, 3, 300])


def verdicts(cases):
    """Programs with a defect, or their twins."""
    return "".join("\n".join([f"case {name}", *given(program), *hex_lines("program", program.pack()),
                              *([f"rule {rule}"] if rule else []), "end", ""]) for name, program, rule in cases)


def main():
    """Everything."""
    results = {"operations": operations(), "stores": stores(), "loads": loads(), "programs": [*sources(), *whole()]}
    for name, cases in results.items():
        (FOLDER / f"{name}.txt").write_text(HEAD + "\n" + "\n".join(cases), encoding="utf-8")
    malformed = [(name, make(), rule) for name, rule, make, _ in DEFECTS]
    twins = [(name, twin(make, repair), None) for name, _, make, repair in DEFECTS]
    for name, cases in (("malformed", malformed), ("twins", twins)):
        (FOLDER / f"{name}.txt").write_text(HEAD + "\n" + verdicts(cases), encoding="utf-8")


if __name__ == "__main__":
    main()
