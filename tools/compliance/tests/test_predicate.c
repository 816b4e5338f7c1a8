// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "array.h"
#include "predicate.h"

static struct cpl_predicate *parse(const char *text)
{
	struct json_object *json = json_tokener_parse(text);
	struct cpl_predicate *predicate;

	assert_non_null(json);
	predicate = cpl_predicate_parse(json, "when", NULL, 0, NULL);
	json_object_put(json);
	return predicate;
}

/* TPP is @tpp, the density is not known. */
static enum cpl_outcome evaluate(const char *text, unsigned long tpp)
{
	struct cpl_predicate *predicate = parse(text);
	struct cpl_scope scope;
	enum cpl_outcome outcome;

	assert_non_null(predicate);
	cpl_scope_init(&scope);
	scope.measure[CPL_TPP].known = true;
	mpq_set_ui(scope.measure[CPL_TPP].value, tpp, 1);
	outcome = cpl_predicate_evaluate(predicate, &scope);
	cpl_scope_clear(&scope);
	cpl_predicate_free(predicate);
	return outcome;
}

#define TPP(relation, value) \
	"{\"quantity\":\"tpp\",\"relation\":\"" relation "\",\"value\":\"" value "\"}"
#define PD "{\"quantity\":\"pd\",\"relation\":\">=\",\"value\":\"5.92\"}"

static void at_least_includes_the_bound(void **state)
{
	(void)state;
	assert_int_equal(evaluate(TPP(">=", "4800"), 4799), CPL_DOES_NOT_MEET);
	assert_int_equal(evaluate(TPP(">=", "4800"), 4800), CPL_MEETS);
}

static void below_excludes_the_bound(void **state)
{
	(void)state;
	assert_int_equal(evaluate(TPP("<", "4800"), 4799), CPL_MEETS);
	assert_int_equal(evaluate(TPP("<", "4800"), 4800), CPL_DOES_NOT_MEET);
}

static void above_excludes_and_at_most_includes_the_bound(void **state)
{
	(void)state;
	assert_int_equal(evaluate(TPP(">", "2"), 2), CPL_DOES_NOT_MEET);
	assert_int_equal(evaluate(TPP(">", "2"), 3), CPL_MEETS);
	assert_int_equal(evaluate(TPP("<=", "2"), 2), CPL_MEETS);
	assert_int_equal(evaluate(TPP("<=", "2"), 3), CPL_DOES_NOT_MEET);
}

static void unknown_matters_only_where_it_decides(void **state)
{
	(void)state;
	assert_int_equal(evaluate(PD, 1600), CPL_UNDETERMINED);
	assert_int_equal(evaluate("{\"all\":[" TPP(">=", "1600") "," PD "]}", 1600),
			 CPL_UNDETERMINED);
	assert_int_equal(evaluate("{\"all\":[" TPP(">=", "1600") "," PD "]}", 1599),
			 CPL_DOES_NOT_MEET);
	assert_int_equal(evaluate("{\"any\":[" TPP(">=", "1600") "," PD "]}", 1600), CPL_MEETS);
	assert_int_equal(evaluate("{\"any\":[" TPP(">=", "1600") "," PD "]}", 1599),
			 CPL_UNDETERMINED);
	assert_int_equal(evaluate("{\"not\":" PD "}", 1600), CPL_UNDETERMINED);
	assert_int_equal(evaluate("{\"not\":" TPP(">=", "1600") "}", 1600), CPL_DOES_NOT_MEET);
}

static void malformed_predicates_are_refused(void **state)
{
	static const char *const bad[] = {
		"{}", "[]", "{\"all\":[]}", "{\"all\":{}}", "{\"not\":[]}",
		"{\"quantity\":\"tpp\",\"relation\":\"==\",\"value\":\"1\"}",
		"{\"quantity\":\"watts\",\"relation\":\">=\",\"value\":\"1\"}",
		"{\"quantity\":\"tpp\",\"relation\":\">=\",\"value\":\"0\"}",
		"{\"quantity\":\"tpp\",\"relation\":\">=\"}",
		"{\"fact\":\"datacentre\"}", "{\"fact\":\"moon\",\"is\":true}",
		"{\"entry\":\"3A090.a\"}", "{\"all\":[{\"any\":[{}]}]}",
		"{\"not\":" PD ",\"all\":[" PD "]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_null(parse(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_least_includes_the_bound),
		cmocka_unit_test(below_excludes_the_bound),
		cmocka_unit_test(above_excludes_and_at_most_includes_the_bound),
		cmocka_unit_test(unknown_matters_only_where_it_decides),
		cmocka_unit_test(malformed_predicates_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
