// SPDX-License-Identifier: MIT
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ARGS 32
#define MAX_REPLY 8192

/* A bound for a process that hangs, far above what any host needs. */
#define START_MS 60000

struct process {
	pid_t pid;		/* 0: ended */
	int status;
	char folder[32];
	char path[64];
};

static const char *const socket_names[CONTROL_ROLES] = {
	[CONTROL_GUEST] = "guest",
	[CONTROL_TEST] = "test",
	[CONTROL_HOST] = "control",
};

const char *process_path(struct process *process, const char *name)
{
	snprintf(process->path, sizeof(process->path), "%s/%s", process->folder, name);
	return process->path;
}

pid_t process_pid(const struct process *process)
{
	return process->pid;
}

static void execute(struct process *process, const struct process_options *options)
{
	char *args[MAX_ARGS] = { "tessera-vnpu" };
	size_t n = 1;
	int log = open(process_path(process, "log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	args[n++] = "--socket";
	args[n++] = strdup(process_path(process, "npu"));
	args[n++] = "--control";
	args[n++] = strdup(process_path(process, "control"));
	if (!options->hardened) {
		args[n++] = "--test-control";
		args[n++] = strdup(process_path(process, "test"));
	}
	args[n++] = "--guest-control";
	args[n++] = strdup(process_path(process, "guest"));
	args[n++] = "--sku";
	args[n++] = (char *)options->sku;
	args[n++] = "--state";
	args[n++] = (char *)options->state;
	for (size_t i = 0; options->extra && options->extra[i] && n < MAX_ARGS - 1; i++)
		args[n++] = (char *)options->extra[i];
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	/* Does not outlive a test that crashed; whoever started the test waits for its output. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execv(options->hardened ? VNPU_HARDENED : VNPU_PROGRAM, args);
	_exit(127);
}

static bool ended(struct process *process)
{
	if (process->pid && waitpid(process->pid, &process->status, WNOHANG) == process->pid)
		process->pid = 0;
	return !process->pid;
}

static bool wait_for_sockets(struct process *process)
{
	const struct timespec moment = { .tv_nsec = 1000000 };
	int fd;

	/* That of the clients is made last. */
	for (int ms = 0; ms < START_MS && !ended(process); ms++) {
		fd = process_connect(process, "npu");
		if (fd >= 0) {
			close(fd);
			return true;
		}
		nanosleep(&moment, NULL);
	}
	return false;
}

static void print_log(struct process *process)
{
	FILE *log = fopen(process_path(process, "log"), "re");
	char line[512];

	while (log && fgets(line, sizeof(line), log))
		fputs(line, stderr);
	if (log)
		fclose(log);
}

static void clean_up(struct process *process)
{
	static const char *const names[] = { "npu", "control", "test", "guest", "log" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(process_path(process, names[i]));
	rmdir(process->folder);
	free(process);
}

struct process *process_start(const struct process_options *options)
{
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return NULL;
	strcpy(process->folder, "/tmp/vnpu-process-XXXXXX");
	if (!mkdtemp(process->folder)) {
		free(process);
		return NULL;
	}
	process->pid = fork();
	if (!process->pid)
		execute(process, options);
	if (process->pid > 0 && wait_for_sockets(process))
		return process;
	if (process->pid > 0) {
		kill(process->pid, SIGKILL);
		process_status(process);
	}
	print_log(process);
	clean_up(process);
	return NULL;
}

int process_status(struct process *process)
{
	if (process->pid && waitpid(process->pid, &process->status, 0) == process->pid)
		process->pid = 0;
	return process->status;
}

int process_end(struct process *process)
{
	int status;

	if (process->pid)
		kill(process->pid, SIGTERM);
	status = process_status(process);
	if (status)
		print_log(process);
	clean_up(process);
	return status;
}

int process_connect(struct process *process, const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(addr.sun_path, process_path(process, name));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool send_line(int to, const char *line, int fd)
{
	struct iovec text[] = {
		{ (char *)line, strlen(line) }, { (char *)"\n", 1 },
	};
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} passed = { .head = {
		.cmsg_len = CMSG_LEN(sizeof(fd)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct msghdr msg = { .msg_iov = text, .msg_iovlen = 2 };

	if (fd >= 0) {
		memcpy(CMSG_DATA(&passed.head), &fd, sizeof(fd));
		msg.msg_control = passed.bytes;
		msg.msg_controllen = sizeof(passed.bytes);
	}
	return sendmsg(to, &msg, MSG_NOSIGNAL) == (ssize_t)(text[0].iov_len + 1);
}

static char *receive_line(int from)
{
	char *reply = malloc(MAX_REPLY);
	size_t used = 0;
	ssize_t n;

	while (reply && used < MAX_REPLY - 1) {
		n = recv(from, reply + used, MAX_REPLY - 1 - used, 0);
		if (n <= 0)
			break;
		used += (size_t)n;
		if (reply[used - 1] == '\n') {
			reply[used - 1] = '\0';
			return reply;
		}
	}
	free(reply);
	return NULL;
}

char *process_command(struct process *process, enum control_role role, const char *line, int fd)
{
	int connection = process_connect(process, socket_names[role]);
	char *reply = NULL;

	if (connection >= 0 && send_line(connection, line, fd))
		reply = receive_line(connection);
	if (connection >= 0)
		close(connection);
	return reply;
}
