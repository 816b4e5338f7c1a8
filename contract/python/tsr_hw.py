# SPDX-License-Identifier: (GPL-2.0-only OR MIT)
# Generated from contract/*.yaml by contract/generate; do not edit.
"""The hardware contract for Python.

Structures are those of ctypes: Job.from_buffer_copy(data) unpacks, bytes(job) packs. `of` tells the enumeration
or flags that a member's number belongs to.
"""

import ctypes
import enum

# ---- version ----
ABI_VERSION_MIN = 2
ABI_VERSION_MAX = 2


class FEATURE(enum.IntFlag):
    """Features that a host offers and a firmware accepts."""

    PROFILE = 0x1
    REPEAT = 0x2
    PARAMETERS = 0x4
    STRICT = 0x8
    SEALED = 0x10
    GROUPS = 0x20


FEATURES = 0x3f

# ---- types ----


class TYPE(enum.IntEnum):
    """Element types."""

    NONE = 0
    FP32 = 1
    FP16 = 2
    BF16 = 3
    FP8_E4M3 = 4
    FP8_E5M2 = 5
    INT8 = 6
    UINT8 = 7
    INT4 = 8
    UINT4 = 9
    INT16 = 10
    UINT16 = 11
    INT32 = 12
    UINT32 = 13
    INT64 = 14
    UINT64 = 15
    BOOL = 16
    E8M0 = 17
    FP4_E2M1 = 18


TYPE_COUNT = 19

# ---- registers ----
PCI_VENDOR = 0x1af4
PCI_DEVICE = 0x10f0
PCI_CLASS = 0x1200
BAR_REGS = 0
BAR_DOORBELLS = 2
BAR_MSIX = 4
BAR_REGS_SIZE = 0x10000


class CAP(enum.IntFlag):
    """What the device has."""

    TENSOR = 0x1
    DMA = 0x2
    LOCAL_MEMORY = 0x4
    CIM = 0x8
    VIRTUAL = 0x80000000


class STATE(enum.IntEnum):
    """State of boot."""

    RESET = 0
    RESETTING = 1
    ROM = 2
    STARTING = 3
    READY = 4
    BOOT_FAILED = 5
    FATAL = 6


ASID_COUNT = 64
REG_ID = 0
ID_MAGIC = 0x41525354
REG_VERSION = 4
VERSION_MAJOR = 0xffff0000
VERSION_MINOR = 0xffff
VERSION_1_0 = 0x00010000
REG_CAPS = 8
REG_ADDRESS = 0xc
ADDRESS_PHYS_BITS = 0xff
ADDRESS_VA_BITS = 0xff00
REG_DOORBELL = 0x10
DOORBELL_STRIDE_LOG2 = 0xff
DOORBELL_PAGES = 0xffff00
REG_ASIDS = 0x14
REG_QUEUES = 0x18
QUEUES_TOTAL = 0xffff
QUEUES_PER_PAGE = 0xffff0000
REG_VECTORS = 0x1c
REG_TIME_SCALE = 0x20
REG_CLOCK_KHZ = 0x24
REG_PROGRAM_LIMITS = 0x28
PROGRAM_NODES_LOG2 = 0xff
PROGRAM_EDGES_LOG2 = 0xff00
PROGRAM_SLOTS_LOG2 = 0xff0000
PROGRAM_PARAMETERS_LOG2 = 0xff000000
REG_TIMESTAMP_LO = 0x30
REG_TIMESTAMP_HI = 0x34
REG_CYCLES_LO = 0x38
REG_CYCLES_HI = 0x3c
REG_CONTROL = 0x100
CONTROL_RESET = 0x52534554
REG_STATUS = 0x104
STATUS_STATE = 0xff
STATUS_RESET_COUNT = 0xffff0000
REG_BOOT_STATUS = 0x108
REG_BOOT_DETAIL = 0x10c
REG_FW_ADDR_LO = 0x110
REG_FW_ADDR_HI = 0x114
REG_FW_SIZE = 0x118
REG_BOOT_BLOCK_LO = 0x120
REG_BOOT_BLOCK_HI = 0x124
REG_BOOT_GO = 0x128
REG_FATAL_CAUSE = 0x130
REG_FATAL_PC = 0x134
REG_FATAL_VALUE = 0x138
REG_MEASUREMENT = 0x180
REG_DEVICE_KEY = 0x1a0
REG_QUOTE_NONCE = 0x1c0
REG_QUOTE_ADDR_LO = 0x1e0
REG_QUOTE_ADDR_HI = 0x1e4
REG_QUOTE_GO = 0x1e8
REG_QUOTE_STATUS = 0x1ec
REG_INV_RING_LO = 0x200
REG_INV_RING_HI = 0x204
REG_INV_DOORBELL = 0x208


def REG_ASID_ROOT_LO(n):
    """Address-space table, written by the host only."""
    return 4096 + 8 * n


def REG_ASID_ROOT_HI(n):
    """Its high word."""
    return 4100 + 8 * n

REG_FUSES = 0x8000
REG_FUSES_SIZE = 0x1000
DOORBELL_KERNEL_PAGE = 0
DOORBELL_ADMIN = 0

# ---- boot ----


class BOOT(enum.IntEnum):
    """REG_BOOT_STATUS is 0 while undecided, then one of these."""

    OK = 0x01
    BAD_ADDRESS = 0x10
    BAD_SIZE = 0x11
    BAD_MAGIC = 0x12
    BAD_HEADER = 0x13
    BAD_LOAD = 0x14
    BAD_KEY = 0x15
    BAD_SIGNATURE = 0x16
    ROLLBACK = 0x17
    BAD_HARDWARE = 0x18
    STATE_FILE = 0x19
    BAD_BLOCK = 0x30
    BAD_ABI = 0x31
    BAD_FEATURES = 0x32
    BAD_LAYOUT = 0x33


BOOT_BLOCK_MAGIC = 0x42525354

# ---- image ----
IMAGE_MAGIC = 0x46525354
IMAGE_HEADER_VERSION = 1
IMAGE_MAX_SIZE = 0x80000
IMAGE_FILE = "tessera/tessera-fw.bin"

# ---- fuse ----
FUSE_MAGIC = 0x55525354
FUSE_VERSION = 2


class SKU(enum.IntEnum):
    """Product classes of contract/skus; also the PCI subsystem id. From 0x8000 on they are vendors' own, 7 is reserved."""

    ULP = 1
    EDGE = 2
    PC = 3
    ADAS = 4
    SERVER = 5
    DC = 6


