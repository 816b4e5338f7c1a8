// SPDX-License-Identifier: MIT
/* Each system call that the device has no use for ends the process. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmocka_prelude.h"
#include "process/landlock.h"
#include "process/sandbox.h"

#define UNUSED_PATH "/tmp/vnpu-test-sandbox-file"

/* Open before the sandbox, as the device's files are. */
static int file_fd;
static int socket_fd;

/**
 * struct attempt - something a device never does
 * @name: what
 * @make: tries it
 */
struct attempt {
	const char *name;
	void (*make)(void);
};

static void read_a_file(void) { open("/etc/passwd", O_RDONLY); }
static void make_a_file(void) { open(UNUSED_PATH, O_WRONLY | O_CREAT, 0600); }
static void write_own_memory(void) { open("/proc/self/mem", O_RDWR); }
static void open_legacy(void) { syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0); }
static void remove_a_file(void) { unlink(UNUSED_PATH); }
static void rename_a_file(void) { rename(UNUSED_PATH, UNUSED_PATH "2"); }
static void link_a_file(void) { link("/etc/passwd", UNUSED_PATH); }
static void make_a_symlink(void) { symlink("/etc/passwd", UNUSED_PATH); }
static void make_a_folder(void) { mkdir(UNUSED_PATH, 0700); }
static void make_a_node(void) { mknod(UNUSED_PATH, S_IFIFO | 0600, 0); }
static void change_a_mode(void) { chmod(UNUSED_PATH, 0600); }
static void change_a_mode_of_a_descriptor(void) { fchmod(file_fd, 04755); }
static void change_an_owner(void) { chown(UNUSED_PATH, 0, 0); }
static void set_an_attribute(void) { syscall(SYS_setxattr, "/", "user.a", "", 0, 0); }
static void look_at_a_path(void) { access("/etc/passwd", R_OK); }
static void change_the_folder(void) { chdir("/"); }
static void read_a_folder(void) { char buf[256]; syscall(SYS_getdents64, file_fd, buf, 256); }
static void mount_something(void) { syscall(SYS_mount, "", "/", "", 0, ""); }
static void change_the_root(void) { chroot("/"); }
static void open_by_handle(void) { syscall(SYS_open_by_handle_at, AT_FDCWD, NULL, 0); }

static void run_a_program(void)
{
	execl("/bin/true", "true", NULL);
}

static void fork_a_process(void) { if (!syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) _exit(0); }
static void share_memory_with_a_process(void)
{
	syscall(SYS_clone, CLONE_VM | SIGCHLD, 0, 0, 0, 0);
}
static void make_a_user_namespace(void) { syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0); }
static void leave_namespaces(void) { unshare(CLONE_NEWUSER); }
static void join_a_namespace(void) { setns(file_fd, 0); }

static void trace_the_parent(void) { ptrace(PTRACE_ATTACH, getppid(), 0, 0); }
static void write_the_parent(void) { syscall(SYS_process_vm_writev, 1, NULL, 0, NULL, 0, 0); }
static void read_the_parent(void) { syscall(SYS_process_vm_readv, 1, NULL, 0, NULL, 0, 0); }
static void hold_a_process(void) { syscall(SYS_pidfd_open, 1, 0); }
static void signal_a_process(void) { kill(1, 0); }
static void signal_a_thread_elsewhere(void) { syscall(SYS_tgkill, 1, 1, 0); }
static void move_a_process(void)
{
	syscall(SYS_sched_setaffinity, 1, 8, "\377\377\377\377\377\377\377");
}
static void limit_a_process(void) { syscall(SYS_prlimit64, 1, 0, NULL, NULL); }

static void make_a_socket(void) { socket(AF_INET, SOCK_STREAM, 0); }
static void make_a_pair(void) { int fds[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, fds); }
static void listen_elsewhere(void) { listen(socket_fd, 1); }

static void connect_somewhere(void)
{
	struct sockaddr_un addr = { AF_UNIX, "/run/none" };

	connect(socket_fd, (struct sockaddr *)&addr, sizeof(addr));
}

static void bind_somewhere(void)
{
	struct sockaddr_un addr = { AF_UNIX, UNUSED_PATH };

	bind(socket_fd, (struct sockaddr *)&addr, sizeof(addr));
}

static void run_a_file_as_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file_fd, 0);
}

