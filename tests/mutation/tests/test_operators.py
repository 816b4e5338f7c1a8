# SPDX-License-Identifier: MIT
"""What a mutant is."""

import unittest

from mutation import operators

SOURCE = """\
/* if (a < b) in a comment */
#define LIMIT(a) ((a) < 3)
static int f(int a, int b)
{
	const char *text = "a < b";

	if (a < b && b != 3)
		return -EINVAL;
	put(a);
	return a + 1;
}
"""


class Operators(unittest.TestCase):
    """operators.mutations()"""

    def setUp(self):
        self.found = operators.mutations(SOURCE)

    def after(self, line):
        """The mutants of a line."""
        return {mutation.after.strip() for mutation in self.found if mutation.line == line}

    def test_comments_strings_and_directives_are_left_alone(self):
        self.assertEqual({mutation.line for mutation in self.found}, {7, 8, 9, 10})

    def test_condition(self):
        self.assertEqual(self.after(7), {"if (a <= b && b != 3)", "if (a < b || b != 3)", "if (a < b && b == 3)",
                                         "if (a < b && b != 4)", "if (!a < b && b != 3)"})

    def test_error_becomes_success(self):
        self.assertEqual(self.after(8), {"return 0;"})

    def test_call_is_left_out(self):
        self.assertEqual(self.after(9), {";"})

    def test_arithmetic(self):
        self.assertEqual(self.after(10), {"return a - 1;", "return a + 2;"})

    def test_operand_of_a_validation_is_removed(self):
        text = "static bool f(void)\n{\n\treturn a == b &&\n\t       c(d);\n}\n"
        self.assertEqual([m.after.strip() for m in operators.mutations(text) if m.operator == "operand"],
                         ["return 1 &&", "1;"])

    def test_length_of_an_array_with_elements_stays(self):
        text = "void f(void)\n{\n\tconst int a[2][3] = { 7 };\n\tint b[4];\n}\n"
        self.assertEqual([m.after.strip() for m in operators.mutations(text) if m.operator == "constant"],
                         ["const int a[2][3] = { 8 };", "int b[5];"])

    def test_how_many_are_allocated_stays(self):
        text = "void f(void)\n{\n\tp = calloc(1, sizeof(*p) + 1);\n\tp = realloc(1);\n}\n"
        self.assertEqual([m.after.strip() for m in operators.mutations(text) if m.operator == "constant"],
                         ["p = calloc(1, sizeof(*p) + 2);", "p = realloc(2);"])

    def test_minus_one_stays(self):
        text = "int f(int a)\n{\n\tint fd = -1;\n\tg(fd, -1);\n\treturn a - 1;\n}\n"
        self.assertEqual([m.after.strip() for m in operators.mutations(text) if m.operator == "constant"],
                         ["return a - 2;"])

    def left(self, line, before="g(a);"):
        """Whether only the line before has mutants."""
        text = f"void f(int a)\n{{\n\t{before}\n\t{line}\n}}\n"
        return {m.line for m in operators.mutations(text)} <= {3}

    def test_advice_that_only_makes_faster_stays(self):
        self.assertTrue(self.left("madvise(at, a + 1, MADV_HUGEPAGE);"))
        self.assertTrue(self.left("__builtin_prefetch(at + a);"))
        self.assertEqual(operators.mutations("void f(int a)\n{\n\tif (a > 3)\n\t\t__builtin_prefetch(at + a);\n}\n"), [])
        self.assertFalse(self.left("madvise(at, a + 1, MADV_DONTNEED);"))
        self.assertFalse(self.left("madvise(at, a + 1, MADV_NOHUGEPAGE);"))
        self.assertFalse(self.left("if (a > 3)", "__builtin_prefetch(at);"))

    def test_steps_of_a_hash_stay(self):
        self.assertTrue(self.left("hash ^= a + 1;"))
        self.assertTrue(self.left("uint64_t hash = a + 1;"))
        self.assertFalse(self.left("place = hash + 1;"))
        self.assertFalse(self.left("hashes = a + 1;"))

    def test_apply_changes_one_line(self):
        changed = operators.apply(SOURCE, self.found[0]).split("\n")
        self.assertEqual(sum(a != b for a, b in zip(changed, SOURCE.split("\n"))), 1)

    def test_every_mutant_differs(self):
        self.assertEqual(len(self.found), len(set(self.found)))


if __name__ == "__main__":
    unittest.main()