MAX_DIES = 8
FUSE_TYPES = 32


class DIE(enum.IntFlag):
    """What a die is for and how it is made."""

    LOGIC = 0x1
    IO = 0x2
    MEMORY = 0x4
    NON_PLANAR = 0x100
    PLANAR = 0x200


class MARKET(enum.IntEnum):
    """Market the vendor asserts."""

    UNKNOWN = 0
    DATACENTRE = 1
    OTHER = 2


class LIFECYCLE(enum.IntEnum):
    """Life cycle of a part."""

    DEVELOPMENT = 1
    PRODUCTION = 2


# ---- mmu ----
VA_BITS = 48
PAGE_SHIFT = 12
PAGE_SIZE = 0x1000
BLOCK_SHIFT = 21
BLOCK_SIZE = 0x200000
PT_LEVELS = 4
PT_ENTRIES = 512


def PT_SHIFT(level):
    """Log2 of the bytes that an entry of a level spans."""
    return PAGE_SHIFT + 9 * level

VA_USER_START = 0x1000
VA_USER_END = 0xffff00000000


class PTE(enum.IntFlag):
    """A leaf of a page table."""

    VALID = 0x1
    READ = 0x2
    WRITE = 0x4
    FETCH = 0x8
    LEAF = 0x10
    APERTURE = 0x60
    STATIC = 0x80
    ADDR = 0xffffffffff000


PTE_MBZ = 0xfff0000000000f00


class PTE_APERTURE(enum.IntEnum):
    """Apertures."""

    SYSTEM = 0
    LOCAL = 1
    PEER = 2


PTE_TABLE_MBZ = 0xfff0000000000ffe


class ASID(enum.IntFlag):
    """An entry of the address-space table."""

    VALID = 0x1
    ADDR = 0xffffffffff000


ASID_MBZ = 0xfff0000000000ffe


class INV(enum.IntEnum):
    """Invalidation commands; each covers all cached walks of its range."""

    RANGE = 1
    ASID = 2


INV_RING_ENTRIES = 64

# ---- queue ----
RING_ENTRIES = 64


class JOB(enum.IntFlag):
    """Job flags."""

    PROFILE = 0x1
    REPLAYABLE = 0x2
    STRICT = 0x4
    SEALED = 0x8


JOB_FLAGS = 0xf
JOB_MAX_REPEAT = 65536
SEALED_MIN = 128


class ADMIN(enum.IntEnum):
    """Admin commands."""

    NOP = 0
    QUEUE_CREATE = 1
    QUEUE_DESTROY = 2
    QUEUE_KILL = 3
    TRACE = 4
    QUEUE_STATUS = 5
    SEAL = 6
    UNSEAL = 7


class PRIORITY(enum.IntEnum):
    """Scheduling classes, highest first."""

    REALTIME = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3


PRIORITY_COUNT = 4
EVENT_ENTRIES = 1024


class EVENT(enum.IntEnum):
    """Types of events."""

    JOB = 1
    FAULT = 2
    ADMIN = 3
    CIM = 16


# ---- program ----
PROGRAM_MAGIC = 0x50525354
PROGRAM_VERSION = 2
PROGRAM_ALIGN = 64
MAX_NODES = 16384
MAX_EDGES = 65535
MAX_SLOTS = 1024
MAX_PARAMETERS = 256
MAX_LOOP_DEPTH = 4
MAX_LOOP_STEPS = 4
MAX_GROUPS = 256
SCRATCHPAD_ALIGN = 64
MAX_STREAM = 65536


class SLOT_NUMBER(enum.IntEnum):
    """Slot numbers that are no index into the slot table."""

    PROGRAM = 0xffff
    NONE = 0xfffe
    SCRATCHPAD = 0xfffd


class ENGINE(enum.IntEnum):
    """Kinds of engines, and of what the core does itself."""

    NOP = 0
    TENSOR = 1
    DMA = 2
    PARAMETER = 3
    LOOP = 4
    CIM = 5


ENGINE_KINDS = 6


class NODE(enum.IntFlag):
    """Node flags; 8 to 15 are reserved for CIM tiles."""

    SKIP = 0x1
    WIDE = 0x2


class SLOT(enum.IntFlag):
    """What commands may do with a slot; checked for correctness, the MMU isolates."""

    READ = 0x1
    WRITE = 0x2


class RANGE(enum.IntFlag):
    """How many floating-point results of a node are infinite or not a number, each as the count's length in bits: 0 for none, n for 2^(n-1) to 2^n - 1.."""

    INFINITE = 0xff
    NAN = 0xff00


# ---- command ----
MAX_RANK = 8
PARAMETER_32 = 0x80000000
PARAMETER_64 = 0x4000000000000000
PARAMETER_64_MASK = 0xc000000000000000


class QUANT(enum.IntEnum):
    """What the elements of an operand of a product mean."""

    NONE = 0
    ZERO = 1
    ZEROS = 2
    BLOCKS = 3


class ORDER(enum.IntEnum):
    """Loops over the blocks of a product, outermost first."""

    OUTPUT_N = 0
    OUTPUT_M = 1
    A_RESIDENT = 2
    B_RESIDENT = 3


class OP(enum.IntEnum):
    """Opcodes; 0xc0 to 0xdf are reserved for CIM tiles."""

    GEMM = 0x10
    CONV = 0x11
    ATTENTION = 0x14
    POOL = 0x20
    VECTOR = 0x30
    REDUCE = 0x40
    SCAN = 0x41
    NORMALIZE = 0x49
    MOVE = 0x50
    GATHER = 0x51
    SCATTER = 0x52
    RESAMPLE = 0x53
    SAMPLE = 0x54
    SORT = 0x58
    COMPACT = 0x59
    SUPPRESS = 0x5a
    COPY = 0x80
    FILL = 0x81


MAX_SPATIAL = 3


class POOLING(enum.IntEnum):
    """What the elements of a window are combined to."""

    MAX = 0
    SUM = 1


class PAD(enum.IntEnum):
    """What lies around a tensor."""

    CONSTANT = 0
    EDGE = 1
    REFLECT = 2
    WRAP = 3


PAD_COUNT = 4


class GATHER(enum.IntEnum):
    """What indices select."""

    AXIS = 0
    ELEMENT = 1
    ND = 2


