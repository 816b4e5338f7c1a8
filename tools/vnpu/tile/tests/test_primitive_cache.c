/* SPDX-License-Identifier: MIT */
/* Primitives that are kept, with a library of the test's own: which is made, tried and released. */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "tile/onednn_engine.h"
#include "tile/primitive.h"
#include "tile/primitive_cache.h"
#include "tile/primitive_trial.h"

/* So many are kept. */
#define ENTRIES 256

/* What the library does, and has done. */
static struct {
	bool has_engine;
	int make_error;
	int trial_error;
	unsigned int made;
	unsigned int tried;
	unsigned int released;
} library = { .has_engine = true };

struct dnnl_engine *onednn_engine(void)
{
	return library.has_engine ? (struct dnnl_engine *)&library : NULL;
}

int primitive_make(struct primitive *primitive, const struct primitive_key *key)
{
	*primitive = (struct primitive){ .key = *key };
	library.made++;
	return library.make_error;
}

int primitive_try(const struct primitive *primitive)
{
	(void)primitive;
	library.tried++;
	return library.trial_error;
}

void primitive_release(struct primitive *primitive)
{
	(void)primitive;
	library.released++;
}

static struct primitive_key key_of(int64_t number)
{
	return (struct primitive_key){ .kind = 1, .shape = { number, number / 2 } };
}

static struct primitive *get(int64_t number)
{
	const struct primitive_key key = key_of(number);
	struct primitive *primitive = NULL;

	assert_int_equal(primitive_get(&key, &primitive), 0);
	assert_memory_equal(&primitive->key, &key, sizeof(key));
	return primitive;
}

static int error_of(int64_t number)
{
	const struct primitive_key key = key_of(number);
	struct primitive *primitive;

	return primitive_get(&key, &primitive);
}

static void use(int64_t number)
{
	primitive_put(get(number));
}

/* Those that no other test of these has used. */
static int64_t fresh(unsigned int count)
{
	static int64_t next = 1000;

	next += count;
	return next - count;
}

static int setup(void **state)
{
	(void)state;
	library.made = library.tried = library.released = 0;
	library.make_error = library.trial_error = 0;
	return 0;
}

static void one_is_made_and_tried_at_its_first_use(void **state)
{
	int64_t number = fresh(1);
	struct primitive *first = get(number);

	(void)state;
	assert_int_equal(library.made, 1);
	assert_int_equal(library.tried, 1);
	assert_ptr_equal(get(number), first);
	primitive_put(first);
	primitive_put(first);
	assert_ptr_equal(get(number), first);
	primitive_put(first);
	assert_int_equal(library.made, 1);
	assert_int_equal(library.tried, 1);
	assert_int_equal(library.released, 0);
}

static void every_part_of_the_key_counts(void **state)
{
	struct primitive_key key = key_of(fresh(1));
	struct primitive *primitive;

	(void)state;
	assert_int_equal(primitive_get(&key, &primitive), 0);
	primitive_put(primitive);
	key.kind++;
	assert_int_equal(primitive_get(&key, &primitive), 0);
	primitive_put(primitive);
	key.shape[23]++;
	assert_int_equal(primitive_get(&key, &primitive), 0);
	primitive_put(primitive);
	assert_int_equal(library.made, 3);
}

static void one_that_failed_its_trial_is_not_tried_again(void **state)
{
	int64_t number = fresh(1);

	(void)state;
	library.trial_error = -ENOTSUP;
	assert_int_equal(error_of(number), -ENOTSUP);
	library.trial_error = 0;
	assert_int_equal(error_of(number), -ENOTSUP);
	assert_int_equal(library.tried, 1);
	assert_int_equal(library.released, 0);
}

static void what_lacks_memory_is_made_anew(void **state)
{
	int64_t number = fresh(1);

	(void)state;
	library.trial_error = -ENOMEM;
	assert_int_equal(error_of(number), -ENOMEM);
	assert_int_equal(library.released, 1);
	library.trial_error = 0;
	library.make_error = -ENOTSUP;
	assert_int_equal(error_of(number), -ENOTSUP);
	assert_int_equal(library.released, 2);
	assert_int_equal(library.tried, 1);
	library.make_error = 0;
	use(number);
	assert_int_equal(library.made, 3);
	assert_int_equal(library.released, 2);
}

static void without_an_engine_there_is_none(void **state)
{
	int64_t number = fresh(1);

	(void)state;
	library.has_engine = false;
	assert_int_equal(error_of(number), -ENOMEM);
	library.has_engine = true;
	assert_int_equal(library.made, 0);
	use(number);
}

/* From here on all places are taken by these. */
static int64_t fill(void)
{
	int64_t first = fresh(ENTRIES);

	for (int64_t i = 0; i < ENTRIES; i++)
		use(first + i);
	library.made = library.released = 0;
	return first;
}

static void the_least_recently_used_makes_room(void **state)
{
	int64_t first = fill(), other = fresh(2);

	(void)state;
	for (int64_t i = 0; i < ENTRIES; i++)
		use(first + i);
	assert_int_equal(library.made, 0);
	use(first);
	use(other);
	assert_int_equal(library.released, 1);
	use(first);
	use(first + 2);
	use(first + ENTRIES - 1);
	assert_int_equal(library.made, 1);
	/* That was the second one's place. */
	use(first + 1);
	assert_int_equal(library.made, 2);
	assert_int_equal(library.released, 2);
	/* And this the fourth's, for the third was used. */
	use(first + 2);
	assert_int_equal(library.made, 2);
	use(first + 3);
	assert_int_equal(library.made, 3);
}

static void one_in_use_keeps_its_place(void **state)
{
	int64_t first = fill();
	struct primitive *used = get(first);

	(void)state;
	for (int64_t i = 1; i < ENTRIES; i++)
		use(first + i);
	for (unsigned int i = 0; i < 2 * ENTRIES; i++)
		use(fresh(1));
	assert_int_equal(library.made, 2 * ENTRIES);
	assert_int_equal(library.released, 2 * ENTRIES);
	assert_ptr_equal(get(first), used);
	primitive_put(used);
	primitive_put(used);
	assert_int_equal(library.made, 2 * ENTRIES);
}

static void without_a_place_one_lives_for_its_use(void **state)
{
	struct primitive *used[ENTRIES], *more;
	int64_t first = fill(), other = fresh(1);

	(void)state;
	for (int64_t i = 0; i < ENTRIES; i++)
		used[i] = get(first + i);
	more = get(other);
	assert_int_equal(library.released, 0);
	primitive_put(more);
	assert_int_equal(library.released, 1);
	more = get(other);
	assert_int_equal(library.made, 2);
	primitive_put(more);
	assert_int_equal(library.released, 2);
	for (int i = 0; i < ENTRIES; i++)
		primitive_put(used[i]);
	assert_int_equal(library.released, 2);
	use(other);
	use(other);
	assert_int_equal(library.made, 3);
	assert_int_equal(library.released, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_is_made_and_tried_at_its_first_use, setup),
		cmocka_unit_test_setup(every_part_of_the_key_counts, setup),
		cmocka_unit_test_setup(one_that_failed_its_trial_is_not_tried_again, setup),
		cmocka_unit_test_setup(what_lacks_memory_is_made_anew, setup),
		cmocka_unit_test_setup(without_an_engine_there_is_none, setup),
		cmocka_unit_test_setup(the_least_recently_used_makes_room, setup),
		cmocka_unit_test_setup(one_in_use_keeps_its_place, setup),
		cmocka_unit_test_setup(without_a_place_one_lives_for_its_use, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
