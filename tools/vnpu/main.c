// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "boot/fuses.h"
#include "log.h"
#include "process/control.h"
#include "process/listener.h"
#include "process/sandbox.h"
#include "soc/device.h"
#include "surface/surface.h"
#include "vfu/vfu.h"

#include "default_key_hash.h"

#define CONTROL_BACKLOG 16

/* What the C library keeps of freed memory in an arena, and the most it takes from there. */
#define KEPT_BYTES (32 << 20)

#define TIME_SCALE_LIMIT 1000000
/* 4 TiB: a page has a 32-bit number. */
#define LOCAL_MIB_LIMIT (4u << 20)

static const char usage_text[] =
	"usage: tessera-vnpu --socket PATH --control PATH --sku FILE --state FILE [OPTION...]\n"
	"\n"
	"A virtual Tessera NPU: a PCI device for QEMU's vfio-user-pci.\n"
	"\n"
	"  --socket PATH     where QEMU connects (at most 107 bytes)\n"
	"  --control PATH    where tools of the host connect: all commands\n"
	"  --guest-control PATH\n"
	"                    where a port of the guest connects: it may ask about its device\n"
	"  --sku FILE        product: one of contract/skus, or another file of that form\n"
	"  --state FILE      non-volatile state of this device; made when there is none\n"
	"  --log FILE        append messages to FILE, not to standard error\n"
	"  --key HASHFILE    trust another firmware key: a file with the SHA-256 of the public\n"
	"                    key in hexadecimal (tessera-sign --hash KEY prints it)\n"
	"  --local-memory MIB\n"
	"                    local memory the device has at most; the host's is taken for it (2048)\n"
	"  --single-vector   one MSI vector in place of MSI-X\n"
	"  --unkind          keep as much and take as long as the manual allows\n"
	"  --time-scale N    wall-clock seconds a modelled second may take\n"
	"  --verbose         log every message and event\n"
	"  --help            this text\n";

struct options {
	struct device_config device;
	const char *socket;
	const char *control[CONTROL_ROLES];
	const char *record;
	const char *log;
	const char *key;
	const char *replay;
	bool verbose;
	bool no_sandbox;
};

enum {
	OPT_SOCKET = 1, OPT_CONTROL, OPT_TEST_CONTROL, OPT_GUEST_CONTROL, OPT_RECORD, OPT_SKU,
	OPT_STATE, OPT_LOG, OPT_KEY, OPT_SINGLE_VECTOR, OPT_LOCAL_MEMORY, OPT_TIME_SCALE,
	OPT_VERBOSE, OPT_NO_SANDBOX, OPT_UNKIND, OPT_REPLAY, OPT_HELP,
};

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "test-control", required_argument, NULL, OPT_TEST_CONTROL },
	{ "guest-control", required_argument, NULL, OPT_GUEST_CONTROL },
	{ "record", required_argument, NULL, OPT_RECORD },
	{ "sku", required_argument, NULL, OPT_SKU },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "local-memory", required_argument, NULL, OPT_LOCAL_MEMORY },
	{ "single-vector", no_argument, NULL, OPT_SINGLE_VECTOR },
	{ "unkind", no_argument, NULL, OPT_UNKIND },
	{ "time-scale", required_argument, NULL, OPT_TIME_SCALE },
	{ "verbose", no_argument, NULL, OPT_VERBOSE },
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static uint32_t parse_number(const char *option, const char *text, unsigned long limit)
{
	unsigned long val;
	char *end;

	errno = 0;
	val = strtoul(text, &end, 10);
	if (errno || *end || val < 1 || val > limit) {
		fprintf(stderr, "tessera-vnpu: %s %s is no number from 1 to %lu\n", option, text,
			limit);
		exit(2);
	}
	return (uint32_t)val;
}

static void print_usage(FILE *to)
{
	fputs(usage_text, to);
	if (test_surface)
		fputs(test_surface->usage, to);
}

static void parse_option(struct options *options, int option)
{
	switch (option) {
	case OPT_SOCKET: options->socket = optarg; break;
	case OPT_CONTROL: options->control[CONTROL_HOST] = optarg; break;
	case OPT_TEST_CONTROL: options->control[CONTROL_TEST] = optarg; break;
	case OPT_GUEST_CONTROL: options->control[CONTROL_GUEST] = optarg; break;
	case OPT_RECORD: options->record = optarg; break;
	case OPT_SKU: options->device.sku_path = optarg; break;
	case OPT_STATE: options->device.state_path = optarg; break;
	case OPT_LOG: options->log = optarg; break;
	case OPT_KEY: options->key = optarg; break;
	case OPT_SINGLE_VECTOR: options->device.single_vector = true; break;
	case OPT_UNKIND: options->device.unkind = true; break;
	case OPT_LOCAL_MEMORY:
		options->device.local_mib = parse_number("--local-memory", optarg, LOCAL_MIB_LIMIT);
		break;
	case OPT_TIME_SCALE:
		options->device.time_scale = parse_number("--time-scale", optarg, TIME_SCALE_LIMIT);
		break;
	case OPT_VERBOSE: options->verbose = true; break;
	case OPT_NO_SANDBOX: options->no_sandbox = true; break;
	case OPT_REPLAY: options->replay = optarg; break;
	case OPT_HELP:
		print_usage(stdout);
		exit(0);
	default:
		print_usage(stderr);
		exit(2);
	}
}

