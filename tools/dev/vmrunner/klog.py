# SPDX-License-Identifier: MIT
"""Which kernel messages fail a run: the only list of them."""

import re

END_OF_LOG = "tessera: end of log"

COMPLAINTS = {
    "warning": r"\bWARNING: ",
    "bug": r"\bBUG: |\bkernel BUG at\b|\bBUG \S+ \(",
    "oops": r"\bOops: |general protection fault|[Uu]nable to handle",
    "panic": r"Kernel panic",
    "refcount": r"refcount_t: ",
    "sanitizer": r"\b(UBSAN|KASAN|KCSAN|KMSAN): ",
    "list": r"list_(add|del)\b.*(corruption|double)",
    "locking": r"possible (recursive|circular) locking|bad unlock balance|inconsistent lock state"
               r"|non-static key|sleeping function called|scheduling while atomic|suspicious RCU usage",
    "leak": r"Memory manager not clean|[Oo]bjects remaining|still has objects|unreferenced object",
    "dma": r"DMA-API: .*(error|leak|freed|pending|mismatch)|DMAR: .*\b[Ff]ault\b",
    "slab": r"Slab corruption|Redzone .*overwritten|Poison overwritten|Object already free|Bad page state",
    "stall": r"soft lockup|hard LOCKUP|rcu: INFO: .*stall|blocked for more than \d+ seconds|workqueue lockup",
    "probe": r"probe function unexpectedly returned",
    "irq": r"irq \d+: nobody cared",
}

_PATTERNS = {kind: re.compile(pattern) for kind, pattern in COMPLAINTS.items()}


def matches(kind, line):
    """Whether a log line is a complaint of this kind."""
    return bool(_PATTERNS[kind].search(line))


def complaint(line):
    """The kind of complaint a log line is, or None."""
    return next((kind for kind in COMPLAINTS if matches(kind, line)), None)


def is_panic(line):
    """Whether the kernel says it stops here."""
    return "Kernel panic - not syncing" in line


def text_of_record(record):
    """A /dev/kmsg record as dmesg shows it; None for continuation lines with device properties."""
    if record.startswith(" "):
        return None
    head, separator, text = record.partition(";")
    fields = head.split(",")
    if not separator or len(fields) < 3:
        return record
    return f"[{int(fields[2]) / 1e6:12.6f}] {text}"
