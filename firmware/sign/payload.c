// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
#include "payload.h"

#include <elf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Larger than any SRAM; keeps a broken file from asking for gigabytes. */
#define PAYLOAD_LIMIT (2u << 20)

static bool header_valid(const Elf32_Ehdr *header)
{
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_ident[EI_CLASS] == ELFCLASS32 &&
	       header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_machine == EM_RISCV &&
	       header->e_type == ET_EXEC && header->e_phentsize == sizeof(Elf32_Phdr);
}

static bool segment_valid(const Elf32_Phdr *segment, size_t size)
{
	return segment->p_offset <= size && segment->p_filesz <= size - segment->p_offset &&
	       segment->p_paddr <= UINT32_MAX - segment->p_filesz;
}

static bool segment_loads(const Elf32_Phdr *segment)
{
	return segment->p_type == PT_LOAD && segment->p_filesz > 0;
}

static Elf32_Phdr segment_at(const uint8_t *file, const Elf32_Ehdr *header, unsigned int index)
{
	Elf32_Phdr segment;

	memcpy(&segment, file + header->e_phoff + index * sizeof(segment), sizeof(segment));
	return segment;
}

/* The address range the loadable segments span together. */
static const char *find_range(const uint8_t *file, size_t size, const Elf32_Ehdr *header,
			      uint32_t *low, uint32_t *high)
{
	*low = UINT32_MAX;
	*high = 0;
	for (unsigned int i = 0; i < header->e_phnum; i++) {
		Elf32_Phdr segment = segment_at(file, header, i);

		if (!segment_loads(&segment))
			continue;
		if (!segment_valid(&segment, size))
			return "a segment lies outside the file";
		if (segment.p_paddr < *low)
			*low = segment.p_paddr;
		if (segment.p_paddr + segment.p_filesz > *high)
			*high = segment.p_paddr + segment.p_filesz;
	}
	if (*low >= *high)
		return "nothing to load";
	return *high - *low > PAYLOAD_LIMIT ? "segments too far apart" : NULL;
}

const char *payload_from_elf(const uint8_t *file, size_t size, struct payload *payload)
{
	Elf32_Ehdr header;
	const char *wrong;
	uint32_t low, high;

	if (size < sizeof(header))
		return "shorter than an ELF header";
	memcpy(&header, file, sizeof(header));
	if (!header_valid(&header))
		return "not a 32-bit RISC-V executable";
	if (header.e_phoff > size || header.e_phnum * sizeof(Elf32_Phdr) > size - header.e_phoff)
		return "program headers outside the file";
	wrong = find_range(file, size, &header, &low, &high);
	if (wrong)
		return wrong;
	payload->bytes = calloc(1, high - low);
	if (!payload->bytes)
		return "out of memory";
	for (unsigned int i = 0; i < header.e_phnum; i++) {
		Elf32_Phdr segment = segment_at(file, &header, i);

		if (segment_loads(&segment))
			memcpy(payload->bytes + (segment.p_paddr - low), file + segment.p_offset,
			       segment.p_filesz);
	}
	payload->size = high - low;
	payload->address = low;
	payload->entry = header.e_entry;
	return NULL;
}

void payload_free(struct payload *payload)
{
	free(payload->bytes);
	payload->bytes = NULL;
}
