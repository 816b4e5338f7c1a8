#!/usr/bin/env python3
# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
"""Writes the golden vectors of this folder.

Every number here is copied from the programming manual by hand. Run it with the path of
tessera-sign to renew the images too.
"""

import hashlib
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPDX = "# SPDX-License-Identifier: (GPL-2.0-only OR MIT)\n"


class File:
    """One vector file under construction."""

    def __init__(self, name, about):
        self.name, self.lines, self.count = name, [SPDX + f"# {about} See README.md."], 0

    def case(self, name, *fields):
        """Add a case; a field is a line or a (buffer, bytes) pair."""
        self.count += 1
        self.lines.append(f"\ncase {name}")
        for field in fields:
            if isinstance(field, str):
                self.lines.append(field)
            else:
                self.lines.extend(dump(*field))
        self.lines.append("end")

    def write(self):
        """Put it beside this script."""
        (HERE / self.name).write_text("\n".join(self.lines) + "\n")
        print(f"{self.name}: {self.count} cases")


def dump(name, data):
    """Lines of 32 bytes; runs of zeros in short."""
    at = 0
    while at < len(data):
        zeros = len(data[at:]) - len(data[at:].lstrip(b"\0"))
        if zeros >= 32:
            yield f"zero {name} {zeros}"
            at += zeros
        else:
            yield f"bytes {name} {data[at:at + 32].hex()}"
            at += 32


# ---- page tables -------------------------------------------------------------------

V, R, W, F, LEAF, STATIC = 1, 2, 4, 8, 16, 128


def page_table_entries():
    """Every bit of an entry at every level."""
    out = File("page-table-entries.txt", "Page-table entries.")
    for level in (3, 2, 1, 0):
        out.case(f"zero-{level}", f"level {level}", "entry 0", "absent")
        out.case(f"not-valid-{level}", f"level {level}", f"entry {hex(0x1234000 | R | LEAF)}", "absent")
    for level in (3, 2, 1):
        out.case(f"table-{level}", f"level {level}", f"entry {hex(0xabcde000 | V)}",
                 "table 0xabcde000")
        out.case(f"table-high-{level}", f"level {level}", f"entry {hex(0xffffffffff000 | V)}",
                 "table 0xffffffffff000")
        for bit in [*range(1, 4), *range(5, 12), *range(52, 64)]:
            out.case(f"table-bit-{bit}-{level}", f"level {level}",
                     f"entry {hex(0xabcde000 | V | 1 << bit)}", "malformed")
    out.case("no-table-at-level-0", "level 0", f"entry {hex(0xabcde000 | V)}", "malformed")
    for level in (3, 2):
        out.case(f"no-leaf-at-level-{level}", f"level {level}",
                 f"entry {hex(0x40000000 | V | R | LEAF)}", "malformed")
    for level, size, address in ((0, 0x1000, 0x12345000), (1, 0x200000, 0x12400000)):
        for bits in range(1, 8):
            letters = "".join(c for i, c in enumerate("rwf") if bits >> i & 1)
            out.case(f"leaf-{letters}-{level}", f"level {level}",
                     f"entry {hex(address | V | LEAF | bits << 1)}",
                     f"leaf {hex(address)} {hex(size)} {letters}")
            out.case(f"leaf-static-{letters}-{level}", f"level {level}",
                     f"entry {hex(address | V | LEAF | STATIC | bits << 1)}",
                     "malformed" if "w" in letters else f"leaf {hex(address)} {hex(size)} {letters}s")
        out.case(f"leaf-without-permission-{level}", f"level {level}",
                 f"entry {hex(address | V | LEAF)}", "malformed")
        for bit in [5, 6, *range(8, 12), *range(52, 64)]:
            out.case(f"leaf-bit-{bit}-{level}", f"level {level}",
                     f"entry {hex(address | V | R | LEAF | 1 << bit)}", "malformed")
        top = (1 << 52) - size
        out.case(f"leaf-highest-{level}", f"level {level}", f"entry {hex(top | V | R | LEAF)}",
                 f"leaf {hex(top)} {hex(size)} r")
    for bit in range(12, 21):
        out.case(f"block-bit-{bit}", "level 1",
                 f"entry {hex(0x12400000 | V | R | LEAF | 1 << bit)}", "malformed")
    out.write()


