# SPDX-License-Identifier: MIT
"""Which kernel messages fail a run: the only list of them."""

import re

END_OF_LOG = "tessera: end of log"

COMPLAINTS = [
    ("warning", r"\bWARNING: "),
    ("bug", r"\bBUG: |\bBUG at\b|\bkernel BUG\b|\bBUG [\w-]+ \(|\bBUG kmalloc"),
    ("oops", r"\bOops\b|general protection fault|unable to handle|Unable to handle|invalid opcode: "),
    ("panic", r"Kernel panic|end Kernel panic"),
    ("refcount", r"refcount_t: |saturated; leaking memory|use-after-free"),
    ("kfence", r"BUG: KFENCE|KFENCE: .*(out-of-bounds|use-after|invalid|memory corruption)"),
    ("sanitizer", r"\bUBSAN: |\bKASAN: |\bKCSAN: |\bKMSAN: "),
    ("list", r"list_(add|del).*corruption|list_(add|del) double|list_del corruption"),
    ("locking", r"possible (recursive|circular) locking|bad unlock balance|inconsistent lock state"
                r"|trying to register non-static key|sleeping function called|scheduling while atomic"
                r"|possible irq lock inversion|suspicious RCU usage"),
    ("leak", r"Memory manager not clean|[Oo]bjects remaining|still has objects|unreferenced object"
             r"|kmem_cache_destroy .*: Slab cache still has|DMA-API: .*(leak|not freed|pending)"),
    ("dma", r"DMA-API: .*(device driver|mapping error|cacheline)|DMAR: .*\bfault\b|DMAR: \[DMA"),
    ("slab", r"Slab corruption|Redzone .*overwritten|Poison overwritten|Object already free|Wrong object count"),
    ("stall", r"soft lockup|hard LOCKUP|rcu: INFO: .*stall|blocked for more than \d+ seconds|workqueue lockup"),
    ("irq", r"irq \d+: nobody cared|unexpected IRQ trap"),
    ("taint", r"Tainted: .*\bstack segment|stack-protector: |Bad page state|bad: scheduling from"),
]

_PATTERNS = [(name, re.compile(pattern)) for name, pattern in COMPLAINTS]
_PANIC = re.compile(r"Kernel panic - not syncing")


def complaint(line):
    """The kind of complaint a log line is, or None."""
    for name, pattern in _PATTERNS:
        if pattern.search(line):
            return name
    return None


def is_panic(line):
    """Whether the kernel says it stops here."""
    return bool(_PANIC.search(line))


def text_of_record(record):
    """A /dev/kmsg record as dmesg shows it; None for continuation lines with device properties."""
    if record.startswith(" "):
        return None
    head, separator, text = record.partition(";")
    fields = head.split(",")
    if not separator or len(fields) < 3:
        return record
    return f"[{int(fields[2]) / 1e6:12.6f}] {text}"