/* What a hardened build has no use for is refused, not passed over. */
static void need_surface(const struct options *options)
{
	const struct {
		const char *name;
		bool given;
	} surface[] = {
		{ "--test-control", options->control[CONTROL_TEST] },
		{ "--record", options->record },
		{ "--replay", options->replay },
		{ "--no-sandbox", options->no_sandbox },
	};

	for (size_t i = 0; i < sizeof(surface) / sizeof(surface[0]) && !test_surface; i++) {
		if (!surface[i].given)
			continue;
		fprintf(stderr,
			"tessera-vnpu: %s is for tests, and a hardened build leaves it out\n",
			surface[i].name);
		exit(2);
	}
}

static void parse(struct options *options, int argc, char **argv)
{
	int option;

	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		parse_option(options, option);
	need_surface(options);
	options->device.surface = test_surface;
	if (optind == argc && options->device.sku_path &&
	    (options->replay || (options->socket && options->control[CONTROL_HOST] &&
				 options->device.state_path)))
		return;
	print_usage(stderr);
	exit(2);
}

/*
 * Lines go to the standard descriptors by their numbers. Where one was closed, the state file would
 * get its number, and the lines.
 */
static void fill_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static void open_log(const struct options *options)
{
	int fd;

	vnpu_log_setup("vnpu", options->verbose ? VNPU_LOG_DEBUG : VNPU_LOG_INFO);
	if (!options->log)
		return;
	fd = open(options->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0) {
		fprintf(stderr, "tessera-vnpu: log file %s cannot be written: %s\n",
			options->log, strerror(errno));
		exit(1);
	}
	close(fd);
}

static void find_key(struct options *options, uint8_t *hash)
{
	static const char built_in[] = DEFAULT_KEY_HASH;
	char error[512];

	if (!options->key) {
		sodium_hex2bin(hash, FUSES_KEY_HASH_BYTES, built_in, sizeof(built_in) - 1, NULL,
			       NULL, NULL);
	} else if (fuses_read_key_hash(options->key, hash, error, sizeof(error))) {
		vnpu_log(VNPU_LOG_ERROR, "%s", error);
		exit(1);
	}
	options->device.key_hash = hash;
}

/* Blocked before any thread starts, so that only sigwait() sees them. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static const char *listen_problem(int error)
{
	switch (error) {
	case -EEXIST:
		return "something else is there, which is left alone";
	case -EADDRINUSE:
		return "another process listens there";
	}
	return strerror(-error);
}

/* Return: -1 without a path. */
static int open_socket(const char *path, int backlog)
{
	int fd = path ? listener_open(path, backlog) : -1;

	if (!path || fd >= 0)
		return fd;
	vnpu_log(VNPU_LOG_ERROR, "socket %s cannot be used: %s", path, listen_problem(fd));
	exit(1);
}

static void start_record(struct device *dev, const char *path)
{
	int fd;
	int ret;

	if (!path)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	ret = fd < 0 ? -errno : device_record_start(dev, fd);
	if (!ret)
		return;
	vnpu_log(VNPU_LOG_ERROR, "record %s cannot be written: %s", path,
		 ret == -EINVAL ? "it is no regular file" : strerror(-ret));
	exit(1);
}

/* Everything is open: from here on the file system is out of reach. */
static void close_sandbox(const struct options *options)
{
	int ret;

	if (options->no_sandbox) {
		vnpu_log(VNPU_LOG_WARN, "no sandbox: a guest that breaks out is this user");
		return;
	}
	ret = sandbox_enter();
	if (ret < 0) {
		vnpu_log(VNPU_LOG_ERROR, "the sandbox cannot be entered: %s", strerror(-ret));
		exit(1);
	}
	if (ret)
		vnpu_log(VNPU_LOG_DEBUG, "sandbox: system call filter, Landlock %d", ret);
	else
		vnpu_log(VNPU_LOG_INFO, "sandbox: system call filter; no Landlock here");
}