# ---- job descriptors ---------------------------------------------------------------

JOB = {"seq": 5, "flags": 0, "program": 0x100000, "program_size": 4096, "slot_count": 3,
       "slots": 0x200008, "parameters": 0, "profile": 0, "parameter_count": 0, "profile_count": 0,
       "repeat": 1, "mbz": 0}


def job_bytes(**changes):
    """A descriptor, good but for the changes."""
    values = {**JOB, **changes}
    return struct.pack("<IIQIIQQQIIII", *(values[key] for key in JOB))


def jobs():
    """Descriptors, each wrong ones in one way."""
    out = File("jobs.txt", "Job descriptors.")
    good = {
        "plain": {}, "no-slots": {"slots": 0, "slot_count": 0}, "most-slots": {"slot_count": 1024},
        "most-repetitions": {"repeat": 65536}, "replayable": {"flags": 2},
        "profile": {"flags": 1, "profile": 0x300000, "profile_count": 10},
        "strict": {"flags": 4}, "sealed": {"flags": 8, "program": 7},
        "profile-without-space": {"flags": 3, "profile": 0x300000, "profile_count": 0},
        "most-parameters": {"parameters": 0x400000, "parameter_count": 256},
        "program-at-the-end": {"program": (1 << 48) - 4096},
    }
    bad = {
        "sequence-before": {"seq": 4}, "sequence-after": {"seq": 6}, "sequence-next-round": {"seq": 69},
        "unknown-flag": {"flags": 16}, "all-flags": {"flags": 0xffffffff},
        "program-unaligned": {"program": 0x100020}, "program-beyond": {"program": (1 << 48) - 2048},
        "program-high-bit": {"program": 1 << 63}, "too-many-slots": {"slot_count": 1025},
        "slots-unaligned": {"slots": 0x200004}, "slots-beyond": {"slots": (1 << 48) - 8},
        "no-repetition": {"repeat": 0}, "too-many-repetitions": {"repeat": 65537},
        "profile-without-flag": {"profile": 0x300000}, "count-without-flag": {"profile_count": 1},
        "profile-unaligned": {"flags": 1, "profile": 0x300004, "profile_count": 1},
        "profile-beyond": {"flags": 1, "profile": (1 << 48) - 64, "profile_count": 2},
        "too-many-parameters": {"parameters": 0x400000, "parameter_count": 257},
        "parameters-unaligned": {"parameters": 0x400004, "parameter_count": 1},
        "parameters-beyond": {"parameters": (1 << 48) - 8, "parameter_count": 2},
        "parameters-without-count": {"parameters": 0x400000},
        "mbz-first": {"mbz": 1}, "mbz-last": {"mbz": 1 << 31},
    }
    for name, changes in good.items():
        out.case(name, "seq 5", ("job", job_bytes(**changes)), "verdict NONE")
    for name, changes in bad.items():
        out.case(name, "seq 5", ("job", job_bytes(**changes)), "verdict DESCRIPTOR")
    out.case("wrapped", "seq 0", ("job", job_bytes(seq=0)), "verdict NONE")
    out.case("last-before-wrap", "seq 0xffffffff", ("job", job_bytes(seq=0xffffffff)), "verdict NONE")
    out.write()


# ---- programs ----------------------------------------------------------------------

NOP, TENSOR, DMA, PARAMETER, LOOP, CIM = range(6)


class Node:
    """A node and its successors."""

    def __init__(self, kind, successors=(), **changes):
        self.kind, self.successors, self.changes = kind, successors, changes


def node_bytes(values):
    """64 bytes of one node."""
    return struct.pack("<BBHHHHHIIIIIQQIIII", values["engine"], values["mbz0"], values["flags"],
                       values["group"], values["pred_count"], values["succ_count"],
                       values["word_slot"], values["succ_first"], values["stream"],
                       values["stream_size"], values["mbz1"], values["ring"], values["word_offset"],
                       values["ops"], values["index"], values["body_count"], values["tag"],
                       values["mbz2"])


def loop_bytes(count, steps=(), mbz=0):
    """72 bytes of one loop; @steps are pairs of parameter and amount."""
    steps = [*steps, *[(0, 0)] * (4 - len(steps))]
    return struct.pack("<II", count, mbz) + b"".join(struct.pack("<IIq", p, 0, a) for p, a in steps)


