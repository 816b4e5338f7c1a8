// SPDX-License-Identifier: MIT
/* .npy files: what is written is read back, what is damaged is refused. */
#include "cmocka_prelude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "npy.h"
#include "rank.h"

static char path[] = "/tmp/tessera-npy-XXXXXX";
static char error[256];

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	return close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_bytes(const void *data, size_t size)
{
	FILE *stream = fopen(path, "wb");

	assert_non_null(stream);
	assert_int_equal(fwrite(data, 1, size, stream), size);
	fclose(stream);
}

/* A file of version 1.0 with the header @text and no elements. */
static int load_header(const char *text, struct npy *array)
{
	char file[512] = "\x93NUMPY\x01";
	size_t length = strlen(text);

	file[8] = (char)length;
	file[9] = (char)(length >> 8);
	memcpy(file + 10, text, length);
	write_bytes(file, 10 + length);
	return npy_load(path, array, error, sizeof(error));
}

static void what_is_saved_is_loaded(void **state)
{
	float values[6] = { 1, -2, 3.5f, 4, 5, 6 };
	struct npy out = { .kind = 'f', .width = 4, .rank = 2, .dim = { 2, 3 }, .count = 6,
			   .data = values }, in;

	(void)state;
	assert_int_equal(npy_save(path, &out, error, sizeof(error)), 0);
	assert_int_equal(npy_load(path, &in, error, sizeof(error)), 0);
	assert_int_equal(in.kind, 'f');
	assert_int_equal(in.width, 4);
	assert_int_equal(in.rank, 2);
	assert_memory_equal(in.dim, out.dim, sizeof(in.dim));
	assert_memory_equal(in.data, values, sizeof(values));
	free(in.data);
}

static void elements_begin_on_a_64_byte_boundary(void **state)
{
	uint8_t value = 7;
	struct npy out = { .kind = 'u', .width = 1, .rank = 1, .dim = { 1 }, .count = 1,
			   .data = &value };
	FILE *stream;

	(void)state;
	assert_int_equal(npy_save(path, &out, error, sizeof(error)), 0);
	stream = fopen(path, "rb");
	assert_int_equal(fseek(stream, 0, SEEK_END), 0);
	assert_int_equal(ftell(stream) % 64, 1);
	fclose(stream);
}

static void a_single_number_has_no_dimensions(void **state)
{
	double value = 2;
	struct npy out = { .kind = 'f', .width = 8, .count = 1, .data = &value }, in;

	(void)state;
	assert_int_equal(npy_save(path, &out, error, sizeof(error)), 0);
	assert_int_equal(npy_load(path, &in, error, sizeof(error)), 0);
	assert_int_equal(in.rank, 0);
	assert_int_equal(in.count, 1);
	free(in.data);
}

static void other_files_are_refused(void **state)
{
	struct npy array;

	(void)state;
	write_bytes("GIF89a and so on", 16);
	assert_int_equal(npy_load(path, &array, error, sizeof(error)), -EINVAL);
	assert_non_null(strstr(error, "not a .npy file"));
	assert_int_equal(npy_load("/nonexistent.npy", &array, error, sizeof(error)), -ENOENT);
}

static void headers_that_make_no_array_are_refused(void **state)
{
	static const char *const headers[] = {
		"", "{", "{'descr': '<f4'}", "{'descr': '<f4', 'shape': (2,)}",
		"{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
		"{'descr': '<f3', 'fortran_order': False, 'shape': (1,)}",
		"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
		"{'descr': '<f4', 'fortran_order': True, 'shape': (1,)}",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (1,",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (x)}",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
		"{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,)}",
		"{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
	};
	struct npy array;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		assert_int_equal(load_header(headers[i], &array), -EINVAL);
}

static void missing_elements_are_noticed(void **state)
{
	struct npy array;

	(void)state;
	assert_int_equal(load_header("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
				     &array), -EINVAL);
	assert_null(array.data);
}

static void the_largest_come_first(void **state)
{
	const float values[] = { 1, 5, 3, 5, -1 };
	size_t best[3];

	(void)state;
	assert_int_equal(rank_largest(values, 5, best, 3), 3);
	assert_int_equal(best[0], 1);
	assert_int_equal(best[1], 3);
	assert_int_equal(best[2], 2);
	assert_int_equal(rank_largest(values, 1, best, 3), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_saved_is_loaded),
		cmocka_unit_test(elements_begin_on_a_64_byte_boundary),
		cmocka_unit_test(a_single_number_has_no_dimensions),
		cmocka_unit_test(other_files_are_refused),
		cmocka_unit_test(headers_that_make_no_array_are_refused),
		cmocka_unit_test(missing_elements_are_noticed),
		cmocka_unit_test(the_largest_come_first),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