static void wait_for_signal(const sigset_t *signals)
{
	int sig;

	sigwait(signals, &sig);
	vnpu_log(VNPU_LOG_INFO, "ending: %s", strsignal(sig));
}

static int serve(struct device *dev, int client_fd, const struct control_config *sockets,
		 const sigset_t *signals)
{
	struct control *control = NULL;
	int ret = device_start(dev);

	if (!ret)
		ret = control_start(sockets, &control);
	if (!ret)
		ret = vfu_start(device_vfu(dev), client_fd);
	if (ret)
		vnpu_log(VNPU_LOG_ERROR, "threads cannot be started: %s", strerror(-ret));
	else
		wait_for_signal(signals);
	/* The device ends behind it: commands have one until then. */
	control_stop(control);
	return ret ? 1 : 0;
}

static int repeat(struct options *options)
{
	struct replay **replay = &options->device.replay;
	const char *difference;
	struct device *dev;
	char error[512];
	int status;

	if (test_surface->replay_open(options->replay, replay, error, sizeof(error)) ||
	    device_create(&options->device, &dev, error, sizeof(error))) {
		vnpu_log(VNPU_LOG_ERROR, "%s", error);
		test_surface->replay_close(*replay);
		return 1;
	}
	close_sandbox(options);
	device_replay(dev);
	difference = test_surface->replay_difference(*replay);
	status = difference ? 1 : 0;
	printf("%" PRIu64 " entries equal%s%s\n", test_surface->replay_compared(*replay),
	       difference ? "; first difference at " : ", no difference",
	       difference ? difference : "");
	device_destroy(dev);
	test_surface->replay_close(*replay);
	return status;
}

/* The device behind its sockets, until a signal comes. */
static int run(struct options *options)
{
	struct control_config sockets;
	struct device *dev;
	char error[512];
	sigset_t signals;
	int client_fd;
	int status;

	block_signals(&signals);
	if (device_create(&options->device, &dev, error, sizeof(error))) {
		vnpu_log(VNPU_LOG_ERROR, "%s", error);
		return 1;
	}
	start_record(dev, options->record);
	sockets = (struct control_config){ .dev = dev };
	for (unsigned int role = 0; role < CONTROL_ROLES; role++)
		sockets.fd[role] = open_socket(options->control[role], CONTROL_BACKLOG);
	client_fd = open_socket(options->socket, 1);
	close_sandbox(options);
	status = serve(dev, client_fd, &sockets, &signals);
	device_destroy(dev);
	return status;
}

/* What makes libraries bind threads, or write and read files, at a later time. */
static const char *const unwanted[] = {
	"GOMP_CPU_AFFINITY", "OMP_DYNAMIC", "OMP_PLACES", "OMP_PROC_BIND",
	"DNNL_JIT_DUMP", "DNNL_JIT_PROFILE", "ONEDNN_JIT_DUMP", "ONEDNN_JIT_PROFILE",
};

static bool drop_unwanted(void)
{
	bool dropped = false;

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++) {
		dropped |= getenv(unwanted[i]) != NULL;
		unsetenv(unwanted[i]);
	}
	return dropped;
}

/*
 * OpenMP threads that spin while there is no work take the processor from the guest. But waking
 * one up takes longer than many a part of a command, so they spin for some tenths of a
 * millisecond, as long as the management core takes from one node to the next, and sleep then.
 */
static bool set_waiting(void)
{
	bool changed = false;

	if (!getenv("OMP_WAIT_POLICY"))
		changed |= !setenv("OMP_WAIT_POLICY", "passive", 0);
	if (!getenv("GOMP_SPINCOUNT"))
		changed |= !setenv("GOMP_SPINCOUNT", "25000", 0);
	return changed;
}

/*
 * The sandbox has no room for what some settings ask for. Libraries read their environment when
 * they are loaded, so the program starts itself once more.
 */
static void set_environment(char **argv)
{
	bool changed = drop_unwanted();

	changed |= set_waiting();
	if (changed)
		execv("/proc/self/exe", argv);
}

/*
 * oneDNN allocates and frees megabytes in each product: fresh pages would cost
 * more than a copy of them.
 */
static void keep_freed_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	uint8_t key_hash[FUSES_KEY_HASH_BYTES];

	set_environment(argv);
	fill_standard_descriptors();
	keep_freed_memory();
	parse(&options, argc, argv);
	open_log(&options);
	if (sodium_init() < 0) {
		vnpu_log(VNPU_LOG_ERROR, "libsodium does not start");
		return 1;
	}
	if (options.replay)
		return repeat(&options);
	find_key(&options, key_hash);
	return run(&options);
}