static void make_memory_with_a_name(void) { memfd_create("x", 0); }
static void become_another_user(void) { setuid(65534); }
static void become_dumpable(void) { prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
static void add_a_filter(void) { syscall(SYS_seccomp, 0, 0, NULL); }
static void control_a_device(void) { syscall(SYS_ioctl, file_fd, 0x5413, NULL); }
static void duplicate_a_descriptor(void) { fcntl(file_fd, F_DUPFD, 0); }
static void watch_a_file(void) { syscall(SYS_inotify_init1, 0); }
static void use_io_uring(void) { syscall(SYS_io_uring_setup, 1, NULL); }
static void load_a_bpf_program(void) { syscall(SYS_bpf, 0, NULL, 0); }
static void count_events(void) { syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0); }
static void handle_page_faults(void) { syscall(SYS_userfaultfd, 0); }
static void use_keys(void) { syscall(SYS_keyctl, 0, 0, 0, 0, 0); }
static void load_a_module(void) { syscall(SYS_finit_module, file_fd, "", 0); }
static void start_a_kernel(void) { syscall(SYS_kexec_load, 0, 0, NULL, 0); }
static void reboot_the_host(void) { syscall(SYS_reboot, 0, 0, 0, NULL); }
static void set_the_clock(void) { syscall(SYS_clock_settime, 0, NULL); }
static void call_what_there_is_not(void) { syscall(0x3ff); }

#define ATTEMPT(function) { #function, function }

static const struct attempt attempts[] = {
	ATTEMPT(read_a_file), ATTEMPT(make_a_file), ATTEMPT(write_own_memory),
	ATTEMPT(open_legacy), ATTEMPT(remove_a_file), ATTEMPT(rename_a_file),
	ATTEMPT(link_a_file), ATTEMPT(make_a_symlink), ATTEMPT(make_a_folder),
	ATTEMPT(make_a_node), ATTEMPT(change_a_mode), ATTEMPT(change_a_mode_of_a_descriptor),
	ATTEMPT(change_an_owner), ATTEMPT(set_an_attribute), ATTEMPT(look_at_a_path),
	ATTEMPT(change_the_folder), ATTEMPT(read_a_folder), ATTEMPT(mount_something),
	ATTEMPT(change_the_root), ATTEMPT(open_by_handle), ATTEMPT(run_a_program),
	ATTEMPT(fork_a_process), ATTEMPT(share_memory_with_a_process),
	ATTEMPT(make_a_user_namespace), ATTEMPT(leave_namespaces), ATTEMPT(join_a_namespace),
	ATTEMPT(trace_the_parent), ATTEMPT(write_the_parent), ATTEMPT(read_the_parent),
	ATTEMPT(hold_a_process), ATTEMPT(signal_a_process), ATTEMPT(signal_a_thread_elsewhere),
	ATTEMPT(move_a_process), ATTEMPT(limit_a_process), ATTEMPT(make_a_socket),
	ATTEMPT(make_a_pair),
	ATTEMPT(listen_elsewhere), ATTEMPT(connect_somewhere), ATTEMPT(bind_somewhere),
	ATTEMPT(run_a_file_as_code), ATTEMPT(make_memory_with_a_name),
	ATTEMPT(become_another_user), ATTEMPT(become_dumpable), ATTEMPT(add_a_filter),
	ATTEMPT(control_a_device), ATTEMPT(duplicate_a_descriptor), ATTEMPT(watch_a_file),
	ATTEMPT(use_io_uring), ATTEMPT(load_a_bpf_program), ATTEMPT(count_events),
	ATTEMPT(handle_page_faults), ATTEMPT(use_keys), ATTEMPT(load_a_module),
	ATTEMPT(start_a_kernel), ATTEMPT(reboot_the_host), ATTEMPT(set_the_clock),
	ATTEMPT(call_what_there_is_not),
};

/* The status of a child that does @enter, then @make; exit status 99 when @enter fails. */
static int child_status(int (*enter)(void), void (*make)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (!pid) {
		if (enter() < 0)
			_exit(99);
		make();
		_exit(0);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void what_the_device_has_no_use_for_is_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int status = child_status(sandbox_enter, attempts[i].make);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("%s: status %#x", attempts[i].name, status);
	}
}

static void *a_thread(void *arg)
{
	attempts[0].make();
	return arg;
}

static void attempt_in_a_thread(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, a_thread, NULL))
		pthread_join(thread, NULL);
}

