// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* Images, keys and payloads of tessera-sign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <elf.h>
#include <sodium.h>

#include "sign/image.h"

static char folder[] = "/tmp/test-tessera-sign-XXXXXX";
static char path[64];

static struct sign_key key;

static const struct image_facts facts = {
	.security_version = 3, .fw_version = 0x01020003, .abi_min = 1, .abi_max = 2,
	.hw_major = 1, .features = 3, .name = "a name much longer than the header has space for",
};

static uint8_t code[] = { 0x13, 0, 0, 0, 0x73, 0, 0x50, 0x10, 1, 2, 3 };

static const struct payload payload = { code, sizeof(code), 0x10000000, 0x10000004 };

static int make_key(void **state)
{
	(void)state;
	if (sodium_init() < 0 || !mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/key", folder);
	return key_generate(path) || key_read(path, &key) ? -1 : 0;
}

static int remove_key(void **state)
{
	(void)state;
	return unlink(path) || rmdir(folder);
}

static uint8_t *make(size_t *size)
{
	uint8_t *image = image_make(&facts, &payload, &key, size);

	assert_non_null(image);
	return image;
}

static void an_image_verifies(void **state)
{
	size_t size;
	uint8_t *image = make(&size);

	(void)state;
	assert_int_equal(size, 256 + sizeof(code));
	assert_null(image_verify(image, size));
	free(image);
}

static void the_header_says_what_was_asked(void **state)
{
	size_t size;
	uint8_t *image = make(&size);
	const struct tsr_hw_image_header *header = (const struct tsr_hw_image_header *)image;

	(void)state;
	assert_int_equal(header->magic, TSR_HW_IMAGE_MAGIC);
	assert_int_equal(header->image_size, size);
	assert_int_equal(header->load_addr, 0x10000000);
	assert_int_equal(header->entry, 0x10000004);
	assert_int_equal(header->security_version, 3);
	assert_int_equal(header->fw_version, 0x01020003);
	assert_int_equal(header->abi_min, 1);
	assert_int_equal(header->abi_max, 2);
	assert_int_equal(header->name[31], 0);
	assert_memory_equal(header->public_key, key.public, 32);
	assert_memory_equal(image + 256, code, sizeof(code));
	free(image);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	size_t size[2];
	uint8_t *first = make(&size[0]);
	uint8_t *second = make(&size[1]);

	(void)state;
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(first, second, size[0]);
	free(first);
	free(second);
}

static void every_flipped_bit_is_noticed(void **state)
{
	size_t size;
	uint8_t *image = make(&size);

	(void)state;
	for (size_t bit = 0; bit < size * 8; bit++) {
		image[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_non_null(image_verify(image, size));
		image[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_null(image_verify(image, size));
	free(image);
}

static void every_truncation_is_noticed(void **state)
{
	size_t size;
	uint8_t *image = make(&size);

	(void)state;
	for (size_t length = 0; length < size; length++)
		assert_non_null(image_verify(image, length));
	free(image);
}

static void an_image_too_large_is_refused(void **state)
{
	static uint8_t large[TSR_HW_IMAGE_MAX_SIZE];
	struct payload too_large = { large, TSR_HW_IMAGE_MAX_SIZE - 255, 0x10000000, 0x10000000 };
	size_t size;

	(void)state;
	assert_null(image_make(&facts, &too_large, &key, &size));
	too_large.size--;
	free(image_make(&facts, &too_large, &key, &size));
	assert_int_equal(size, TSR_HW_IMAGE_MAX_SIZE);
}

static void a_key_is_for_its_owner_alone(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_key_is_never_overwritten(void **state)
{
	struct sign_key again;

	(void)state;
	assert_int_equal(key_generate(path), -1);
	assert_int_equal(key_read(path, &again), 0);
	assert_memory_equal(again.secret, key.secret, sizeof(key.secret));
}

static void bad_key_files_are_refused(void **state)
{
	static const char *const contents[] = {
		"", "# only a comment\n", "00112233\n",
		"zz4fd8d1a4f1f1d2b9a3e5c7f9b1d3e5a7c9ebfd1f3e5d7c9bab8d9fafbcdef0\n",
		"004fd8d1a4f1f1d2b9a3e5c7f9b1d3e5a7c9ebfd1f3e5d7c9bab8d9fafbcdef000\n",
	};
	struct sign_key bad;
	char file[80];

	(void)state;
	snprintf(file, sizeof(file), "%s/bad", folder);
	assert_int_equal(key_read(file, &bad), -1);
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		FILE *out = fopen(file, "w");

		assert_non_null(out);
		fputs(contents[i], out);
		fclose(out);
		assert_int_equal(key_read(file, &bad), -1);
	}
	unlink(file);
}

/* A file with two segments, the second of them with a hole before it. */
struct elf_file {
	Elf32_Ehdr header;
	Elf32_Phdr segment[3];
	uint8_t bytes[16];
};

static struct elf_file good_elf(void)
{
	struct elf_file elf = {
		.header = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_RISCV, .e_version = EV_CURRENT,
			.e_entry = 0x10000002, .e_phoff = offsetof(struct elf_file, segment),
			.e_ehsize = sizeof(Elf32_Ehdr), .e_phentsize = sizeof(Elf32_Phdr),
			.e_phnum = 3,
		},
		.bytes = { 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	uint32_t at = offsetof(struct elf_file, bytes);

	elf.segment[0] = (Elf32_Phdr){ .p_type = PT_LOAD, .p_offset = at, .p_paddr = 0x10000000,
				       .p_filesz = 4, .p_memsz = 4 };
	elf.segment[1] = (Elf32_Phdr){ .p_type = PT_LOAD, .p_offset = at + 4,
				       .p_paddr = 0x10000006, .p_filesz = 4, .p_memsz = 4 };
	elf.segment[2] = (Elf32_Phdr){ .p_type = PT_LOAD, .p_paddr = 0x10010000, .p_memsz = 4096 };
	return elf;
}

static const char *load(const struct elf_file *elf, size_t size, struct payload *result)
{
	uint8_t *copy = malloc(size + !size);
	const char *wrong;

	assert_non_null(copy);
	memcpy(copy, elf, size);
	*result = (struct payload){ 0 };
	wrong = payload_from_elf(copy, size, result);
	free(copy);
	return wrong;
}

static void segments_become_one_payload(void **state)
{
	static const uint8_t expected[] = { 1, 2, 3, 4, 0, 0, 5, 6, 7, 8 };
	struct elf_file elf = good_elf();
	struct payload result;

	(void)state;
	assert_null(load(&elf, sizeof(elf), &result));
	assert_int_equal(result.address, 0x10000000);
	assert_int_equal(result.entry, 0x10000002);
	assert_int_equal(result.size, sizeof(expected));
	assert_memory_equal(result.bytes, expected, sizeof(expected));
	payload_free(&result);
}

static void truncated_elf_files_are_refused(void **state)
{
	struct elf_file elf = good_elf();
	struct payload result;

	(void)state;
	for (size_t size = 0; size < offsetof(struct elf_file, bytes) + 8; size++)
		assert_non_null(load(&elf, size, &result));
}

static void foreign_elf_files_are_refused(void **state)
{
	struct elf_file elf = good_elf();
	struct payload result;

	(void)state;
	elf.header.e_machine = EM_X86_64;
	assert_non_null(load(&elf, sizeof(elf), &result));
	elf = good_elf();
	elf.header.e_ident[EI_CLASS] = ELFCLASS64;
	assert_non_null(load(&elf, sizeof(elf), &result));
	elf = good_elf();
	elf.header.e_phnum = 0;
	assert_non_null(load(&elf, sizeof(elf), &result));
	elf = good_elf();
	elf.segment[1].p_paddr = 0x80000000;
	assert_non_null(load(&elf, sizeof(elf), &result));
}

static void mutated_elf_files_do_no_harm(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		struct elf_file elf = good_elf();
		struct payload result;

		for (uint32_t n = 0; n < 3; n++) {
			seed = seed * 1664525 + 1013904223;
			((uint8_t *)&elf)[(seed >> 8) % sizeof(elf)] = (uint8_t)(seed >> 24);
		}
		if (!load(&elf, sizeof(elf), &result))
			payload_free(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_verifies),
		cmocka_unit_test(the_header_says_what_was_asked),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(every_flipped_bit_is_noticed),
		cmocka_unit_test(every_truncation_is_noticed),
		cmocka_unit_test(an_image_too_large_is_refused),
		cmocka_unit_test(a_key_is_for_its_owner_alone),
		cmocka_unit_test(a_key_is_never_overwritten),
		cmocka_unit_test(bad_key_files_are_refused),
		cmocka_unit_test(segments_become_one_payload),
		cmocka_unit_test(truncated_elf_files_are_refused),
		cmocka_unit_test(foreign_elf_files_are_refused),
		cmocka_unit_test(mutated_elf_files_do_no_harm),
	};

	return cmocka_run_group_tests_name("tessera-sign", tests, make_key, remove_key);
}
