// SPDX-License-Identifier: MIT
/*
 * The boards a command is about: every PCI function that is a Tessera NPU, with or without a
 * driver, and every NPU node. Each has a state of its own; one that cannot be used never hides
 * the others.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tsr_hw/fuse.h>
#include <tsr_hw/registers.h>
#include <tessera.h>

#include "smi.h"

#define BOARDS_MAX	128
#define PCI_DEVICES	"/sys/bus/pci/devices"

static const struct {
	const char *name;
	enum smi_exit exit;
} states[] = {
	[SMI_HEALTHY] = { "healthy", SMI_OK },
	[SMI_LOST] = { "lost", SMI_DEVICE_LOST },
	[SMI_FAILED] = { "failed", SMI_DEVICE_LOST },
	[SMI_NOT_STARTED] = { "not-started", SMI_DEVICE_LOST },
	[SMI_WITHOUT_DRIVER] = { "no-driver", SMI_NO_DRIVER },
	[SMI_WITHOUT_PERMISSION] = { "no-permission", SMI_NO_PERMISSION },
	[SMI_MISMATCHED] = { "version-mismatch", SMI_VERSION_MISMATCH },
	[SMI_UNUSABLE] = { "unusable", SMI_OTHER },
};

enum smi_exit smi_exit_of(int error)
{
	switch (-error) {
	case 0:
		return SMI_OK;
	case EINVAL:
		return SMI_USAGE;
	case EOPNOTSUPP:
		return SMI_NOT_SUPPORTED;
	case EACCES:
	case EPERM:
		return SMI_NO_PERMISSION;
	case ENOENT:
		return SMI_NOT_FOUND;
	case ENODEV:
	case EIO:
		return SMI_DEVICE_LOST;
	case EPROTO:
		return SMI_VERSION_MISMATCH;
	default:
		return SMI_OTHER;
	}
}

static enum smi_exit report(int error)
{
	fprintf(stderr, "tessera-smi: %s\n", tsr_error());
	return smi_exit_of(error);
}

static void explain(struct smi_board *board, enum smi_state state, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void explain(struct smi_board *board, enum smi_state state, const char *format, ...)
{
	va_list arguments;

	board->state = state;
	va_start(arguments, format);
	vsnprintf(board->reason, sizeof(board->reason), format, arguments);
	va_end(arguments);
}

static unsigned int read_id(const char *bus, const char *name)
{
	char path[PATH_MAX];
	unsigned int number = 0;
	FILE *stream;

	snprintf(path, sizeof(path), PCI_DEVICES "/%.32s/%s", bus, name);
	stream = fopen(path, "re");
	if (!stream)
		return 0;
	if (fscanf(stream, "%x", &number) != 1)
		number = 0;
	fclose(stream);
	return number;
}

/* Name of the driver that a PCI function is bound to, "" for none. */
static void read_driver(const char *bus, char *name, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t length;

	snprintf(path, sizeof(path), PCI_DEVICES "/%.32s/driver", bus);
	length = readlink(path, target, sizeof(target) - 1);
	target[length < 0 ? 0 : length] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, size, "%.*s", (int)size - 1, slash ? slash + 1 : target);
}

static void explain_without_node(struct smi_board *board)
{
	char driver[64];

	read_driver(board->entry.bus, driver, sizeof(driver));
	if (!*driver)
		explain(board, SMI_WITHOUT_DRIVER,
			"no driver is bound to it: load the tessera module "
			"(modprobe tessera); if it is loaded, the kernel log says why it refused "
			"the device");
	else if (strcmp(driver, "tessera"))
		explain(board, SMI_WITHOUT_DRIVER, "it is bound to %s, not to tessera", driver);
	else
		explain(board, SMI_NOT_STARTED,
			"the driver has made no device node; the kernel log "
			"says why (dmesg | grep %s)",
			board->entry.bus);
}

static void explain_status(struct smi_board *board, int status)
{
	switch (status) {
	case TSR_DEVICE_READY:
		board->state = SMI_HEALTHY;
		break;
	case TSR_DEVICE_LOST:
		explain(board, SMI_LOST, "it does not answer any more; see the kernel log and "
			"look at its slot");
		break;
	case TSR_DEVICE_FAILED:
		explain(board, SMI_FAILED, "resets did not bring it back; see the kernel log and "
			"reload the module");
		break;
	default:
		explain(board, SMI_UNUSABLE, "%s", tsr_error());
		break;
	}
}

static void explain_open(struct smi_board *board, int error)
{
	static const enum smi_state by_exit[] = {
		[SMI_NO_PERMISSION] = SMI_WITHOUT_PERMISSION, [SMI_DEVICE_LOST] = SMI_LOST,
		[SMI_VERSION_MISMATCH] = SMI_MISMATCHED,
	};
	enum smi_exit code = smi_exit_of(error);
	enum smi_state state = code < sizeof(by_exit) / sizeof(by_exit[0]) ? by_exit[code] :
			       SMI_HEALTHY;

	explain(board, state == SMI_HEALTHY ? SMI_UNUSABLE : state, "%s", tsr_error());
}

/* Ask the board itself: what is known of it may be long past. */
static void examine(struct smi_board *board)
{
	int error;

	if (!board->has_node) {
		explain_without_node(board);
		return;
	}
	error = tsr_device_open(board->entry.index, &board->device);
	if (error)
		explain_open(board, error);
	else
		explain_status(board, tsr_device_status(board->device));
}

