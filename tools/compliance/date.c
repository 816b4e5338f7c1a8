// SPDX-License-Identifier: MIT
#include "date.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define DATE_LENGTH 10

/* In @form '0' stands for any digit and another character for itself. */
static bool begins_with(const char *text, const char *form)
{
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
			return false;
	return true;
}

static int days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool begins_with_date(const char *text)
{
	int year, month, day;

	if (!begins_with(text, "0000-00-00"))
		return false;
	year = atoi(text);
	month = atoi(text + 5);
	day = atoi(text + 8);
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month);
}

bool cpl_date_valid(const char *text)
{
	return begins_with_date(text) && !text[DATE_LENGTH];
}

/* "hh:mm" with the hours and minutes of a day. */
static bool begins_with_hours(const char *text)
{
	return begins_with(text, "00:00") && atoi(text) < 24 && atoi(text + 3) < 60;
}

bool cpl_time_valid(const char *text)
{
	if (!begins_with_date(text))
		return false;
	text += DATE_LENGTH;
	if (!*text)
		return true;
	if (*text != 'T' || !begins_with_hours(text + 1) || !begins_with(text + 6, ":00") ||
	    atoi(text + 7) > 60)
		return false;
	text += 9;
	if (!strcmp(text, "Z"))
		return true;
	return (*text == '+' || *text == '-') && begins_with_hours(text + 1) && !text[6];
}
