// SPDX-License-Identifier: MIT
#include "rational.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define LONGEST_TEXT 64
#define LARGEST_EXPONENT 40
/* Longer terminating decimals are shown as a fraction. */
#define LONGEST_FRACTION 40

static const char *skip_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

static void scale_by_ten(mpq_ptr value, long exponent)
{
	mpz_t power;

	mpz_init(power);
	mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
	if (exponent < 0)
		mpz_mul(mpq_denref(value), mpq_denref(value), power);
	else
		mpz_mul(mpq_numref(value), mpq_numref(value), power);
	mpz_clear(power);
	mpq_canonicalize(value);
}

static int parse_fraction(mpq_ptr out, const char *text)
{
	const char *slash = skip_digits(text);

	if (slash == text || !isdigit((unsigned char)slash[1]) || *skip_digits(slash + 1))
		return -EINVAL;
	if (mpq_set_str(out, text, 10) || !mpz_sgn(mpq_denref(out)))
		return -EINVAL;
	mpq_canonicalize(out);
	return 0;
}

/* Reads [+-]digits up to the end of the text. */
static int parse_exponent(const char *text, long *exponent)
{
	const char *digits = text + (*text == '+' || *text == '-');

	if (!isdigit((unsigned char)*digits) || *skip_digits(digits))
		return -EINVAL;
	*exponent = strtol(text, NULL, 10);
	return labs(*exponent) > LARGEST_EXPONENT ? -EINVAL : 0;
}

static int parse_decimal(mpq_ptr out, const char *text)
{
	const char *whole_end = skip_digits(text), *end = whole_end;
	char digits[LONGEST_TEXT + 1];
	size_t whole = (size_t)(whole_end - text), fraction = 0;
	long exponent = 0;

	if (!whole)
		return -EINVAL;
	if (*end == '.') {
		end = skip_digits(whole_end + 1);
		fraction = (size_t)(end - whole_end - 1);
		if (!fraction)
			return -EINVAL;
	}
	if (*end == 'e' || *end == 'E') {
		if (parse_exponent(end + 1, &exponent))
			return -EINVAL;
	} else if (*end) {
		return -EINVAL;
	}
	memcpy(digits, text, whole);
	if (fraction)
		memcpy(digits + whole, whole_end + 1, fraction);
	digits[whole + fraction] = '\0';
	if (mpq_set_str(out, digits, 10))
		return -EINVAL;
	scale_by_ten(out, exponent - (long)fraction);
	return 0;
}

int cpl_rational_parse(mpq_ptr out, const char *text)
{
	if (strlen(text) > LONGEST_TEXT)
		return -EINVAL;
	return strchr(text, '/') ? parse_fraction(out, text) : parse_decimal(out, text);
}

static void trim_fraction(char *text)
{
	char *last = text + strlen(text) - 1;

	while (*last == '0')
		*last-- = '\0';
	if (*last == '.')
		*last = '\0';
}

/* Shows @scaled / 10^@places without trailing zeros. */
static char *place_point(mpz_srcptr scaled, size_t places)
{
	char *digits = mpz_get_str(NULL, 10, scaled);
	const char *magnitude = digits + (digits[0] == '-');
	size_t count = strlen(magnitude);
	size_t zeros = count > places ? 0 : places + 1 - count;
	char *padded = cpl_alloc(zeros + count + 1, 1);
	char *text;

	memset(padded, '0', zeros);
	memcpy(padded + zeros, magnitude, count);
	count = zeros + count - places;
	text = cpl_format("%s%.*s.%s", digits[0] == '-' ? "-" : "", (int)count, padded,
			  padded + count);
	trim_fraction(text);
	free(padded);
	free(digits);
	return text;
}

/* Number of places of the decimal, or -1 if it does not terminate. */
static long terminating_places(mpq_srcptr value)
{
	mpz_t rest, prime;
	unsigned long twos, fives;
	bool terminates;

	mpz_init(rest);
	mpz_init_set_ui(prime, 2);
	twos = mpz_remove(rest, mpq_denref(value), prime);
	mpz_set_ui(prime, 5);
	fives = mpz_remove(rest, rest, prime);
	terminates = mpz_cmp_ui(rest, 1) == 0;
	mpz_clear(prime);
	mpz_clear(rest);
	return terminates ? (long)(twos > fives ? twos : fives) : -1;
}

char *cpl_rational_truncated(mpq_srcptr value, unsigned int places, bool *exact)
{
	mpz_t scaled, rest;
	char *text;

	mpz_init(scaled);
	mpz_init(rest);
	mpz_ui_pow_ui(scaled, 10, places);
	mpz_mul(scaled, scaled, mpq_numref(value));
	mpz_tdiv_qr(scaled, rest, scaled, mpq_denref(value));
	if (exact)
		*exact = mpz_sgn(rest) == 0;
	text = place_point(scaled, places);
	mpz_clear(rest);
	mpz_clear(scaled);
	return text;
}

char *cpl_rational_exact(mpq_srcptr value)
{
	long places = terminating_places(value);

	if (places < 0 || places > LONGEST_FRACTION)
		return mpq_get_str(NULL, 10, value);
	return cpl_rational_truncated(value, (unsigned int)places, NULL);
}