class SCATTER(enum.IntEnum):
    """What SCATTER makes of an element and an update."""

    NONE = 0
    ADD = 1
    MUL = 2
    MIN = 3
    MAX = 4


class REDUCTION(enum.IntEnum):
    """What elements are combined to."""

    SUM = 0
    PRODUCT = 1
    MIN = 2
    MAX = 3
    ARG_MIN = 4
    ARG_MAX = 5


class NORMALIZE(enum.IntEnum):
    """What a row becomes."""

    SOFTMAX = 0
    LOG_SOFTMAX = 1
    STANDARD = 2
    RMS = 3


class SAMPLE(enum.IntEnum):
    """What a coordinate selects."""

    NEAREST = 0
    LINEAR = 1


SAMPLE_COUNT = 2


class OUTSIDE(enum.IntEnum):
    """What lies around the elements that are sampled."""

    ZERO = 0
    EDGE = 1
    REFLECT_CENTRE = 2
    REFLECT_EDGE = 3


OUTSIDE_COUNT = 4


class MASK(enum.IntEnum):
    """Which keys a query sees."""

    NONE = 0
    CAUSAL = 1
    BITS = 2


MASK_COUNT = 3

# ---- vector ----
VECTOR_REGISTERS = 16
VECTOR_MAX_INSNS = 32
VECTOR_MAX_CONSTS = 16
VECTOR_MAX_INPUTS = 4
VECTOR_VALUE = 4
VECTOR_PARAMETERS = 256


class VECTOR_TYPE(enum.IntEnum):
    """Types of registers."""

    F32 = 0
    I32 = 1
    I64 = 2
    BOOL = 3


VECTOR_TYPES = 4


class VECTOR_AS(enum.IntEnum):
    """Types of what an instruction reads or gives."""

    SAME = 0
    BOOL = 1
    IMMEDIATE = 2


class VECTOR_IMM(enum.IntEnum):
    """Meanings of immediates."""

    NONE = 0
    CONSTANT = 1
    AXIS = 2
    PARAMETER = 3
    CONVERT = 4
    STORAGE = 5
    SHIFT = 6
    WORD = 7


class VECTOR_TO(enum.IntFlag):
    """Immediates that name a type."""

    TYPE = 0xff
    SATURATE = 0x100
    WRAP = 0x200


VECTOR_TO_MBZ = 0xfc00


class VECTOR_STORE(enum.IntFlag):
    """How the result is stored."""

    SATURATE = 0x1
    WRAP = 0x2


VECTOR_STORE_FLAGS = 0x3


class VECTOR(enum.IntEnum):
    """Operations."""

    MOVE = 0x01
    CONSTANT = 0x02
    INDEX = 0x03
    TILE = 0x04
    PARAMETER = 0x05
    CONVERT = 0x08
    ROUND_TO = 0x09
    RESCALE = 0x0a
    ADD = 0x10
    SUB = 0x11
    MUL = 0x12
    FMA = 0x13
    NEG = 0x14
    ABS = 0x15
    SIGN = 0x16
    MIN = 0x17
    MAX = 0x18
    DIV = 0x19
    REM = 0x1a
    MOD = 0x1b
    DIVU = 0x1c
    REMU = 0x1d
    AND = 0x20
    OR = 0x21
    XOR = 0x22
    NOT = 0x23
    SHL = 0x24
    SHR = 0x25
    SAR = 0x26
    EQ = 0x28
    NE = 0x29
    LT = 0x2a
    LE = 0x2b
    GT = 0x2c
    GE = 0x2d
    LTU = 0x2e
    LEU = 0x2f
    SELECT = 0x30
    IS_NAN = 0x31
    IS_INF = 0x32
    FLOOR = 0x38
    CEIL = 0x39
    TRUNC = 0x3a
    ROUND = 0x3b
    SQRT = 0x40
    RSQRT = 0x41
    RECIPROCAL = 0x42
    EXP2 = 0x43
    LOG2 = 0x44
    EXP = 0x45
    LOG = 0x46
    EXPM1 = 0x47
    LOG1P = 0x48
    ERF = 0x49
    TANH = 0x4a
    SIGMOID = 0x4b
    SIN = 0x4c
    COS = 0x4d
    ATAN = 0x4e
    POW = 0x50
    ATAN2 = 0x51
    PHILOX = 0x58


VECTOR_COUNT = 89

# ---- error ----


class ERR(enum.IntEnum):
    """Error codes."""

    NONE = 0
    FAULT_READ = 1
    FAULT_WRITE = 2
    FAULT_FETCH = 3
    FAULT_BUS = 4
    PROGRAM = 5
    COMMAND = 6
    SLOT = 7
    BUDGET = 8
    KILLED = 9
    CANCELED = 10
    ENGINE = 11
    DESCRIPTOR = 12
    UNSUPPORTED = 13
    INVALID = 14
    BUSY = 15
    RESOURCES = 16
    INDEX = 17
    PARAMETER = 18


class NODE_NUMBER(enum.IntEnum):
    """Node numbers that are no node."""

    NONE = 0xffffffff


# ---- core ----
SRAM_BASE = 0x10000000
SRAM_SIZE = 0x00100000


class EVENT_SOURCE(enum.IntFlag):
    """Sources of the external interrupt."""

    DOORBELL = 0x1
    ENGINE = 0x2
    TIMER = 0x4


SYS_BASE = 0x40000000
SYS_CAPS = 0
SYS_BOOT_BLOCK_LO = 4
SYS_BOOT_BLOCK_HI = 8
SYS_STATE = 0xc
SYS_BOOT_STATUS = 0x10
SYS_BOOT_DETAIL = 0x14
SYS_CYCLES_LO = 0x18
SYS_CYCLES_HI = 0x1c
SYS_RAISE = 0x20
SYS_EVENTS = 0x24
SYS_TIMER_LO = 0x28
SYS_TIMER_HI = 0x2c
SYS_ENGINES = 0x30
SYS_ENGINE_DONE = 0x34
SYS_DOORBELL_PAGES_LO = 0x38
SYS_DOORBELL_PAGES_HI = 0x3c
SYS_FW_VERSION = 0x40
SYS_CLOCK_KHZ = 0x44
SYS_ENDED = 0x48
ENDED_NODE = 0xffff
ENDED_ENGINE = 0x1f0000
ENDED_VALID = 0x80000000
SYS_TRACE = 0x4c
SYS_TRACE_TAKE = 0x50
SYS_TRACE_TAKEN = 0x54
TRACE_TAKEN_NEXT = 0xffff
TRACE_TAKEN_FULL = 0x80000000


