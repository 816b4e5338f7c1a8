// SPDX-License-Identifier: MIT
#include "npy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Magic, version 1.0; then 16 bits of header length, and a Python dictionary. */
#define MAGIC		"\x93NUMPY"
#define MAGIC_SIZE	6
#define PREFIX_SIZE	10
#define HEADER_MAX	65535
#define ALIGN		64

struct failure {
	char *text;
	size_t size;
	const char *path;
};

__attribute__((format(printf, 3, 4)))
static int fail(const struct failure *failure, int error, const char *format, ...)
{
	int used = snprintf(failure->text, failure->size, "%s: ", failure->path);
	va_list arguments;

	if (used < 0 || (size_t)used >= failure->size)
		return error;
	va_start(arguments, format);
	vsnprintf(failure->text + used, failure->size - (size_t)used, format, arguments);
	va_end(arguments);
	return error;
}

/* The text after "'key':", or NULL. */
static const char *find_key(const char *header, const char *key)
{
	const char *at = strstr(header, key);

	at = at ? strchr(at + strlen(key), ':') : NULL;
	return at ? at + 1 + strspn(at + 1, " ") : NULL;
}

static int parse_type(const struct failure *failure, const char *header, struct npy *array)
{
	const char *at = find_key(header, "'descr'");
	char order;
	int width;

	if (!at || sscanf(at, "'%c%c%d'", &order, &array->kind, &width) != 3)
		return fail(failure, -EINVAL, "the header has no simple element type");
	if (order == '>' || !strchr("fiu", array->kind) ||
	    (width != 1 && width != 2 && width != 4 && width != 8) ||
	    (array->kind == 'f' && width == 1))
		return fail(failure, -EINVAL, "element type %c%c%d is not supported; save it as "
			    "little-endian float or integer", order, array->kind, width);
	array->width = (size_t)width;
	return 0;
}

static int parse_shape(const struct failure *failure, const char *header, struct npy *array)
{
	const char *at = find_key(header, "'shape'"), *order = find_key(header, "'fortran_order'");
	char *end;

	if (!at || *at != '(' || !order)
		return fail(failure, -EINVAL, "the header has no shape");
	if (strncmp(order, "False", 5))
		return fail(failure, -EINVAL, "the array is in Fortran order; save it with "
			    "numpy.ascontiguousarray()");
	array->count = 1;
	for (at++; *at != ')'; at = end + strspn(end, ", ")) {
		int64_t extent = strtoll(at, &end, 10);

		if (end == at || extent < 0 || array->rank == NPY_RANK_MAX ||
		    __builtin_mul_overflow(array->count, (size_t)extent, &array->count))
			return fail(failure, -EINVAL, "the header has an impossible shape");
		array->dim[array->rank++] = extent;
	}
	return 0;
}

static int read_header(const struct failure *failure, FILE *stream, char header[HEADER_MAX + 1])
{
	unsigned char prefix[PREFIX_SIZE + 2];
	size_t length, wide;

	if (fread(prefix, PREFIX_SIZE, 1, stream) != 1 || memcmp(prefix, MAGIC, MAGIC_SIZE))
		return fail(failure, -EINVAL, "this is not a .npy file");
	/* From version 2 on the length has 32 bits. */
	wide = prefix[MAGIC_SIZE] >= 2;
	if (wide && fread(prefix + PREFIX_SIZE, 2, 1, stream) != 1)
		return fail(failure, -EINVAL, "the header is cut short");
	length = prefix[8] | (size_t)prefix[9] << 8;
	if (wide && (prefix[10] || prefix[11]))
		return fail(failure, -EINVAL, "the header is too long");
	if (fread(header, 1, length, stream) != length)
		return fail(failure, -EINVAL, "the header is cut short");
	header[length] = '\0';
	return 0;
}

static int read_data(const struct failure *failure, FILE *stream, struct npy *array)
{
	size_t size;

	if (__builtin_mul_overflow(array->count, array->width, &size))
		return fail(failure, -EINVAL, "the header has an impossible shape");
	array->data = malloc(size ? size : 1);
	if (!array->data)
		return fail(failure, -ENOMEM, "no memory for %zu bytes", size);
	if (fread(array->data, 1, size, stream) == size)
		return 0;
	free(array->data);
	array->data = NULL;
	return fail(failure, ferror(stream) ? -EIO : -EINVAL, "the file has not the %zu bytes its "
		    "header promises", size);
}

static int read_array(const struct failure *failure, FILE *stream, struct npy *array)
{
	char *header = malloc(HEADER_MAX + 1);
	int error;

	if (!header)
		return fail(failure, -ENOMEM, "out of memory");
	error = read_header(failure, stream, header);
	if (!error)
		error = parse_type(failure, header, array);
	if (!error)
		error = parse_shape(failure, header, array);
	free(header);
	return error ? error : read_data(failure, stream, array);
}

int npy_load(const char *path, struct npy *array, char *error, size_t error_size)
{
	const struct failure failure = { error, error_size, path };
	FILE *stream = fopen(path, "rbe");
	int result;

	*array = (struct npy){ 0 };
	if (!stream)
		return fail(&failure, -errno, "%s", strerror(errno));
	result = read_array(&failure, stream, array);
	fclose(stream);
	return result;
}

static int append(char *text, size_t size, size_t used, const char *format, ...)
{
	va_list arguments;
	int added;

	va_start(arguments, format);
	added = vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
	return added;
}

/* The dictionary, padded so that the elements begin on a 64-byte boundary. */
static size_t make_header(const struct npy *array, char *text, size_t size)
{
	size_t used = 0, total;
	unsigned int i;

	used += append(text, size, used, "{'descr': '%c%c%zu', 'fortran_order': False, "
		       "'shape': (", array->width == 1 ? '|' : '<', array->kind, array->width);
	for (i = 0; i < array->rank; i++)
		used += append(text, size, used, "%lld,%s", (long long)array->dim[i],
			       i + 1 < array->rank ? " " : "");
	used += append(text, size, used, "), }");
	total = (PREFIX_SIZE + used + ALIGN) / ALIGN * ALIGN - PREFIX_SIZE;
	memset(text + used, ' ', total - used);
	text[total - 1] = '\n';
	return total;
}

static bool write_array(FILE *stream, const struct npy *array)
{
	char text[512];
	size_t length = make_header(array, text, sizeof(text) - ALIGN);
	const unsigned char prefix[PREFIX_SIZE] = {
		0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0,
		(unsigned char)length, (unsigned char)(length >> 8),
	};

	return fwrite(prefix, PREFIX_SIZE, 1, stream) == 1 &&
	       fwrite(text, length, 1, stream) == 1 &&
	       fwrite(array->data, array->width, array->count, stream) == array->count;
}

int npy_save(const char *path, const struct npy *array, char *error, size_t error_size)
{
	const struct failure failure = { error, error_size, path };
	FILE *stream = fopen(path, "wbe");
	bool written;

	if (!stream)
		return fail(&failure, -errno, "%s", strerror(errno));
	written = write_array(stream, array);
	if (fclose(stream) || !written)
		return fail(&failure, -EIO, "cannot write: %s", strerror(errno));
	return 0;
}
