/* SPDX-License-Identifier: MIT */
/* Which NPUs this machine has, with the name, tiles and clock of the fuse block. Any standard of C++ from 11 on. */
#include <cstdio>
#include <vector>

#include <tsr_hw/fuse.h>
#include <tessera.h>

static void show(const tsr_device_entry &entry)
{
	tsr_device *device;

	if (tsr_device_open(entry.index, &device) < 0) {
		std::printf("%s  %s: %s\n", entry.path, entry.bus, tsr_error());
		return;
	}
	const tsr_hw_fuses *fuses = tsr_device_fuses(device);
	std::printf("%s  %s  %.32s  %u tiles  %.3f GHz  %.3f TOPS int8\n", entry.path, entry.bus,
		    reinterpret_cast<const char *>(fuses->name), static_cast<unsigned>(fuses->tensor_tiles),
		    fuses->clock_khz / 1e6, tsr_device_peak_tops(device, TSR_INT8));
	tsr_device_close(device);
}

int main()
{
	std::vector<tsr_device_entry> entries(16);
	int count = tsr_device_list(entries.data(), entries.size());

	if (count < 0) {
		std::fprintf(stderr, "error: %s\n", tsr_error());
		return 1;
	}
	std::printf("%d NPU(s), libtessera %s\n", count, tsr_version());
	for (int i = 0; i < count && i < static_cast<int>(entries.size()); i++)
		show(entries[i]);
	return 0;
}