def SYS_DOORBELL(page):
    """Bit per index; read clears."""
    return 256 + 4 * page

COPY_BASE = 0x40001000
COPY_HOST_LO = 0
COPY_HOST_HI = 4
COPY_LOCAL = 8
COPY_SIZE = 0xc
COPY_ASID = 0x10
COPY_CONTROL = 0x14
COPY_READ = 1
COPY_FETCH = 2
COPY_WRITE = 3
COPY_ADD = 4
COPY_STATUS = 0x18
COPY_FAULT_LO = 0x1c
COPY_FAULT_HI = 0x20
ENGINE_MAX = 32
TRACE_RECORDS = 1024
ENGINE_PLACES = 4
NODE_LEAST_CYCLES = 160


def ENGINE_BASE(n):
    """Address of the block."""
    return 1073807360 + 256 * n

ENGINE_KIND = 0
ENGINE_STATUS = 4
ENGINE_BUSY = 1
ENGINE_DONE = 2
ENGINE_ERROR = 0xff00
ENGINE_CONTROL = 8
ENGINE_START = 1
ENGINE_ABORT = 2
ENGINE_ACK = 3
ENGINE_BIND = 4
ENGINE_RECALL = 5
ENGINE_ASID = 0xc
ENGINE_STREAM_LO = 0x10
ENGINE_STREAM_HI = 0x14
ENGINE_STREAM_SIZE = 0x18
ENGINE_SLOTS = 0x1c
ENGINE_SLOT_COUNT = 0x20
ENGINE_PROGRAM_LO = 0x24
ENGINE_PROGRAM_HI = 0x28
ENGINE_PROGRAM_SIZE = 0x2c
ENGINE_PROGRESS_LO = 0x30
ENGINE_PROGRESS_HI = 0x34
ENGINE_BUDGET_LO = 0x38
ENGINE_BUDGET_HI = 0x3c
ENGINE_QUEUE = 0x40
ENGINE_NODE = 0x44
ENGINE_PARAMETERS = 0x48
ENGINE_PARAMETER_COUNT = 0x4c
ENGINE_START_LO = 0x50
ENGINE_START_HI = 0x54
ENGINE_END_LO = 0x58
ENGINE_END_HI = 0x5c
ENGINE_MACS_LO = 0x60
ENGINE_MACS_HI = 0x64
ENGINE_READ_LO = 0x68
ENGINE_READ_HI = 0x6c
ENGINE_WRITTEN_LO = 0x70
ENGINE_WRITTEN_HI = 0x74
ENGINE_BLOCKS_LO = 0x78
ENGINE_BLOCKS_HI = 0x7c
ENGINE_ENERGY_LO = 0x80
ENGINE_ENERGY_HI = 0x84
ENGINE_FAULT_LO = 0x88
ENGINE_FAULT_HI = 0x8c
ENGINE_RANGE = 0x90
ENGINE_FLAGS = 0x94
ENGINE_STRICT = 1
ENGINE_GROUP = 2
ENGINE_ALONE_LO = 0x98
ENGINE_ALONE_HI = 0x9c
ENGINE_RESIDENT = 0xa8
ENGINE_RING = 0xac
ENGINE_SCRATCHPAD = 0xb0
ENGINE_JOB = 0xb4
ENGINE_NUMBER = 0xb8
ENGINE_ENTER = 0xbc
ENGINE_ENTERED = 0xc0

# ---- trace ----


class TRACE(enum.IntEnum):
    """What a record tells."""

    READY = 1
    STRAY_BELL = 2
    QUEUE_CREATE = 3
    QUEUE_DESTROY = 4
    QUEUE_KILL = 5
    QUEUE_FAIL = 6
    BAD_TAIL = 7
    JOB_START = 8
    JOB_END = 9
    NODE_START = 10
    NODE_END = 11
    NODE_SKIP = 12
    EVENT_LOST = 13
    BUS_FAULT = 14
    GROUP_BIND = 15
    GROUP_FREE = 16


# ---- quote ----


class QUOTE(enum.IntEnum):
    """REG_QUOTE_STATUS."""

    IDLE = 0
    BUSY = 1
    DONE = 2
    BAD_ADDRESS = 3
    NOT_READY = 4


class QUOTE_FLAG(enum.IntFlag):
    """In every signed part of a quote."""

    VIRTUAL = 0x1
    DEVELOPMENT = 0x2


QUOTE_MAGIC = 0x51525354
QUOTE_ENDORSEMENT_MAGIC = 0x45525354
QUOTE_CERTIFICATE_MAGIC = 0x43525354
QUOTE_VERSION = 1
QUOTE_VIRTUAL_ROOT = "tessera virtual root: not secret"

# ---- structures ----


class BootBlockResponse(ctypes.LittleEndianStructure):
    """Written by the firmware."""

    _fields_ = [
        ("abi", ctypes.c_uint32),
        ("fw_version", ctypes.c_uint32),
        ("features", ctypes.c_uint64),
        ("max_contexts", ctypes.c_uint32),
        ("mbz", ctypes.c_uint8 * 108),
    ]
    of = {"features": FEATURE}


class BootBlock(ctypes.LittleEndianStructure):
    """Written by the host before REG_BOOT_GO."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("size", ctypes.c_uint32),
        ("abi_min", ctypes.c_uint32),
        ("abi_max", ctypes.c_uint32),
        ("features", ctypes.c_uint64),
        ("features_required", ctypes.c_uint64),
        ("admin_ring", ctypes.c_uint64),
        ("admin_done", ctypes.c_uint64),
        ("event_ring", ctypes.c_uint64),
        ("control_vector", ctypes.c_uint32),
        ("event_vector", ctypes.c_uint32),
        ("mbz", ctypes.c_uint8 * 64),
        ("response", BootBlockResponse),
    ]
    of = {"features": FEATURE, "features_required": FEATURE}


class ImageHeader(ctypes.LittleEndianStructure):
    """What the boot ROM reads first."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("header_version", ctypes.c_uint16),
        ("header_size", ctypes.c_uint16),
        ("image_size", ctypes.c_uint32),
        ("load_addr", ctypes.c_uint32),
        ("entry", ctypes.c_uint32),
        ("security_version", ctypes.c_uint32),
        ("fw_version", ctypes.c_uint32),
        ("abi_min", ctypes.c_uint16),
        ("abi_max", ctypes.c_uint16),
        ("hw_major", ctypes.c_uint32),
        ("mbz0", ctypes.c_uint32),
        ("features", ctypes.c_uint64),
        ("build_id", ctypes.c_uint8 * 32),
        ("name", ctypes.c_uint8 * 32),
        ("public_key", ctypes.c_uint8 * 32),
        ("mbz", ctypes.c_uint8 * 48),
        ("signature", ctypes.c_uint8 * 64),
    ]
    of = {"features": FEATURE}


