// SPDX-License-Identifier: MIT
#include "quantity_table.h"

#define TERA 1000000000000ul
#define HERTZ { { "Hz", 1, 1 }, { "kHz", 1000, 1 }, { "MHz", 1000000, 1 }, \
		{ "GHz", 1000000000, 1 } }
/* One multiply-accumulate is two operations wherever operations are counted. */
#define RATE { { "MAC/s", 1, 1 }, { "TMAC/s", TERA, 1 }, { "OP/s", 1, 2 }, { "TOPS", TERA, 2 } }
#define AREA { { "mm2", 1, 1 } }
#define BANDWIDTH { { "GB/s", 1, 1 }, { "MB/s", 1, 1000 } }
#define NUMBER { { "1", 1, 1 } }
#define NONE { { NULL, 0, 0 } }

const struct cpl_quantity_info cpl_quantity_table[TSR_COMPLIANCE_QUANTITIES] = {
	[TSR_COMPLIANCE_UNIT_CLOCK] = { CPL_UNIT, CPL_POSITIVE, NULL, "clock", HERTZ },
	[TSR_COMPLIANCE_UNIT_COUNT] = { CPL_UNIT, CPL_COUNT, NULL, "count", NUMBER },
	[TSR_COMPLIANCE_MACS_PER_CYCLE] = { CPL_FORMAT, CPL_NON_NEGATIVE, NULL, "macs_per_cycle",
					    { { "MAC/cycle", 1, 1 } } },
	[TSR_COMPLIANCE_DENSE_RATE] = { CPL_FORMAT, CPL_NON_NEGATIVE, NULL, "dense_rate", RATE },
	[TSR_COMPLIANCE_SPARSE_MACS_PER_CYCLE] = { CPL_FORMAT, CPL_NON_NEGATIVE, NULL,
						   "sparse_macs_per_cycle",
						   { { "MAC/cycle", 1, 1 } } },
	[TSR_COMPLIANCE_SPARSE_RATE] = { CPL_FORMAT, CPL_NON_NEGATIVE, NULL, "sparse_rate", RATE },
	[TSR_COMPLIANCE_DIE_AREA] = { CPL_DIE, CPL_POSITIVE, NULL, "area", AREA },
	[TSR_COMPLIANCE_DIE_NONPLANAR] = { CPL_DIE, CPL_TRUTH, NULL, "nonplanar", NONE },
	[TSR_COMPLIANCE_IO_RATE] = { CPL_WHOLE, CPL_NON_NEGATIVE, NULL, "io_rate", BANDWIDTH },
	[TSR_COMPLIANCE_DRAM_BANDWIDTH] = { CPL_WHOLE, CPL_NON_NEGATIVE, NULL, "dram_bandwidth",
					    BANDWIDTH },
	[TSR_COMPLIANCE_HBM_BANDWIDTH] = { CPL_WHOLE, CPL_POSITIVE, "hbm", "bandwidth",
					   BANDWIDTH },
	[TSR_COMPLIANCE_HBM_AREA] = { CPL_WHOLE, CPL_POSITIVE, "hbm", "package_area", AREA },
	[TSR_COMPLIANCE_HBM_COPACKAGED] = { CPL_WHOLE, CPL_TRUTH, "hbm",
					    "copackaged_with_dominant_logic", NONE },
	[TSR_COMPLIANCE_VIRTUAL] = { CPL_WHOLE, CPL_TRUTH, NULL, "virtual", NONE },
	[TSR_COMPLIANCE_DATACENTRE] = { CPL_WHOLE, CPL_TRUTH, NULL, "datacentre", NONE },
	[TSR_COMPLIANCE_BOARD_PACKAGES] = { CPL_WHOLE, CPL_COUNT, "board", "packages", NUMBER },
	[TSR_COMPLIANCE_BOARD_IO_RATE] = { CPL_WHOLE, CPL_NON_NEGATIVE, "board", "io_rate",
					   BANDWIDTH },
	[TSR_COMPLIANCE_BOARD_DRAM_BANDWIDTH] = { CPL_WHOLE, CPL_NON_NEGATIVE, "board",
						  "dram_bandwidth", BANDWIDTH },
	[TSR_COMPLIANCE_NODE_BOARDS] = { CPL_WHOLE, CPL_COUNT, "node", "boards", NUMBER },
	[TSR_COMPLIANCE_NODE_IO_RATE] = { CPL_WHOLE, CPL_NON_NEGATIVE, "node", "io_rate",
					  BANDWIDTH },
	[TSR_COMPLIANCE_NODE_DRAM_BANDWIDTH] = { CPL_WHOLE, CPL_NON_NEGATIVE, "node",
						 "dram_bandwidth", BANDWIDTH },
	[TSR_COMPLIANCE_TRANSISTORS] = { CPL_WHOLE, CPL_COUNT, NULL, "transistors", NUMBER },
	[TSR_COMPLIANCE_SERIAL] = { CPL_WHOLE, CPL_TEXT, NULL, "serial", NONE },
	[TSR_COMPLIANCE_FIRMWARE] = { CPL_WHOLE, CPL_TEXT, NULL, "firmware_measurement", NONE },
};
