// SPDX-License-Identifier: MIT
/* The copier as a program, in the place of the virtual NPU; see copier.h. */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "copier.h"
#include "log.h"
#include "process/listener.h"
#include "vfu/vfu.h"

/**
 * struct copier - the device
 * @vfu: its PCI side
 * @lock: protects the rest
 * @started: signalled when a copy begins or the program ends
 * @regs: BAR0
 * @generation: counts resets; a copy from before one leaves no trace in the registers
 * @quit: the program ends
 */
struct copier {
	struct vfu *vfu;
	pthread_mutex_t lock;
	pthread_cond_t started;
	uint32_t regs[COPIER_NUM_REGS];
	unsigned int generation;
	bool quit;
};

static uint32_t *reg(struct copier *c, unsigned int offset)
{
	return &c->regs[offset / 4];
}

static int mmio_read(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t *val)
{
	struct copier *c = opaque;

	*val = UINT32_MAX;
	if (bar != 0 || size != 4 || offset >= sizeof(c->regs))
		return 0;
	pthread_mutex_lock(&c->lock);
	*val = *reg(c, (unsigned int)offset);
	pthread_mutex_unlock(&c->lock);
	return 0;
}

static void start_copy(struct copier *c)
{
	if (*reg(c, COPIER_STATUS) == COPIER_BUSY)
		return;
	*reg(c, COPIER_STATUS) = COPIER_BUSY;
	pthread_cond_signal(&c->started);
}

static int mmio_write(void *opaque, unsigned int bar, uint64_t offset, unsigned int size,
		      uint64_t val)
{
	struct copier *c = opaque;

	pthread_mutex_lock(&c->lock);
	if (bar == 2 && offset == 0)
		start_copy(c);
	else if (bar == 0 && size == 4 && offset >= COPIER_SOURCE_LO && offset < COPIER_STATUS)
		*reg(c, (unsigned int)offset) = (uint32_t)val;
	pthread_mutex_unlock(&c->lock);
	return 0;
}

static void power_on(struct copier *c)
{
	uint32_t flrs = *reg(c, COPIER_FLR_COUNT);

	memset(c->regs, 0, sizeof(c->regs));
	*reg(c, COPIER_MAGIC) = COPIER_MAGIC_VALUE;
	*reg(c, COPIER_FLR_COUNT) = flrs;
	c->generation++;
}

static void reset(void *opaque, enum vfu_reset kind)
{
	struct copier *c = opaque;

	pthread_mutex_lock(&c->lock);
	power_on(c);
	if (kind == VFU_RESET_FLR)
		*reg(c, COPIER_FLR_COUNT) += 1;
	pthread_mutex_unlock(&c->lock);
}

static uint64_t address(struct copier *c, unsigned int lo)
{
	return *reg(c, lo) | (uint64_t)*reg(c, lo + 4) << 32;
}

static uint32_t copy(struct vfu *vfu, uint64_t source, uint64_t target, uint32_t len)
{
	static uint8_t buf[COPIER_MAX_LENGTH];

	if (len > sizeof(buf) || vfu_dma_read(vfu, source, buf, len) ||
	    vfu_dma_write(vfu, target, buf, len))
		return COPIER_FAULT;
	return COPIER_DONE;
}

/* Called with the lock, which it drops while it copies. */
static void run_copy(struct copier *c)
{
	uint64_t source = address(c, COPIER_SOURCE_LO), target = address(c, COPIER_TARGET_LO);
	uint32_t len = *reg(c, COPIER_LENGTH), vector = *reg(c, COPIER_VECTOR), status;
	unsigned int generation = c->generation;

	pthread_mutex_unlock(&c->lock);
	status = copy(c->vfu, source, target, len);
	pthread_mutex_lock(&c->lock);
	if (generation != c->generation)
		return;
	*reg(c, COPIER_STATUS) = status;
	vfu_irq_raise(c->vfu, vector);
}

static void *worker(void *arg)
{
	struct copier *c = arg;

	pthread_mutex_lock(&c->lock);
	while (!c->quit) {
		if (*reg(c, COPIER_STATUS) == COPIER_BUSY)
			run_copy(c);
		else
			pthread_cond_wait(&c->started, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void stop_worker(struct copier *c, pthread_t thread)
{
	pthread_mutex_lock(&c->lock);
	c->quit = true;
	pthread_cond_signal(&c->started);
	pthread_mutex_unlock(&c->lock);
	pthread_join(thread, NULL);
}

static const struct vfu_ops ops = {
	.mmio_read = mmio_read,
	.mmio_write = mmio_write,
	.reset = reset,
};

static int wait_for_signal(const sigset_t *signals)
{
	int signal;

	return sigwait(signals, &signal);
}

static int run(const char *socket_path, const char *control_path)
{
	static struct copier c = {
		.lock = PTHREAD_MUTEX_INITIALIZER, .started = PTHREAD_COND_INITIALIZER,
	};
	const struct vfu_config config = {
		.ops = &ops, .opaque = &c, .vendor_id = COPIER_VENDOR,
		.device_id = COPIER_DEVICE, .subsystem_vendor_id = COPIER_VENDOR, .bar0_size = 4096,
		.bar2_size = 65536, .vectors = COPIER_VECTORS, .serial = 1,
	};
	pthread_t thread;
	sigset_t signals;
	int control, client;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	power_on(&c);
	if (vfu_create(&config, &c.vfu) || pthread_create(&thread, NULL, worker, &c))
		return 1;
	/* The guest runner connects to it; the copier has nothing to say there. */
	control = listener_open(control_path, 1);
	client = listener_open(socket_path, 1);
	if (control < 0 || client < 0 || vfu_start(c.vfu, client)) {
		vnpu_log(VNPU_LOG_ERROR, "cannot listen");
		return 1;
	}
	wait_for_signal(&signals);
	vfu_stop(c.vfu);
	stop_worker(&c, thread);
	vfu_destroy(c.vfu);
	close(control);
	return 0;
}

/* The options of the virtual NPU; the copier has no SKU and no state. */
int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "control", required_argument, NULL, 'i' },
		{ "test-control", required_argument, NULL, 'c' },
		{ "sku", required_argument, NULL, 'i' },
		{ "state", required_argument, NULL, 'i' },
		{ 0 },
	};
	const char *socket_path = NULL, *control_path = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			socket_path = optarg;
		else if (option == 'c')
			control_path = optarg;
		else if (option == '?')
			return 2;
	}
	if (!socket_path || !control_path) {
		fprintf(stderr, "usage: %s --socket PATH --test-control PATH\n", argv[0]);
		return 2;
	}
	vnpu_log_setup("copier", VNPU_LOG_DEBUG);
	return run(socket_path, control_path);
}