class Die(ctypes.LittleEndianStructure):
    """One die of the package."""

    _fields_ = [
        ("area", ctypes.c_uint32),
        ("process_nm", ctypes.c_uint16),
        ("mbz", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("mbz2", ctypes.c_uint32),
    ]
    of = {"flags": DIE}


class Fuses(ctypes.LittleEndianStructure):
    """Fuse block."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("version", ctypes.c_uint16),
        ("size", ctypes.c_uint16),
        ("serial", ctypes.c_uint64),
        ("sku", ctypes.c_uint32),
        ("lifecycle", ctypes.c_uint32),
        ("rollback_min", ctypes.c_uint32),
        ("market", ctypes.c_uint32),
        ("name", ctypes.c_uint8 * 32),
        ("key_hash", ctypes.c_uint8 * 32),
        ("clock_khz", ctypes.c_uint32),
        ("tensor_tiles", ctypes.c_uint16),
        ("dma_engines", ctypes.c_uint16),
        ("cim_tiles", ctypes.c_uint16),
        ("array_rows", ctypes.c_uint16),
        ("array_columns", ctypes.c_uint16),
        ("vector_operations", ctypes.c_uint16),
        ("scratchpad_kib", ctypes.c_uint32),
        ("array_ports", ctypes.c_uint16),
        ("weight_path", ctypes.c_uint16),
        ("macs", ctypes.c_uint32 * 32),
        ("port_bytes", ctypes.c_uint32),
        ("link_mb_s", ctypes.c_uint32),
        ("load_latency", ctypes.c_uint16),
        ("block_cycles_log2", ctypes.c_uint16),
        ("block_types", ctypes.c_uint32),
        ("class_name", ctypes.c_uint8 * 16),
        ("mbz0", ctypes.c_uint8 * 96),
        ("memory_mb_s", ctypes.c_uint32),
        ("memory_mib", ctypes.c_uint32),
        ("io_mb_s", ctypes.c_uint32),
        ("hbm_mb_s", ctypes.c_uint32),
        ("hbm_area", ctypes.c_uint32),
        ("die_count", ctypes.c_uint32),
        ("die", Die * 8),
        ("model", ctypes.c_uint32),
        ("mbz", ctypes.c_uint8 * 484),
    ]
    of = {"sku": SKU, "lifecycle": LIFECYCLE, "market": MARKET}


class InvCmd(ctypes.LittleEndianStructure):
    """One invalidation."""

    _fields_ = [
        ("seq", ctypes.c_uint32),
        ("op", ctypes.c_uint32),
        ("asid", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
        ("va", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    ]
    of = {"op": INV}


class InvRing(ctypes.LittleEndianStructure):
    """Invalidation ring, two pages."""

    _fields_ = [
        ("cmd", InvCmd * 64),
        ("tail", ctypes.c_uint32),
        ("host_mbz", ctypes.c_uint32 * 511),
        ("done", ctypes.c_uint32),
        ("error", ctypes.c_uint32),
        ("device_mbz", ctypes.c_uint32 * 1022),
    ]
    of = {}


class Job(ctypes.LittleEndianStructure):
    """One graph job; virtual addresses only, nothing privileged."""

    _fields_ = [
        ("seq", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("program", ctypes.c_uint64),
        ("program_size", ctypes.c_uint32),
        ("slot_count", ctypes.c_uint32),
        ("slots", ctypes.c_uint64),
        ("parameters", ctypes.c_uint64),
        ("profile", ctypes.c_uint64),
        ("parameter_count", ctypes.c_uint32),
        ("profile_count", ctypes.c_uint32),
        ("repeat", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
    ]
    of = {"flags": JOB}


class AdminArgumentsCreate(ctypes.LittleEndianStructure):
    """Arguments of QUEUE_CREATE; addresses are physical."""

    _fields_ = [
        ("ring", ctypes.c_uint64),
        ("done", ctypes.c_uint64),
        ("save", ctypes.c_uint64),
        ("budget", ctypes.c_uint64),
        ("asid", ctypes.c_uint16),
        ("index", ctypes.c_uint16),
        ("priority", ctypes.c_uint8),
        ("weight", ctypes.c_uint8),
        ("mbz", ctypes.c_uint16),
        ("client", ctypes.c_uint64),
    ]
    of = {"priority": PRIORITY}


class AdminArgumentsTrace(ctypes.LittleEndianStructure):
    """Arguments of TRACE."""

    _fields_ = [
        ("address", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
    ]
    of = {}


class AdminArgumentsSeal(ctypes.LittleEndianStructure):
    """Arguments of SEAL."""

    _fields_ = [
        ("program", ctypes.c_uint64),
        ("size", ctypes.c_uint32),
        ("asid", ctypes.c_uint16),
        ("mbz", ctypes.c_uint16),
    ]
    of = {}


class AdminArgumentsUnseal(ctypes.LittleEndianStructure):
    """Arguments of UNSEAL."""

    _fields_ = [
        ("handle", ctypes.c_uint64),
        ("asid", ctypes.c_uint16),
        ("mbz", ctypes.c_uint16 * 3),
    ]
    of = {}


class AdminArguments(ctypes.LittleEndianUnion):
    """Arguments."""

    _fields_ = [
        ("create", AdminArgumentsCreate),
        ("trace", AdminArgumentsTrace),
        ("seal", AdminArgumentsSeal),
        ("unseal", AdminArgumentsUnseal),
        ("pad", ctypes.c_uint8 * 48),
    ]
    of = {}


class Admin(ctypes.LittleEndianStructure):
    """One admin command."""

    _anonymous_ = ('_arguments',)
    _fields_ = [
        ("seq", ctypes.c_uint32),
        ("op", ctypes.c_uint16),
        ("queue", ctypes.c_uint16),
        ("mbz", ctypes.c_uint64),
        ("_arguments", AdminArguments),
    ]
    of = {"op": ADMIN}


class RingEntries(ctypes.LittleEndianUnion):
    """Descriptors by kind of queue."""

    _fields_ = [
        ("job", Job * 64),
        ("admin", Admin * 64),
    ]
    of = {}


class Ring(ctypes.LittleEndianStructure):
    """What the host writes for one queue, two pages."""

    _anonymous_ = ('_entries',)
    _fields_ = [
        ("_entries", RingEntries),
        ("tail", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32 * 1023),
    ]
    of = {}


class Completion(ctypes.LittleEndianStructure):
    """How one job ended."""

    _fields_ = [
        ("seq", ctypes.c_uint32),
        ("error", ctypes.c_uint32),
        ("node", ctypes.c_uint32),
        ("engine", ctypes.c_uint32),
        ("address", ctypes.c_uint64),
        ("start", ctypes.c_uint64),
        ("end", ctypes.c_uint64),
        ("blocks", ctypes.c_uint64),
        ("tile_cycles", ctypes.c_uint64),
        ("dma_cycles", ctypes.c_uint64),
    ]
    of = {"error": ERR, "node": NODE_NUMBER}


class CompletionPage(ctypes.LittleEndianStructure):
    """What the device writes for one queue, two pages."""

    _fields_ = [
        ("completed", ctypes.c_uint32),
        ("started", ctypes.c_uint32),
        ("progress", ctypes.c_uint64),
        ("mbz", ctypes.c_uint64 * 510),
        ("slot", Completion * 64),
    ]
    of = {}


class Event(ctypes.LittleEndianStructure):
    """One event."""

    _fields_ = [
        ("queue", ctypes.c_uint16),
        ("type", ctypes.c_uint16),
        ("seq", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
        ("phase", ctypes.c_uint32),
    ]
    of = {"type": EVENT}


class EventRing(ctypes.LittleEndianStructure):
    """Events, six pages."""

    _fields_ = [
        ("arm", ctypes.c_uint32),
        ("host_mbz", ctypes.c_uint32 * 1023),
        ("lost", ctypes.c_uint32),
        ("device_mbz", ctypes.c_uint32 * 1023),
        ("event", Event * 1024),
    ]
    of = {}


class Program(ctypes.LittleEndianStructure):
    """Program header."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("version", ctypes.c_uint16),
        ("header_size", ctypes.c_uint16),
        ("size", ctypes.c_uint32),
        ("checksum", ctypes.c_uint32),
        ("features", ctypes.c_uint64),
        ("engines", ctypes.c_uint32),
        ("slot_count", ctypes.c_uint32),
        ("node_count", ctypes.c_uint32),
        ("edge_count", ctypes.c_uint32),
        ("nodes", ctypes.c_uint32),
        ("edges", ctypes.c_uint32),
        ("streams", ctypes.c_uint32),
        ("streams_size", ctypes.c_uint32),
        ("constants", ctypes.c_uint32),
        ("constants_size", ctypes.c_uint32),
        ("ops", ctypes.c_uint64),
        ("loops", ctypes.c_uint32),
        ("loop_count", ctypes.c_uint32),
        ("groups", ctypes.c_uint32),
        ("group_count", ctypes.c_uint32),
        ("mbz", ctypes.c_uint8 * 40),
    ]
    of = {"features": FEATURE}