static void threads_are_inside_too(void **state)
{
	int status = child_status(sandbox_enter, attempt_in_a_thread);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static void work(void)
{
	pthread_t thread;
	cpu_set_t processors;
	char byte = 0;
	void *code;

	if (pthread_create(&thread, NULL, do_nothing, &byte) || pthread_join(thread, NULL))
		_exit(1);
	/* What oneDNN does to write a kernel. */
	code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (code == MAP_FAILED || mprotect(code, 4096, PROT_READ | PROT_EXEC))
		_exit(2);
	if (pwrite(file_fd, &byte, 1, 0) != 1 || ftruncate(file_fd, 0) || fsync(file_fd))
		_exit(3);
	/* Threads of a team leave each other's processors. */
	if (sched_getaffinity(0, sizeof(processors), &processors) ||
	    sched_setaffinity(0, sizeof(processors), &processors))
		_exit(5);
	if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
		_exit(4);
}

static void threads_memory_and_open_files_are_left(void **state)
{
	(void)state;
	assert_int_equal(child_status(sandbox_enter, work), 0);
}

/* More than an arena keeps when it is freed, in pieces that are not mapped on their own. */
#define PIECES 64

static void *allocate_and_free(void *arg)
{
	void *piece[PIECES];

	for (int i = 0; i < PIECES; i++)
		piece[i] = malloc(100000);
	for (int i = PIECES; i-- > 0;)
		free(piece[i]);
	return arg;
}

static void allocate_in_threads(void)
{
	pthread_t thread[4];

	for (int i = 0; i < 4; i++)
		if (pthread_create(&thread[i], NULL, allocate_and_free, NULL))
			_exit(1);
	for (int i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
}

static void threads_return_memory(void **state)
{
	(void)state;
	assert_int_equal(child_status(sandbox_enter, allocate_in_threads), 0);
}

static void ask_for_amx(void)
{
#ifdef __x86_64__
	unsigned long bits = 0;

	syscall(SYS_arch_prctl, 0x1021, &bits);
	syscall(SYS_arch_prctl, 0x1023, 18);
#endif
}

static void the_library_may_ask_for_registers(void **state)
{
	(void)state;
	assert_int_equal(child_status(sandbox_enter, ask_for_amx), 0);
}

static int landlock_version;

static int enter_landlock(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return landlock_enter();
}

static void try_files(void)
{
	char byte = 0;

	if (open("/etc/passwd", O_RDONLY) != -1 || errno != EACCES)
		_exit(1);
	if (open("/proc/self/mem", O_RDWR) != -1 || errno != EACCES)
		_exit(2);
	if (mkdir(UNUSED_PATH, 0700) != -1 || errno != EACCES)
		_exit(3);
	if (pwrite(file_fd, &byte, 1, 0) != 1 || ftruncate(file_fd, 0))
		_exit(4);
}

static void try_the_rest(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(9) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (landlock_version >= 4 && (!connect(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
				      errno != EACCES))
		_exit(5);
	if (landlock_version >= 6 && (!kill(getppid(), 0) || errno != EPERM))
		_exit(6);
}

static void landlock_refuses_files_where_the_kernel_has_it(void **state)
{
	(void)state;
	landlock_version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
					LANDLOCK_CREATE_RULESET_VERSION);
	if (landlock_version <= 0)
		skip();
	assert_int_equal(child_status(enter_landlock, try_files), 0);
	assert_int_equal(child_status(enter_landlock, try_the_rest), 0);
}

/* Status of a child that is not root, or root of a namespace with one user. */
#define NO_OTHER_USER 98

/* What is left to it is all that an ordinary user's process has. */
static int drop_root_and_enter(void)
{
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		_exit(NO_OTHER_USER);
	/* Changing the user is one way to become non-dumpable. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		_exit(97);
	return sandbox_enter();
}

static int ready_fd;

static void say_ready_and_wait(void)
{
	char byte;

	if (write(ready_fd, "", 1) == 1 && read(ready_fd, &byte, 1) == 1)
		_exit(0);
}

static void others_of_the_user_cannot_trace_it(void **state)
{
	struct stat info;
	char path[32];
	int fds[2];
	int status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	ready_fd = fds[1];
	pid = fork();
	if (!pid) {
		close(fds[0]);
		if (drop_root_and_enter() < 0)
			_exit(99);
		say_ready_and_wait();
		_exit(1);
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) != 1) {
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), NO_OTHER_USER);
		skip();
	}
	/* Files of a process that is not dumpable belong to root. */
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_uid, 0);
	assert_int_equal(write(fds[0], "", 1), 1);
	waitpid(pid, NULL, 0);
	close(fds[0]);
}

static int setup(void **state)
{
	char path[] = "/tmp/vnpu-test-sandbox-XXXXXX";

	(void)state;
	file_fd = mkstemp(path);
	unlink(path);
	socket_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	return file_fd < 0 || socket_fd < 0 ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_device_has_no_use_for_is_its_end),
		cmocka_unit_test(threads_are_inside_too),
		cmocka_unit_test(threads_memory_and_open_files_are_left),
		cmocka_unit_test(threads_return_memory),
		cmocka_unit_test(the_library_may_ask_for_registers),
		cmocka_unit_test(landlock_refuses_files_where_the_kernel_has_it),
		cmocka_unit_test(others_of_the_user_cannot_trace_it),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