def group_bytes(grid=(1, 1), resident=4096, ring=65536, mbz=0):
    """16 bytes of one group."""
    return struct.pack("<HHIII", *grid, resident, ring, mbz)


def program_bytes(graph, slot_count=0, seal=True, successors=None, loops=b"", group_table=b"", **changes):
    """A program in the order header, nodes, successors, loops, groups, streams; @changes are the header's."""
    table, packed, streams = [], b"", b""
    preds = [sum(n in node.successors for node in graph) for n in range(len(graph))]
    for number, node in enumerate(graph):
        stream = bytes(range(16)) if node.kind in (TENSOR, DMA) else b""
        values = {"engine": node.kind, "mbz0": 0, "flags": 0, "group": 0,
                  "pred_count": preds[number], "succ_count": len(node.successors), "word_slot": 0,
                  "succ_first": len(table), "stream": len(streams) if stream else 0,
                  "stream_size": len(stream), "mbz1": 0, "ring": 0, "word_offset": 0,
                  "ops": 1000 + number, "index": 0, "body_count": 0, "tag": 0x100 + number,
                  "mbz2": 0}
        table.extend(node.successors)
        packed += node_bytes({**values, **node.changes})
        streams += stream
    table = table if successors is None else successors
    edges = struct.pack(f"<{len(table)}H", *table)
    at_edges = 128 + len(packed)
    at_loops = (at_edges + len(edges) + 7) // 8 * 8
    at_groups = at_loops + len(loops)
    at_streams = (at_groups + len(group_table) + 63) // 64 * 64
    header = {"magic": 0x50525354, "version": 2, "header_size": 128, "size": at_streams + len(streams),
              "checksum": 0, "features": 0, "engines": 0, "slot_count": slot_count,
              "node_count": len(graph), "edge_count": len(table), "nodes": 128, "edges": at_edges,
              "streams": at_streams, "streams_size": len(streams), "constants": 0,
              "constants_size": 0, "ops": 4242, "loops": at_loops if loops else 0,
              "loop_count": len(loops) // 72, "groups": at_groups if group_table else 0,
              "group_count": len(group_table) // 16, "mbz": bytes(40)}
    for node in graph:
        header["engines"] |= 1 << node.kind if node.kind != NOP else 0
    header.update(changes)

    def pack():
        return struct.pack("<IHHIIQIIIIIIIIIIQIIII", *(header[k] for k in header if k != "mbz")) + header["mbz"]

    if seal:
        checksum = 0
        for part in (pack(), packed, edges, loops, group_table):
            checksum = zlib.crc32(part, checksum)
        header["checksum"] = checksum
    body = pack() + packed + edges
    body += bytes(at_loops - len(body)) + loops + group_table
    return body + bytes(at_streams - len(body)) + streams


def slot_bytes(address=0x400000, size=4096, stride=0, flags=3, mbz=0):
    """32 bytes of one slot."""
    return struct.pack("<QQQII", address, size, stride, flags, mbz)


def diamond(**second):
    """Four nodes; @second changes node 1."""
    return [Node(DMA, (1, 2)), Node(TENSOR, (3,), **second), Node(NOP, (3,)), Node(DMA)]


def program_case(out, name, program, verdict, *extra, slots=b"", repeat=1):
    """One case of programs.txt."""
    out.case(name, f"slots {len(slots) // 32}", f"repeat {repeat}", ("program", program),
             *([("slots", slots)] if slots else []), f"verdict {verdict}", *extra)


def good_programs(out):
    """What must run."""
    program_case(out, "single-no-op", program_bytes([Node(NOP)]), "NONE", "runs 0")
    program_case(out, "single-tensor", program_bytes([Node(TENSOR)]), "NONE", "runs 0")
    program_case(out, "diamond", program_bytes(diamond()), "NONE", "runs 0 1 2 3")
    program_case(out, "chain", program_bytes([Node(DMA, (1,)), Node(NOP, (2,)), Node(TENSOR)]),
                 "NONE", "runs 0 1 2")
    program_case(out, "doubled-edge", program_bytes(
        [Node(NOP, (1, 1)), Node(NOP, pred_count=2)]), "NONE", "runs 0 1")
    program_case(out, "no-op-declared", program_bytes([Node(NOP)], engines=1), "NONE", "runs 0")
    program_case(out, "two-slots", program_bytes([Node(TENSOR)], slot_count=2), "NONE", "runs 0",
                 slots=slot_bytes() + slot_bytes(flags=0, size=0))
    program_case(out, "more-slots-than-used", program_bytes([Node(TENSOR)], slot_count=1), "NONE",
                 "runs 0", slots=slot_bytes() * 3)
    program_case(out, "slot-travels", program_bytes([Node(NOP)], slot_count=1), "NONE",
                 "runs 0", slots=slot_bytes(stride=4096), repeat=4)
    program_case(out, "long-chain", program_bytes(
        [Node(NOP, (n + 1,) if n < 99 else ()) for n in range(100)]), "NONE",
        "runs " + " ".join(str(n) for n in range(100)))


def bad_headers(out):
    """One wrong field each."""
    base = len(program_bytes(diamond()))
    for name, changes in {
            "magic": {"magic": 0x50525355}, "version-1": {"version": 1}, "version-3": {"version": 3},
            "header-size": {"header_size": 64}, "size-less": {"size": base - 16},
            "size-more": {"size": base + 16}, "no-nodes": {"node_count": 0},
            "too-many-nodes": {"node_count": 16385}, "too-many-edges": {"edge_count": 65536},
            "too-many-slots": {"slot_count": 1025}, "unknown-engine": {"engines": 0x46},
            "nodes-in-header": {"nodes": 120}, "nodes-unaligned": {"nodes": 132},
            "nodes-outside": {"nodes": 0xffffffc0}, "edges-odd": {"edges": 385},
            "edges-outside": {"edges": base - 2}, "streams-unaligned": {"streams": 452},
            "streams-outside": {"streams": base}, "constants-outside":
            {"constants": base - 8, "constants_size": 16}, "mbz": {"mbz": bytes(39) + b"\1"},
            "too-many-groups": {"group_count": 257}, "groups-outside": {"groups": base - 8, "group_count": 1},
            "groups-unaligned": {"groups": 388, "group_count": 1}}.items():
        program_case(out, f"header-{name}", program_bytes(diamond(), **changes), "PROGRAM")
    program_case(out, "header-checksum", program_bytes(diamond(), seal=False, checksum=1), "PROGRAM")
    program_case(out, "feature-unknown", program_bytes(diamond(), features=1 << 40), "UNSUPPORTED")
    program_case(out, "engine-reserved", program_bytes([Node(NOP), Node(CIM)]), "UNSUPPORTED")


def bad_nodes(out):
    """One wrong field of node 1 each."""
    for name, changes in {
            "mbz0": {"mbz0": 1}, "mbz1": {"mbz1": 1}, "ring-unaligned": {"ring": 96},
            "mbz2": {"mbz2": 1}, "group": {"group": 1}, "group-last": {"group": 0xffff}, "index": {"index": 1}, "body": {"body_count": 1},
            "flag": {"flags": 2}, "flag-reserved": {"flags": 0x8000}, "engine": {"engine": 6}, "predecessor-more": {"pred_count": 2},
            "predecessor-less": {"pred_count": 0}, "successors-outside": {"succ_first": 4},
            "successors-wrap": {"succ_first": 0xffffffff}, "successors-many": {"succ_count": 65535},
            "stream-empty": {"stream_size": 0}, "stream-unaligned": {"stream": 20},
            "stream-odd-size": {"stream_size": 12}, "stream-outside": {"stream": 40},
            "stream-wrap": {"stream": 0xfffffff8}, "stream-long": {"stream_size": 65544},
            "skip-slot-without-skip": {"word_slot": 1},
            "skip-offset-without-skip": {"word_offset": 4}}.items():
        program_case(out, f"node-{name}", program_bytes(diamond(**changes)), "PROGRAM", "node 1")
    program_case(out, "node-undeclared", program_bytes(diamond(), engines=1 << DMA), "PROGRAM", "node 1")
    program_case(out, "no-op-with-stream", program_bytes(
        [Node(NOP, stream_size=8), Node(DMA)]), "PROGRAM", "node 0")


def bad_edges(out):
    """Cycles, strangers and leftovers."""
    program_case(out, "edge-to-itself", program_bytes([Node(NOP, (0,), pred_count=0)]), "PROGRAM", "node 0")
    program_case(out, "edge-backward", program_bytes(
        [Node(NOP), Node(NOP, (0,))]), "PROGRAM", "node 0")
    program_case(out, "edge-backward-uncounted", program_bytes(
        [Node(NOP, pred_count=0), Node(NOP, (0,))]), "PROGRAM", "node 1")
    program_case(out, "edge-outside", program_bytes([Node(NOP, (1,))]), "PROGRAM", "node 0")
    program_case(out, "edge-unused", program_bytes(diamond(), successors=[1, 2, 3, 3, 3]), "PROGRAM")
    program_case(out, "edges-shared", program_bytes(
        [Node(NOP, (2,)), Node(NOP, (2,), succ_first=0), Node(NOP)], successors=[2]), "PROGRAM", "node 1")


def grouped(groups=None, first=1, second=1, kind=TENSOR, **changes):
    """A copy between two nodes of a group, and beside them one of none; @changes change node 2."""
    graph = [Node(TENSOR, (1,), group=first), Node(DMA, (2,)), Node(kind, group=second, **changes),
             Node(TENSOR, ring=4096)]
    return program_bytes(graph, group_table=group_bytes() if groups is None else groups)


def groups(out):
    """Groups, rings and the nodes that have them."""
    program_case(out, "group", grouped(), "NONE", "runs 0 3 1 2")
    program_case(out, "groups", grouped(group_bytes() * 2, second=2), "NONE", "runs 0 3 1 2")
    for name, verdict, group in (
            ("no-rows", "PROGRAM", group_bytes((0, 1))), ("no-columns", "PROGRAM", group_bytes((1, 0))),
            ("gang-of-rows", "UNSUPPORTED", group_bytes((2, 1))),
            ("gang-of-columns", "UNSUPPORTED", group_bytes((1, 2))),
            ("no-ring", "PROGRAM", group_bytes(ring=0)), ("ring-unaligned", "PROGRAM", group_bytes(ring=96)),
            ("resident-unaligned", "PROGRAM", group_bytes(resident=96)),
            ("mbz", "PROGRAM", group_bytes(mbz=1)), ("large", "RESOURCES", group_bytes(resident=1 << 31)),
            ("large-ring", "RESOURCES", group_bytes(ring=1 << 31)),
            ("wraps", "RESOURCES", group_bytes(resident=(1 << 32) - 4096, ring=8192))):
        program_case(out, f"group-{name}", grouped(group), verdict)
    for name, node, changes in (
            ("absent", 2, {"second": 2}), ("out-of-order", 0, {"first": 2, "groups": group_bytes() * 2}),
            ("of-a-copy", 2, {"kind": DMA}), ("of-a-no-op", 2, {"kind": NOP}), ("member-with-ring", 2, {"ring": 64})):
        program_case(out, f"group-{name}", grouped(**changes), "PROGRAM", f"node {node}")
    program_case(out, "ring-of-a-copy", grouped(second=0, kind=DMA, ring=64), "PROGRAM", "node 2")
    program_case(out, "node-takes-all-beside-a-group", grouped(second=0, ring=0), "RESOURCES")


def looped(loop=None, edges=((1,), (3,), (), ()), **second):
    """A node, a loop over the third, a node behind; @second changes the LOOP."""
    graph = [Node(kind, successors) for kind, successors in zip((NOP, LOOP, TENSOR, DMA), edges)]
    graph[1].changes = {"body_count": 1, "index": 0, **second}
    return program_bytes(graph, loops=loop or loop_bytes(3))


def nested(depth):
    """Loops inside of each other, of two turns each, around one node."""
    graph = [Node(LOOP, body_count=depth - n, index=0) for n in range(depth)] + [Node(NOP)]
    return program_bytes(graph, loops=loop_bytes(2))


def loops(out):
    """Bodies, counts and steps of loops."""
    program_case(out, "loop", looped(), "NONE", "runs 0 2 2 2 3")
    program_case(out, "loop-of-no-turns", looped(loop_bytes(0)), "NONE", "runs 0 3")
    program_case(out, "loops-nest-to-4", nested(4), "NONE", "runs" + " 4" * 16)
    program_case(out, "loops-nest-to-5", nested(5), "PROGRAM", "node 4")
    for name, changes in {"empty": {"body_count": 0}, "long": {"body_count": 3},
                          "wraps": {"body_count": 0xffffffff}, "absent": {"index": 1},
                          "group": {"group": 1}, "stream": {"stream_size": 16},
                          "wide": {"flags": 2}}.items():
        program_case(out, f"loop-{name}", looped(**changes), "PROGRAM", "node 1")
    for name, node, edges in (("into", 2, ((1, 2), (3,), (), ())), ("out-of", 2, ((1,), (3,), (3,), ())),
                              ("from-its-loop-into", 1, ((1,), (2, 3), (), ()))):
        program_case(out, f"edge-{name}-a-body", looped(edges=edges), "PROGRAM", f"node {node}")
    for name, verdict, loop in (
            ("mbz", "PROGRAM", loop_bytes(3, mbz=1)),
            ("count-of-no-parameter", "PROGRAM", loop_bytes(0x80000100)),
            ("count-of-none-given", "PARAMETER", loop_bytes(0x80000000)),
            ("step-of-nothing", "PROGRAM", loop_bytes(3, [(1, 0)])),
            ("step-of-no-parameter", "PROGRAM", loop_bytes(3, [(256, 1)])),
            ("step-of-none-given", "PARAMETER", loop_bytes(3, [(0, 0), (0, -1)]))):
        program_case(out, f"loop-{name}", looped(loop), verdict, "node 1")
    program_case(out, "loop-table-outside", program_bytes(diamond(), loop_count=1 << 14), "PROGRAM")
    program_case(out, "too-many-loops", program_bytes(diamond(), loop_count=(1 << 14) + 1), "PROGRAM")


def parameters(out):
    """Nodes that read a word into a parameter, of jobs without any."""
    for name, verdict, changes in (("none-given", "PARAMETER", {}), ("no-such", "PROGRAM", {"index": 256}),
                                   ("that-skips", "PROGRAM", {"flags": 1}),
                                   ("unaligned", "PROGRAM", {"word_offset": 2}),
                                   ("wide-unaligned", "PROGRAM", {"word_offset": 4, "flags": 2}),
                                   ("beyond", "SLOT", {"word_offset": 4096}),
                                   ("no-slot", "SLOT", {"word_slot": 1})):
        program_case(out, f"parameter-{name}", program_bytes([Node(PARAMETER, **changes)], slot_count=1),
                     verdict, "node 0", slots=slot_bytes())


def skips(out):
    """Skip words and the slots they are in."""
    skip = {"flags": 1, "word_slot": 0, "word_offset": 4092}
    program_case(out, "skip-at-the-end", program_bytes(diamond(**skip), slot_count=1), "NONE",
                 "runs 0 2 1 3", slots=slot_bytes())
    for name, verdict, changes, slots in (
            ("beyond", "SLOT", {"word_offset": 4096}, slot_bytes()),
            ("wrap", "SLOT", {"word_offset": (1 << 64) - 4}, slot_bytes()),
            ("unaligned", "PROGRAM", {"word_offset": 2}, slot_bytes()),
            ("no-such-slot", "SLOT", {"word_slot": 1}, slot_bytes()),
            ("slot-none", "SLOT", {"word_slot": 0xfffe}, slot_bytes()),
            ("slot-program", "SLOT", {"word_slot": 0xffff}, slot_bytes()),
            ("write-only", "SLOT", {}, slot_bytes(flags=2)),
            ("small-slot", "SLOT", {"word_offset": 0}, slot_bytes(size=3))):
        program_case(out, f"skip-{name}", program_bytes(diamond(**{**skip, **changes}), slot_count=1),
                     verdict, "node 1", slots=slots)


def bad_slots(out):
    """Slot tables."""
    program = program_bytes([Node(NOP)], slot_count=1)
    top = 1 << 48
    program_case(out, "slot-missing", program, "SLOT")
    for name, slot, repeat in (
            ("flag", slot_bytes(flags=4), 1), ("mbz", slot_bytes(mbz=1), 1),
            ("high-address", slot_bytes(address=1 << 63), 1),
            ("beyond", slot_bytes(address=top - 4095), 1), ("size", slot_bytes(size=(1 << 64) - 1), 1),
            ("travels-beyond", slot_bytes(stride=1 << 47), 3),
            ("travel-wraps", slot_bytes(stride=(1 << 64) - 4096), 2),
            ("travel-wraps-to-zero", slot_bytes(stride=1 << 63), 3),
            ("travel-wraps-the-sum", slot_bytes(address=top - 4096, stride=top), 65536)):
        program_case(out, f"slot-{name}", program, "SLOT", slots=slot, repeat=repeat)
    program_case(out, "slot-to-the-end", program, "NONE", "runs 0", slots=slot_bytes(address=top - 4096))


def programs():
    """All of programs.txt."""
    out = File("programs.txt", "Programs with their slot tables.")
    for part in (good_programs, bad_headers, bad_nodes, bad_edges, loops, groups, parameters, skips, bad_slots):
        part(out)
    out.write()


# ---- images ------------------------------------------------------------------------

# Stores READY (4) to the state register, then sleeps: lui, addi, sw, wfi, jump back.
CODE = struct.pack("<5I", 0x400002b7, 0x00400313, 0x0062a623, 0x10500073, 0xffdff06f)


def signed(sign, key, *options):
    """An image made by tessera-sign."""
    with tempfile.TemporaryDirectory() as folder:
        code, image = Path(folder) / "code", Path(folder) / "image"
        code.write_bytes(CODE)
        subprocess.run([sign, "--raw", "--key", key, "--output", image, *options, code], check=True)
        return image.read_bytes()


def images(sign):
    """Headers right and wrong; the first check that fails decides."""
    out = File("images.txt", "Firmware images.")
    keys = HERE.parents[1] / "firmware/keys"
    good = signed(sign, keys / "development.key")
    fused = hashlib.sha256(good[112:144]).digest()

    def case(name, image, verdict, *extra, rollback=0):
        out.case(name, ("image", image), ("key_hash", fused), f"rollback_min {rollback}",
                 f"verdict {verdict}", *extra)

    def changed(offset, value):
        return good[:offset] + value + good[offset + len(value):]

    case("good", good, "OK")
    case("rollback-equal", good, "OK", rollback=1)
    case("rollback", good, "ROLLBACK", "detail 2", rollback=2)
    case("empty", b"", "BAD_SIZE")
    case("one-byte-short-of-a-header", good[:255], "BAD_SIZE")
    case("header-alone", good[:256], "BAD_SIZE")
    case("one-byte-short", good[:-1], "BAD_SIZE")
    case("one-byte-more", good + b"\0", "BAD_SIZE")
    case("size-says-too-much", good, "BAD_SIZE", f"size {0x80001}")
    case("magic", changed(0, b"X"), "BAD_MAGIC")
    case("header-version", changed(4, b"\2"), "BAD_HEADER")
    case("header-size", changed(6, b"\1"), "BAD_HEADER")
    case("mbz0", changed(36, b"\1"), "BAD_HEADER")
    case("mbz", changed(191, b"\1"), "BAD_HEADER")
    case("key", changed(112, bytes([good[112] ^ 1])), "BAD_KEY")
    case("other-key", signed(sign, keys / "untrusted.key"), "BAD_KEY")
    case("signature-first-bit", changed(192, bytes([good[192] ^ 1])), "BAD_SIGNATURE")
    case("signature-last-bit", changed(255, bytes([good[255] ^ 0x80])), "BAD_SIGNATURE")
    case("payload", changed(256, bytes([good[256] ^ 1])), "BAD_SIGNATURE")
    case("security-version-forged", changed(20, b"\x09"), "BAD_SIGNATURE")
    case("hardware", signed(sign, keys / "development.key", "--hw-major", "2"), "BAD_HARDWARE")
    for name, options in {
            "load-below": ("--load", "0x0fffff00", "--entry", "0x0fffff00"),
            "load-beyond": ("--load", "0x100ffff0", "--entry", "0x100ffff0"),
            "load-wraps": ("--load", "0xfffffff0", "--entry", "0xfffffff0"),
            "entry-before": ("--load", "0x10000100", "--entry", "0x100000fe"),
            "entry-behind": ("--entry", "0x10000014"), "entry-odd": ("--entry", "0x10000001")}.items():
        case(name, signed(sign, keys / "development.key", *options), "BAD_LOAD")
    case("load-at-the-end", signed(sign, keys / "development.key", "--load", "0x100fffe0"), "OK")
    out.write()


if __name__ == "__main__":
    page_table_entries()
    jobs()
    programs()
    if len(sys.argv) > 1:
        images(sys.argv[1])