class Node(ctypes.LittleEndianStructure):
    """One node of the graph."""

    _fields_ = [
        ("engine", ctypes.c_uint8),
        ("mbz0", ctypes.c_uint8),
        ("flags", ctypes.c_uint16),
        ("group", ctypes.c_uint16),
        ("pred_count", ctypes.c_uint16),
        ("succ_count", ctypes.c_uint16),
        ("word_slot", ctypes.c_uint16),
        ("succ_first", ctypes.c_uint32),
        ("stream", ctypes.c_uint32),
        ("stream_size", ctypes.c_uint32),
        ("mbz1", ctypes.c_uint32),
        ("ring", ctypes.c_uint32),
        ("word_offset", ctypes.c_uint64),
        ("ops", ctypes.c_uint64),
        ("index", ctypes.c_uint32),
        ("body_count", ctypes.c_uint32),
        ("tag", ctypes.c_uint32),
        ("mbz2", ctypes.c_uint32),
    ]
    of = {"engine": ENGINE, "flags": NODE, "word_slot": SLOT_NUMBER}


class LoopStep(ctypes.LittleEndianStructure):
    """What a loop does to a parameter after each turn."""

    _fields_ = [
        ("parameter", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
        ("amount", ctypes.c_uint64),
    ]
    of = {}


class Loop(ctypes.LittleEndianStructure):
    """How often the body of a LOOP runs."""

    _fields_ = [
        ("count", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
        ("step", LoopStep * 4),
    ]
    of = {}


class Group(ctypes.LittleEndianStructure):
    """A residency group, whose nodes leave results for each other in a tile's scratchpad."""

    _fields_ = [
        ("grid", ctypes.c_uint16 * 2),
        ("resident", ctypes.c_uint32),
        ("ring", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
    ]
    of = {}


class Slot(ctypes.LittleEndianStructure):
    """One argument of a submission."""

    _fields_ = [
        ("address", ctypes.c_uint64),
        ("size", ctypes.c_uint64),
        ("stride", ctypes.c_uint64),
        ("flags", ctypes.c_uint32),
        ("mbz", ctypes.c_uint32),
    ]
    of = {"flags": SLOT}


class Profile(ctypes.LittleEndianStructure):
    """What one node did."""

    _fields_ = [
        ("node", ctypes.c_uint32),
        ("repetition", ctypes.c_uint32),
        ("engine", ctypes.c_uint32),
        ("tag", ctypes.c_uint32),
        ("start", ctypes.c_uint64),
        ("end", ctypes.c_uint64),
        ("macs", ctypes.c_uint64),
        ("bytes_read", ctypes.c_uint64),
        ("bytes_written", ctypes.c_uint64),
        ("energy", ctypes.c_uint64),
    ]
    of = {}


class Tensor(ctypes.LittleEndianStructure):
    """A tensor in memory."""

    _fields_ = [
        ("slot", ctypes.c_uint16),
        ("type", ctypes.c_uint8),
        ("rank", ctypes.c_uint8),
        ("mbz0", ctypes.c_uint32),
        ("offset", ctypes.c_uint64),
        ("mbz1", ctypes.c_uint64 * 2),
        ("dim", ctypes.c_uint32 * 8),
        ("stride", ctypes.c_uint64 * 8),
    ]
    of = {"slot": SLOT_NUMBER, "type": TYPE}


class Place(ctypes.LittleEndianStructure):
    """Bytes in memory."""

    _fields_ = [
        ("slot", ctypes.c_uint16),
        ("mbz", ctypes.c_uint16 * 3),
        ("offset", ctypes.c_uint64),
    ]
    of = {"slot": SLOT_NUMBER}


class Quant(ctypes.LittleEndianStructure):
    """Zero points and block scales of an operand of a product."""

    _fields_ = [
        ("kind", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 3),
        ("block", ctypes.c_uint32),
        ("zero", ctypes.c_uint64),
        ("scale", Tensor),
        ("zeros", Tensor),
    ]
    of = {"kind": QUANT}


class Blocks(ctypes.LittleEndianStructure):
    """How a product is cut into steps."""

    _fields_ = [
        ("bm", ctypes.c_uint32),
        ("bn", ctypes.c_uint32),
        ("bk", ctypes.c_uint32),
        ("bg", ctypes.c_uint32),
        ("order", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 7),
    ]
    of = {"order": ORDER}


class Command(ctypes.LittleEndianStructure):
    """Command header."""

    _fields_ = [
        ("op", ctypes.c_uint8),
        ("mbz0", ctypes.c_uint8),
        ("mbz1", ctypes.c_uint16),
        ("size", ctypes.c_uint16),
        ("mbz2", ctypes.c_uint16),
        ("post", ctypes.c_uint16),
        ("pre", ctypes.c_uint16),
        ("mbz3", ctypes.c_uint32),
    ]
    of = {"op": OP}


class Step(ctypes.LittleEndianStructure):
    """What one step of a command works on."""

    _fields_ = [
        ("block", ctypes.c_uint32 * 8),
    ]
    of = {}


class Window(ctypes.LittleEndianStructure):
    """How a window slides over one dimension."""

    _fields_ = [
        ("kernel", ctypes.c_uint32),
        ("stride", ctypes.c_uint32),
        ("dilation", ctypes.c_uint32),
        ("input_dilation", ctypes.c_uint32),
        ("before", ctypes.c_uint64),
        ("after", ctypes.c_uint64),
    ]
    of = {}


class Conv(ctypes.LittleEndianStructure):
    """D = the program of X convolved with W (a correlation, as ONNX Conv), in groups."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("w", Tensor),
        ("d", Tensor),
        ("qx", Quant),
        ("qw", Quant),
        ("blocks", Blocks),
        ("groups", ctypes.c_uint32),
        ("dims", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 3),
        ("window", Window * 3),
    ]
    of = {}


class Pool(ctypes.LittleEndianStructure):
    """D = the program of what the elements of X in each window are combined to."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("d", Tensor),
        ("index", Tensor),
        ("mode", ctypes.c_uint8),
        ("dims", ctypes.c_uint8),
        ("count", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 5),
        ("w", Window * 3),
        ("step", Step),
    ]
    of = {"mode": POOLING}


class Move(ctypes.LittleEndianStructure):
    """A tensor moved by strides, padded or cut."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("d", Tensor),
        ("value", ctypes.c_uint64),
        ("before", ctypes.c_uint64 * 8),
        ("after", ctypes.c_uint64 * 8),
        ("mode", ctypes.c_uint8 * 8),
        ("step", Step),
    ]
    of = {"mode": PAD}


class Copy(ctypes.LittleEndianStructure):
    """Bytes that are copied."""

    _fields_ = [
        ("head", Command),
        ("src", Place),
        ("dst", Place),
        ("crc", Place),
        ("size", ctypes.c_uint64),
    ]
    of = {}


class Fill(ctypes.LittleEndianStructure):
    """Bytes that repeat a value."""

    _fields_ = [
        ("head", Command),
        ("dst", Place),
        ("size", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
        ("width", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 7),
    ]
    of = {}


class VectorCommand(ctypes.LittleEndianStructure):
    """D = the program of its inputs; they have the extents of D, and repeat by stride 0."""

    _fields_ = [
        ("head", Command),
        ("d", Tensor),
        ("step", Step),
    ]
    of = {}


class Gather(ctypes.LittleEndianStructure):
    """Reading and writing by indices."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("index", Tensor),
        ("d", Tensor),
        ("kind", ctypes.c_uint8),
        ("axis", ctypes.c_uint8),
        ("batch_dims", ctypes.c_uint8),
        ("reduction", ctypes.c_uint8),
        ("mbz", ctypes.c_uint32),
        ("step", Step),
    ]
    of = {"kind": GATHER, "reduction": SCATTER}


class Sort(ctypes.LittleEndianStructure):
    """The first elements of every row of the last dimension, in order."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("values", Tensor),
        ("indices", Tensor),
        ("k", ctypes.c_uint32),
        ("descending", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 3),
        ("step", Step),
    ]
    of = {}


class Compact(ctypes.LittleEndianStructure):
    """Where the elements lie that are not zero."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("coords", Tensor),
        ("count", Tensor),
        ("step", Step),
    ]
    of = {}