static bool known(const struct smi_board *boards, size_t count, const char *bus)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(boards[i].entry.bus, bus))
			return true;
	return false;
}

static size_t add_functions(struct smi_board *boards, size_t count)
{
	DIR *folder = opendir(PCI_DEVICES);
	struct dirent *file;

	while (folder && (file = readdir(folder)) && count < BOARDS_MAX) {
		struct smi_board *board = &boards[count];

		if (read_id(file->d_name, "vendor") != TSR_HW_PCI_VENDOR ||
		    read_id(file->d_name, "device") != TSR_HW_PCI_DEVICE ||
		    known(boards, count, file->d_name))
			continue;
		*board = (struct smi_board){ .has_node = false };
		snprintf(board->entry.bus, sizeof(board->entry.bus), "%.31s", file->d_name);
		board->entry.sku = (uint16_t)read_id(file->d_name, "subsystem_device");
		count++;
	}
	if (folder)
		closedir(folder);
	return count;
}

static int by_bus(const void *a, const void *b)
{
	const struct smi_board *x = a, *y = b;
	int order = strcmp(x->entry.bus, y->entry.bus);

	return order ? order :
		       (x->entry.index > y->entry.index) - (x->entry.index < y->entry.index);
}

static int collect(struct smi_board boards[BOARDS_MAX])
{
	struct tsr_device_entry entries[BOARDS_MAX];
	int count = tsr_device_list(entries, BOARDS_MAX);
	size_t i, found;

	if (count < 0)
		return count;
	for (i = 0; i < (size_t)count && i < BOARDS_MAX; i++)
		boards[i] = (struct smi_board){ .has_node = true, .entry = entries[i] };
	found = add_functions(boards, i);
	qsort(boards, found, sizeof(*boards), by_bus);
	return (int)found;
}

/* A board without a node has nothing but its address to be named by. */
static bool is_meant(const struct smi_board *board, const char *selector, int index)
{
	if (board->has_node)
		return index >= 0 && board->entry.index == (unsigned int)index;
	return !strcmp(board->entry.bus, selector);
}

static enum smi_exit visit_board(struct smi_board *board, smi_visit visit, void *context)
{
	enum smi_exit code;

	examine(board);
	code = (enum smi_exit)visit(board, context);
	tsr_device_close(board->device);
	board->device = NULL;
	return code;
}

int smi_each_board(const struct smi_options *options, smi_visit visit, void *context)
{
	struct smi_board boards[BOARDS_MAX];
	int count = collect(boards), i, index = -1, error = 0, visited = 0;
	enum smi_exit first = SMI_OK;
	unsigned int found;

	if (count < 0)
		return report(count);
	if (options->device) {
		error = tsr_device_find(options->device, &found);
		index = error ? -1 : (int)found;
	}
	for (i = 0; i < count; i++) {
		enum smi_exit code;

		if (options->device && !is_meant(&boards[i], options->device, index))
			continue;
		code = visit_board(&boards[i], visit, context);
		first = first ? first : code;
		visited++;
	}
	if (!visited && options->device)
		return report(error);
	return visited ? (int)first : SMI_NO_BOARD;
}

enum smi_exit smi_complain(const struct smi_board *board)
{
	const char *between = *board->entry.bus && board->has_node ? ", " : "";

	fprintf(stderr, "tessera-smi: %s%s%s: %s\n", board->entry.bus, between, board->entry.path,
		board->reason);
	return states[board->state].exit;
}

static const char *sku_name(uint32_t sku)
{
	static const char *const names[] = {
#define SKU_NAME(name, file) [TSR_HW_SKU_##name] = file,
		TSR_HW_SKU_ROWS(SKU_NAME)
	};

	return sku < sizeof(names) / sizeof(names[0]) && names[sku] ? names[sku] : "unknown";
}

/*
 * Of one that no driver runs there is only the number; classes of vendors are known by their fuses.
 */
static struct json_object *class_of(const struct smi_board *board)
{
	const struct tsr_hw_fuses *fuses = board->device ? tsr_device_fuses(board->device) : NULL;

	if (fuses && fuses->class_name[0])
		return smi_string((const char *)fuses->class_name, sizeof(fuses->class_name));
	return json_object_new_string(sku_name(board->entry.sku));
}

struct json_object *smi_describe_board(const struct smi_board *board)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "index", board->has_node ?
			       json_object_new_int((int)board->entry.index) : NULL);
	json_object_object_add(object, "path", board->has_node ?
			       json_object_new_string(board->entry.path) : NULL);
	json_object_object_add(object, "bus", json_object_new_string(board->entry.bus));
	json_object_object_add(object, "sku", class_of(board));
	json_object_object_add(object, "state", json_object_new_string(states[board->state].name));
	if (board->state != SMI_HEALTHY)
		json_object_object_add(object, "reason",
				       smi_string(board->reason, sizeof(board->reason)));
	return object;
}

int smi_no_board(void)
{
	fputs("tessera-smi: there is no Tessera NPU in this machine: lspci -d 1af4:10f0 shows "
	      "none\n", stderr);
	return SMI_NO_DRIVER;
}
