# SPDX-License-Identifier: MIT
"""Random commands and streams, alone and side by side: the same cycles, bytes and amounts."""

import os
import random
import time
import unittest
from dataclasses import replace

from fidelity import error, text
from fidelity.commands import Maker
from fidelity.device import Case, run
from simulation.flows import ONE, capacity
from simulation.sku import SKUS
from simulation.steps import Command, Refused
from simulation.tensor import GANG, LOCAL, MEMORY, SCRATCHPAD

SEED = int(os.environ.get("TESSERA_FIDELITY_SEED") or time.time())
STEPS_MAX = 400


def setUpModule():
    """Says how to repeat a run."""
    print(f"# TESSERA_FIDELITY_SEED={SEED}", flush=True)


class Random(unittest.TestCase):
    """Cases of both."""

    def setUp(self):
        self.rng = random.Random(f"{SEED} {self._testMethodName}")

    def ring(self, sku):
        """Bytes of a ring: a part of the scratchpad, or all of it."""
        return self.rng.choice((sku.main, sku.main // 2, sku.main // 8)) // 64 * 64

    def command(self, maker, ring):
        """A command that is not refused and has not too many steps."""
        while True:
            try:
                command = maker.any(ring)
            except Refused:
                continue
            if len(command.steps) <= STEPS_MAX:
                command.overlap = self.rng.random() < 0.2
                return command

    def compare(self, cases):
        """Both give the same for each case."""
        for case, found in zip(cases, run(cases), strict=True):
            wanted = [[str(word) for word in line] for line in case.lines()]
            for line in found:
                if len(line) > 1 and line[0] != "moved" and len(wanted[found.index(line)]) == 1:
                    del line[1:]
            error.note(found, wanted)
            with self.subTest(case=case.name, words=" ".join(map(str, case.words))):
                self.assertEqual(found, wanted)
                self.assert_rates(case.sku, found)

    def assert_rates(self, sku, lines):
        """Memory and link have moved no more than they can until the last end."""
        *ends, (_, memory, link) = lines
        last = max(int(line[0]) for line in ends)
        self.assertLessEqual(int(memory) * ONE, last * capacity(sku.memory_mb_s, sku.khz))
        self.assertLessEqual(int(link) * ONE, last * capacity(sku.link_mb_s, sku.khz))


class Alone(Random):
    """One command on one tile."""

    def test_commands_alone_take_the_same_time_and_bytes(self):
        cases = []
        for number in range(240):
            sku = self.rng.choice(list(SKUS.values()))
            case = Case(sku, f"{number} on {sku.name}")
            ring = self.ring(sku)
            case.gang(0, (1, 1), ring)
            case.node(0, [[self.command(Maker(self.rng, sku), ring)]], 0)
            cases.append(case)
        self.compare(cases)

    def test_streams_of_several_nodes_alone_take_the_same_time(self):
        cases = []
        for number in range(60):
            sku = self.rng.choice(list(SKUS.values()))
            case = Case(sku, f"{number} on {sku.name}")
            ring = self.ring(sku)
            case.gang(0, (1, 1), ring)
            for _ in range(self.rng.randint(1, 4)):
                stream = [self.command(Maker(self.rng, sku), ring) for _ in range(self.rng.randint(1, 4))]
                case.node(0, [stream], self.rng.randrange(0, 20000))
            cases.append(case)
        self.compare(cases)


class Refusals(Random):
    """Commands that break a rule, or nearly."""

    def spoiled(self, made):
        """A product with blocks that may be wrong."""
        change = self.rng.choice(({}, {"bk": made.blocks.bk + 1}, {"bn": made.blocks.bn + 1},
                                  {"bm": made.blocks.bm * 16}, {"bk": made.blocks.bk * 16}))
        made.blocks = replace(made.blocks, **change)
        return made

    def case(self, number):
        """A product on one tile, and whether the simulation refuses it."""
        sku = self.rng.choice(list(SKUS.values()))
        maker = Maker(self.rng, sku)
        made = self.spoiled(self.rng.choice((maker.gemm, maker.conv, maker.attention))())
        ring = self.rng.randrange(1 << 10, sku.main)
        try:
            made.command(ring)
            refused = False
        except Refused:
            refused = True
        case = Case(sku, f"{number} on {sku.name}")
        case.gang(0, (1, 1), ring)
        case.words += text.node(0, [[Command([], source=made)]], 0)
        return case, refused

    def test_what_one_refuses_the_other_one_does(self):
        cases = [self.case(number) for number in range(150)]
        self.assertIn(True, [refused for _, refused in cases])
        for (case, refused), found in zip(cases, run([case for case, _ in cases]), strict=True):
            with self.subTest(case=case.name, words=" ".join(map(str, case.words))):
                self.assertEqual(found[0] == ["refused"], refused)


class Together(Random):
    """Several tiles, gangs and DMA engines."""

    def sides(self, sku):
        """The source, if any, and the destination of a copy."""
        memories = (MEMORY, LOCAL) if sku.link_mb_s else (MEMORY,)
        places = [(self.rng.choice(memories), self.rng.randrange(1 << 20)) for _ in range(2)]
        return (None if self.rng.random() < 0.3 else places[0]), places[1]

    def add_copies(self, case, sku):
        """Some copies on each engine."""
        for engine in range(len(case.engines)):
            when = 0
            for _ in range(self.rng.randint(0, 3)):
                when += self.rng.randrange(3000)
                case.copy(engine, when, *self.sides(sku), self.rng.randint(1, 200000))

    def test_streams_on_many_tiles_and_copies_share_the_memory_alike(self):
        cases = []
        for number in range(40):
            sku = self.rng.choice(list(SKUS.values()))
            case = Case(sku, f"{number} on {sku.name}", self.rng.randint(0, 2))
            maker = Maker(self.rng, sku)
            for tile in range(self.rng.randint(1, min(sku.tiles, 6))):
                ring = self.ring(sku)
                case.gang(tile, (1, 1), ring)
                for _ in range(self.rng.randint(1, 2)):
                    stream = [self.command(maker, ring) for _ in range(self.rng.randint(1, 3))]
                    case.node(tile, [stream], self.rng.randrange(0, 5000))
            self.add_copies(case, sku)
            cases.append(case)
        self.compare(cases)

    def gang_stream(self, sku, grid, ring, seed, own):
        """The commands of a tile: the same for each, or some of its own and none with a multicast."""
        common = random.Random(seed)
        spaces = (MEMORY, SCRATCHPAD, GANG, *range(grid[0] * grid[1]))
        ways = ((),) if own else ((), (0,), (1,), (0, 1))
        self.rng, other = common, self.rng
        result = [self.command(Maker(common, sku, spaces, ways), ring) for _ in range(common.randint(1, 3))]
        self.rng = other
        for command in result:
            command.barrier = common.random() < 0.4
        if own:
            private = self.command(Maker(other, sku, spaces), ring)
            private.barrier = other.random() < 0.3
            result.insert(other.randint(0, len(result)), private)
        return result

    def test_gangs_multicast_exchange_and_meet_alike(self):
        cases = []
        for number in range(30):
            sku = self.rng.choice([sku for sku in SKUS.values() if sku.tiles > 1])
            case = Case(sku, f"{number} on {sku.name}")
            grid = self.rng.choice([grid for grid in ((1, 2), (2, 2), (2, 1), (2, 3), (1, 4))
                                    if grid[0] * grid[1] <= sku.tiles])
            ring = self.ring(sku)
            case.gang(0, grid, ring)
            for _ in range(self.rng.randint(1, 3)):
                seed, own = self.rng.random(), self.rng.random() < 0.5
                streams = [self.gang_stream(sku, grid, ring, seed, own) for _ in range(grid[0] * grid[1])]
                case.node(0, streams, self.rng.randrange(0, 5000))
            cases.append(case)
        self.compare(cases)


if __name__ == "__main__":
    unittest.main()