class Suppress(ctypes.LittleEndianStructure):
    """Boxes of the highest scores that do not overlap too much."""

    _fields_ = [
        ("head", Command),
        ("boxes", Tensor),
        ("scores", Tensor),
        ("indices", Tensor),
        ("count", Tensor),
        ("threshold", ctypes.c_uint32),
        ("max", ctypes.c_uint32),
    ]
    of = {}


class Scan(ctypes.LittleEndianStructure):
    """D = the program of what the elements before each in a dimension are combined to."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("d", Tensor),
        ("axis", ctypes.c_uint8),
        ("function", ctypes.c_uint8),
        ("exclusive", ctypes.c_uint8),
        ("reverse", ctypes.c_uint8),
        ("mbz", ctypes.c_uint32),
        ("step", Step),
    ]
    of = {"function": REDUCTION}


class Reduce(ctypes.LittleEndianStructure):
    """D = the program of what the elements along some dimensions are combined to."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("d", Tensor),
        ("axes", ctypes.c_uint32),
        ("function", ctypes.c_uint8),
        ("last", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 2),
        ("step", Step),
    ]
    of = {"function": REDUCTION}


class Normalize(ctypes.LittleEndianStructure):
    """D = the program of what the elements along some dimensions are normalized to."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("d", Tensor),
        ("axes", ctypes.c_uint32),
        ("epsilon", ctypes.c_uint32),
        ("mode", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 7),
        ("step", Step),
    ]
    of = {"mode": NORMALIZE}


class Resample(ctypes.LittleEndianStructure):
    """D[.., o, ..] = post(sum over t of weight[o, t] * X[.., first[o] + t, ..]), limited to the elements of X."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("first", Tensor),
        ("weight", Tensor),
        ("d", Tensor),
        ("axis", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8),
        ("taps", ctypes.c_uint16),
        ("mbz1", ctypes.c_uint32),
        ("step", Step),
    ]
    of = {}


