// SPDX-License-Identifier: MIT
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

#include "landlock.h"

/* Whatever their arguments. None takes a path, makes a process or asks the kernel about another. */
static const int allowed[] = {
	/* Memory; guest memory comes as descriptors. */
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mincore), SCMP_SYS(mprotect),
	SCMP_SYS(mremap), SCMP_SYS(munmap),
	/* Threads, sleeping, time. */
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(rseq),
	SCMP_SYS(set_robust_list), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getcpu), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday),
	SCMP_SYS(restart_syscall), SCMP_SYS(sysinfo),
	/* Sockets that are open, and clients that come to them. */
	SCMP_SYS(accept4), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto),
	SCMP_SYS(sendmsg), SCMP_SYS(shutdown), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(setsockopt),
	/* Descriptors: state, records, log, events between threads and to clients. */
	SCMP_SYS(eventfd2), SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write),
	SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(lseek), SCMP_SYS(ftruncate), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
	SCMP_SYS(getrandom),
	/* Signals to itself. */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigtimedwait), SCMP_SYS(sigaltstack),
};

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define NAMESPACE_FLAGS (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* Allowed with the first argument that matters as the mask and value say. */
static const struct {
	int call;
	unsigned int argument;
	scmp_datum_t mask;
	scmp_datum_t value;
} restricted[] = {
	{ SCMP_SYS(clone), 0, THREAD_FLAGS | NAMESPACE_FLAGS, THREAD_FLAGS },
	/* oneDNN writes its kernels to anonymous memory; no file is executable. */
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mmap), 3, MAP_ANONYMOUS, MAP_ANONYMOUS },
	/* A thread's own. */
	{ SCMP_SYS(sched_setaffinity), 0, UINT32_MAX, 0 },
	{ SCMP_SYS(prctl), 0, UINT32_MAX, PR_SET_NAME },
	/* oneDNN asks for the registers of AMX: the ARCH_*_XCOMP_* of asm/prctl.h. */
	{ SCMP_SYS(arch_prctl), 0, UINT32_MAX, 0x1021 },
	{ SCMP_SYS(arch_prctl), 0, UINT32_MAX, 0x1022 },
	{ SCMP_SYS(arch_prctl), 0, UINT32_MAX, 0x1023 },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFL },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_SETFL },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_GETFD },
	{ SCMP_SYS(fcntl), 1, UINT32_MAX, F_SETFD },
};

#ifdef __SANITIZE_ADDRESS__
/* The leak checker traces the process, which the filter forbids; leaks are for the tests. */
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

static int allow_restricted(scmp_filter_ctx filter)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(restricted) / sizeof(restricted[0]) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, restricted[i].call, 1,
				       SCMP_CMP(restricted[i].argument, SCMP_CMP_MASKED_EQ,
						restricted[i].mask, restricted[i].value));
	return ret;
}

static int add_rules(scmp_filter_ctx filter)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && !ret; i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (!ret)
		ret = allow_restricted(filter);
	/* abort() signals its own process. */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	/* Its flags are in memory, out of the filter's sight: the library falls back to clone. */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return ret;
}

static int filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int ret;

	if (!filter)
		return -ENOMEM;
	ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!ret)
		ret = add_rules(filter);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}

int sandbox_enter(void)
{
	int version;
	int ret;

	/* Before glibc shrinks any arena but the first, it reads a file of /proc. */
	mallopt(M_ARENA_MAX, 1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return -errno;
	version = landlock_enter();
	if (version < 0)
		return version;
	ret = filter_calls();
	return ret ? ret : version;
}
