// SPDX-License-Identifier: MIT
#include "syscalls.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "npu.h"

/* Of no use, so nothing else calls it. */
#define MARK	SYS_getpgid
#define MARK_ID	(-4711)

void syscalls_mark(void)
{
	syscall(MARK, MARK_ID);
}

static void run_traced(void (*code)(void))
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		die("PTRACE_TRACEME");
	raise(SIGSTOP);
	code();
	_exit(0);
}

/* Continue to the next stop at a system call. Return: false when the child has ended well. */
static bool next_stop(pid_t child)
{
	int status, forward = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, child, NULL, (void *)(intptr_t)forward) ||
		    waitpid(child, &status, 0) != child)
			die("ptrace");
		errno = 0;
		if (WIFEXITED(status) && !WEXITSTATUS(status))
			return false;
		if (!WIFSTOPPED(status))
			die("the traced child ended with status %#x", (unsigned int)status);
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			return true;
		forward = WSTOPSIG(status);
	}
}

static void count_entry(struct syscalls *counted, pid_t child, bool *counting)
{
	struct __ptrace_syscall_info info = { 0 };

	if (ptrace((enum __ptrace_request)PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0)
		die("PTRACE_GET_SYSCALL_INFO");
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	if (info.entry.nr == MARK && (int)info.entry.args[0] == MARK_ID) {
		*counting = !*counting;
		return;
	}
	counted->all += *counting;
	counted->ioctls += *counting && info.entry.nr == SYS_ioctl;
}

void syscalls_count(struct syscalls *counted, void (*code)(void))
{
	bool counting = false;
	pid_t child = fork();
	int status;

	*counted = (struct syscalls){ 0 };
	if (child < 0)
		die("fork");
	if (!child)
		run_traced(code);
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD |
							      PTRACE_O_EXITKILL)))
		die("the child cannot be traced");
	while (next_stop(child))
		count_entry(counted, child, &counting);
	if (counting)
		die("the end was not marked");
}