class Sample(ctypes.LittleEndianStructure):
    """D[b, c, o..] = post(X[batch[b], c, coords[b, o..]])."""

    _fields_ = [
        ("head", Command),
        ("x", Tensor),
        ("coords", Tensor),
        ("batch", Tensor),
        ("d", Tensor),
        ("mode", ctypes.c_uint8),
        ("outside", ctypes.c_uint8),
        ("dims", ctypes.c_uint8),
        ("mbz", ctypes.c_uint8 * 5),
        ("step", Step),
    ]
    of = {"mode": SAMPLE, "outside": OUTSIDE}


class Gemm(ctypes.LittleEndianStructure):
    """D[.., m, n] = the program of the sum over k of A[.., m, k] * B[.., k, n]."""

    _fields_ = [
        ("head", Command),
        ("a", Tensor),
        ("b", Tensor),
        ("d", Tensor),
        ("rows", Tensor),
        ("qa", Quant),
        ("qb", Quant),
        ("blocks", Blocks),
    ]
    of = {}


class Attention(ctypes.LittleEndianStructure):
    """D[b, h, i] = post(sum over j of p[i, j] * V[b, h, j]), p = softmax over j of scale * (Q[b, h, i] . K[b, h, j])."""

    _fields_ = [
        ("head", Command),
        ("q", Tensor),
        ("k", Tensor),
        ("v", Tensor),
        ("d", Tensor),
        ("mask", Tensor),
        ("lengths", Tensor),
        ("pages", Tensor),
        ("qk", Quant),
        ("qv", Quant),
        ("scale", ctypes.c_uint32),
        ("mask_kind", ctypes.c_uint8),
        ("page_log2", ctypes.c_uint8),
        ("mbz", ctypes.c_uint16),
        ("blocks", Blocks),
    ]
    of = {"mask_kind": MASK}


class Insn(ctypes.LittleEndianStructure):
    """An instruction; registers and immediate that its operation does not use are zero."""

    _fields_ = [
        ("op", ctypes.c_uint8),
        ("type", ctypes.c_uint8),
        ("dst", ctypes.c_uint8),
        ("a", ctypes.c_uint8),
        ("b", ctypes.c_uint8),
        ("c", ctypes.c_uint8),
        ("imm", ctypes.c_uint16),
    ]
    of = {"op": VECTOR, "type": VECTOR_TYPE}


class VectorConst(ctypes.LittleEndianStructure):
    """A constant."""

    _fields_ = [
        ("value", ctypes.c_uint64),
    ]
    of = {}


class Vector(ctypes.LittleEndianStructure):
    """Head of a VECTOR program; its inputs, constants and instructions follow in this order."""

    _fields_ = [
        ("insns", ctypes.c_uint8),
        ("consts", ctypes.c_uint8),
        ("inputs", ctypes.c_uint8),
        ("result", ctypes.c_uint8),
        ("flags", ctypes.c_uint16),
        ("const_p", ctypes.c_uint16),
    ]
    of = {"flags": VECTOR_STORE}


class EngineJob(ctypes.LittleEndianStructure):
    """What the nodes of a job have in common that are entered; in SRAM."""

    _fields_ = [
        ("asid", ctypes.c_uint32),
        ("queue", ctypes.c_uint32),
        ("slots", ctypes.c_uint32),
        ("slot_count", ctypes.c_uint32),
        ("parameters", ctypes.c_uint32),
        ("parameter_count", ctypes.c_uint32),
        ("program_size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("program", ctypes.c_uint64),
        ("streams", ctypes.c_uint64),
        ("progress", ctypes.c_uint64),
        ("budget", ctypes.c_uint64),
        ("charged", ctypes.c_uint64),
        ("alone", ctypes.c_uint64),
        ("cycles", ctypes.c_uint64 * 2),
        ("blocks", ctypes.c_uint64),
    ]
    of = {}


class Trace(ctypes.LittleEndianStructure):
    """One record."""

    _fields_ = [
        ("cycle", ctypes.c_uint32),
        ("queue", ctypes.c_uint16),
        ("code", ctypes.c_uint16),
        ("arg0", ctypes.c_uint32),
        ("arg1", ctypes.c_uint32),
    ]
    of = {"code": TRACE}


class Quote(ctypes.LittleEndianStructure):
    """What the unit writes."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("version", ctypes.c_uint16),
        ("size", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("security_version", ctypes.c_uint32),
        ("serial", ctypes.c_uint64),
        ("boot_counter", ctypes.c_uint64),
        ("nonce", ctypes.c_uint8 * 32),
        ("fuses", ctypes.c_uint8 * 32),
        ("measurement", ctypes.c_uint8 * 32),
        ("device_key", ctypes.c_uint8 * 32),
        ("signature", ctypes.c_uint8 * 64),
        ("identity_key", ctypes.c_uint8 * 32),
        ("endorsement", ctypes.c_uint8 * 64),
        ("certificate", ctypes.c_uint8 * 64),
    ]
    of = {"flags": QUOTE_FLAG}


class QuoteEndorsement(ctypes.LittleEndianStructure):
    """What the device's own key says of the key of one image."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("serial", ctypes.c_uint64),
        ("device_key", ctypes.c_uint8 * 32),
        ("measurement", ctypes.c_uint8 * 32),
    ]
    of = {"flags": QUOTE_FLAG}


class QuoteCertificate(ctypes.LittleEndianStructure):
    """What the vendor says of a device."""

    _fields_ = [
        ("magic", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("serial", ctypes.c_uint64),
        ("identity_key", ctypes.c_uint8 * 32),
    ]
    of = {"flags": QUOTE_FLAG}
