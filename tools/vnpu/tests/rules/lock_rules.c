/* SPDX-License-Identifier: MIT */
/*
 * Linked into the tests of the virtual NPU: every call that takes or gives back a lock comes
 * here first. A thread gives back what it has, takes nothing twice, waits for a condition with
 * its lock, and has no lock that it destroys; a lock of readers lets a writer that waits go first;
 * what was made is destroyed, and threads are joined, before the end.
 * Anything else ends the program. The calls themselves would say nothing of most of these
 * faults, and a test would show few of them.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* Locks that a thread has at a time, at most. */
#define DEPTH	16

static _Thread_local const void *held[DEPTH];

/* Locks and conditions that were made and not destroyed, threads that were not joined. */
static atomic_int made;

static void broken(const char *rule)
{
	fprintf(stderr, "lock rules: %s\n", rule);
	abort();
}

/* Where this thread has a lock, or, for NULL, room for one. */
static const void **find(const void *lock)
{
	for (unsigned int i = 0; i < DEPTH; i++)
		if (held[i] == lock)
			return &held[i];
	return NULL;
}

static void must_have(const void *lock, const char *rule)
{
	if (!find(lock))
		broken(rule);
}

static void must_not_have(const void *lock)
{
	if (find(lock))
		broken("a thread takes or destroys a lock that it has");
}

static int take(const void *lock, int error)
{
	const void **room = find(NULL);

	if (!room)
		broken("a thread has too many locks");
	if (!error)
		*room = lock;
	return error;
}

static void give(const void *lock)
{
	must_have(lock, "a thread gives back a lock that it does not have");
	*find(lock) = NULL;
}

__attribute__((destructor)) static void all_are_destroyed(void)
{
	if (atomic_load(&made))
		broken("something was made and not destroyed, or not joined");
}

/* The library's calls, and those of the program, by the linker's rule for --wrap. */
#define CALL(name, type)			\
	int __real_pthread_##name(type *lock);	\
	int __wrap_pthread_##name(type *lock);	\
	int __wrap_pthread_##name(type *lock)

#define TAKE(name, type)						\
	CALL(name, type)						\
	{								\
		must_not_have(lock);					\
		return take(lock, __real_pthread_##name(lock));		\
	}

#define GIVE(name, type)						\
	CALL(name, type)						\
	{								\
		give(lock);						\
		return __real_pthread_##name(lock);			\
	}

#define DESTROY(name, type)						\
	CALL(name, type)						\
	{								\
		must_not_have(lock);					\
		atomic_fetch_sub(&made, 1);				\
		return __real_pthread_##name(lock);			\
	}

TAKE(mutex_lock, pthread_mutex_t)
GIVE(mutex_unlock, pthread_mutex_t)
DESTROY(mutex_destroy, pthread_mutex_t)
TAKE(rwlock_rdlock, pthread_rwlock_t)
TAKE(rwlock_wrlock, pthread_rwlock_t)
GIVE(rwlock_unlock, pthread_rwlock_t)
DESTROY(rwlock_destroy, pthread_rwlock_t)

CALL(cond_destroy, pthread_cond_t)
{
	atomic_fetch_sub(&made, 1);
	return __real_pthread_cond_destroy(lock);
}

/* The same of what makes one. */
#define MAKE(name, type, attributes)						\
	int __real_pthread_##name(type *lock, const attributes *how);		\
	int __wrap_pthread_##name(type *lock, const attributes *how);		\
	int __wrap_pthread_##name(type *lock, const attributes *how)		\
	{									\
		atomic_fetch_add(&made, 1);					\
		return __real_pthread_##name(lock, how);			\
	}

MAKE(mutex_init, pthread_mutex_t, pthread_mutexattr_t)
MAKE(cond_init, pthread_cond_t, pthread_condattr_t)

int __real_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *how);
int __wrap_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *how);
int __wrap_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *how)
{
	int kind = PTHREAD_RWLOCK_PREFER_READER_NP;

	/* Readers that follow each other without a gap would keep it waiting without end. */
	if (how)
		pthread_rwlockattr_getkind_np(how, &kind);
	if (kind != PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
		broken("a lock does not prefer writers");
	atomic_fetch_add(&made, 1);
	return __real_pthread_rwlock_init(lock, how);
}

int __real_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *lock);
int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *lock);
int __wrap_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *lock)
{
	must_have(lock, "a thread waits without the lock of the condition");
	return __real_pthread_cond_wait(condition, lock);
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*body)(void *),
			  void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*body)(void *),
			  void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*body)(void *),
			  void *arg)
{
	int error = __real_pthread_create(thread, how, body, arg);

	if (!error)
		atomic_fetch_add(&made, 1);
	return error;
}

int __real_pthread_join(pthread_t thread, void **result);
int __wrap_pthread_join(pthread_t thread, void **result);
int __wrap_pthread_join(pthread_t thread, void **result)
{
	atomic_fetch_sub(&made, 1);
	return __real_pthread_join(thread, result);
}
