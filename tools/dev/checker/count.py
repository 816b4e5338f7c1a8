# SPDX-License-Identifier: MIT
"""How many checks a test program's output reports: TAP and KTAP, cmocka, Python's unittest."""

import re
from dataclasses import dataclass

TAP_RESULT = re.compile(r"^(not )?ok\b(.*)$")
TAP_PLAN = re.compile(r"^1\.\.(\d+)")
TAP_SKIP = re.compile(r"#\s*skip\b", re.IGNORECASE)
SUMMARY = re.compile(r"^# checks (\d+) passed (\d+) failed (\d+) skipped$", re.MULTILINE)
CMOCKA = re.compile(r"^\[  (PASSED|FAILED|SKIPPED)  \] (\d+) test\(s\)", re.MULTILINE)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
UNITTEST_RESULT = re.compile(r"(failures|errors|skipped|unexpected successes)=(\d+)")


FAILURE = re.compile(r"^(not ok\b.*|\[  FAILED  \] \D.*|(?:FAIL|ERROR): .*|error: .*|--- .*)$", re.MULTILINE)
REASONS = 8


@dataclass
class Count:
    """Checks passed, failed and skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def total(self):
        """All checks reported."""
        return self.passed + self.failed + self.skipped

    def summary(self):
        """The line that count() takes for the whole of a program's checks."""
        return f"# checks {self.passed} passed {self.failed} failed {self.skipped} skipped"


def failures(text):
    """The first lines that name a failed check, in the words of the program."""
    return FAILURE.findall(text)[:REASONS]


def count_summary(text):
    """What a program that runs others has counted itself."""
    return sum((Count(*map(int, numbers)) for numbers in SUMMARY.findall(text)), Count())


def count_tap(text):
    """Top-level results only, because a KTAP parent sums up its children; planned but missing ones failed."""
    result, planned = Count(), 0
    for line in text.splitlines():
        plan = TAP_PLAN.match(line)
        if plan:
            planned += int(plan.group(1))
        found = TAP_RESULT.match(line)
        if not found:
            continue
        if found.group(1):
            result.failed += 1
        elif TAP_SKIP.search(found.group(2)):
            result.skipped += 1
        else:
            result.passed += 1
    if not planned:
        return Count()
    result.failed += max(0, planned - result.total())
    return result


def count_cmocka(text):
    """The summary lines of every cmocka program."""
    result = Count()
    for kind, number in CMOCKA.findall(text):
        setattr(result, kind.lower(), getattr(result, kind.lower()) + int(number))
    return result


def count_unittest(text):
    """Python's unittest."""
    result = Count(passed=sum(int(number) for number in UNITTEST.findall(text)))
    for kind, number in UNITTEST_RESULT.findall(text):
        if kind == "skipped":
            result.skipped += int(number)
        else:
            result.failed += int(number)
    result.passed -= result.failed + result.skipped
    return result


def count(text, status, silent=False):
    """
    All of a program's checks; a bad status always shows. A program that is known to report nothing is one check by
    its status; another that reports nothing has lost its checks, which is a failure.
    """
    result = count_summary(text)
    if not result.total():
        result = count_tap(text) + count_cmocka(text) + count_unittest(text)
    if result.total() == 0:
        return Count(passed=1) if silent and status == 0 else Count(failed=1)
    if status != 0 and result.failed == 0:
        result.failed = 1
    return result
