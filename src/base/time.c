/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY 86400

struct civil {
	int64_t year;
	int month, day; /* from 1 */
	int hour, minute, second;
};

/* Text that is still to be read. */
struct cursor {
	const char *at;
	size_t left;
};

static _Atomic int64_t test_clock = TIME_NONE;

/* Days since 1970-01-01 in the proleptic Gregorian calendar. Years start in March, so that a
 * leap day is the last day of its year; 400 years have 146097 days, and 719468 days lie between
 * 0000-03-01 and 1970-01-01. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct civil civil_of(int64_t moment)
{
	int64_t of_day = (moment % DAY + DAY) % DAY;
	int64_t days = (moment - moment % DAY) / DAY - (moment % DAY < 0 ? 1 : 0) + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t month = (5 * of_year + 2) / 153; /* from March */
	struct civil c = { .year = y + era * 400 + (month >= 10 ? 1 : 0) };

	c.month = (int)(month < 10 ? month + 3 : month - 9);
	c.day = (int)(of_year - (153 * month + 2) / 5 + 1);
	c.hour = (int)(of_day / 3600);
	c.minute = (int)(of_day / 60 % 60);
	c.second = (int)(of_day % 60);
	return c;
}

static int days_in(int64_t year, int month)
{
	return (int)(days_of(month == 12 ? year + 1 : year, month % 12 + 1, 1) - days_of(year, month, 1));
}

/* A leap second (:60) counts as the first second of the next minute, as POSIX has it. */
static bool is_valid(const struct civil *c)
{
	return c->month >= 1 && c->month <= 12 && c->day >= 1 && c->day <= days_in(c->year, c->month) &&
		c->hour <= 23 && c->minute <= 59 && c->second <= 60;
}

static int64_t moment_of(const struct civil *c, int64_t offset)
{
	return days_of(c->year, c->month, c->day) * DAY + c->hour * 3600 + c->minute * 60 + c->second - offset;
}

static bool take_digits(struct cursor *in, size_t count, int *out)
{
	int value = 0;

	if (in->left < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (in->at[i] < '0' || in->at[i] > '9')
			return false;
		value = value * 10 + (in->at[i] - '0');
	}
	in->at += count;
	in->left -= count;
	*out = value;
	return true;
}

static bool take_one_of(struct cursor *in, const char *set, char *out)
{
	if (in->left == 0 || *in->at == '\0' || strchr(set, *in->at) == NULL)
		return false;
	*out = *in->at;
	in->at++;
	in->left--;
	return true;
}

/* RFC 3339, 5.6: a fraction is ".", then digits; it is dropped. */
static bool take_fraction(struct cursor *in)
{
	int digit;
	char dot;

	if (!take_one_of(in, ".", &dot))
		return true;
	if (!take_digits(in, 1, &digit))
		return false;
	while (take_digits(in, 1, &digit))
		;
	return true;
}

static bool take_rfc3339_offset(struct cursor *in, int64_t *offset)
{
	int hours;
	int minutes;
	char sign;
	char colon;

	*offset = 0;
	if (!take_one_of(in, "Zz+-", &sign))
		return false;
	if (sign == 'Z' || sign == 'z')
		return true;
	if (!take_digits(in, 2, &hours) || !take_one_of(in, ":", &colon) || !take_digits(in, 2, &minutes))
		return false;
	if (hours > 23 || minutes > 59)
		return false;
	*offset = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}

enum be_err time_parse(int64_t *out, const char *rfc3339, struct be_error *err)
{
	struct cursor in = { rfc3339, strlen(rfc3339) };
	struct civil c = { 0 };
	int64_t offset;
	int year;
	char sep;

	if (!take_digits(&in, 4, &year) || !take_one_of(&in, "-", &sep) || !take_digits(&in, 2, &c.month) ||
		!take_one_of(&in, "-", &sep) || !take_digits(&in, 2, &c.day) || !take_one_of(&in, "Tt", &sep) ||
		!take_digits(&in, 2, &c.hour) || !take_one_of(&in, ":", &sep) || !take_digits(&in, 2, &c.minute) ||
		!take_one_of(&in, ":", &sep) || !take_digits(&in, 2, &c.second) || !take_fraction(&in) ||
		!take_rfc3339_offset(&in, &offset) || in.left != 0)
		return be_fail(err, BE_USAGE, N_("The time is not understood: write it like 2026-11-22T10:23:54Z"),
			"%s", rfc3339);
	c.year = year;
	if (!is_valid(&c))
		return be_fail(err, BE_USAGE, N_("There is no such day or time in the calendar"), "%s", rfc3339);
	*out = moment_of(&c, offset);
	return BE_OK;
}

/* Tells the compiler, too, that there are never more than two digits. */
static unsigned two(int number)
{
	return (unsigned)number % 100;
}

char *time_format(char out[static TIME_TEXT_MAX], int64_t moment)
{
	struct civil c = civil_of(moment);

	out[0] = '\0';
	if (moment == TIME_NONE || c.year < 0 || c.year > 9999)
		return out;
	(void)snprintf(out, TIME_TEXT_MAX, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)c.year % 10000, two(c.month),
		two(c.day), two(c.hour), two(c.minute), two(c.second));
	return out;
}

/* Minutes east of UTC; 0 for a moment so far off that its year is no int. The seconds in the
 * offsets of the nineteenth century are no part of a PDF date. */
static int zone_minutes(int64_t moment)
{
	time_t when = (time_t)moment;
	struct tm local;

	if (localtime_r(&when, &local) == NULL)
		return 0;
	return (int)(local.tm_gmtoff / 60);
}

char *time_format_pdf(char out[static TIME_TEXT_MAX], int64_t moment)
{
	struct civil c;
	int zone;
	int distance;

	out[0] = '\0';
	if (moment == TIME_NONE)
		return out;
	zone = zone_minutes(moment);
	distance = zone < 0 ? -zone : zone;
	c = civil_of(moment + zone * 60);
	if (c.year < 0 || c.year > 9999)
		return out;
	(void)snprintf(out, TIME_TEXT_MAX, "D:%04u%02u%02u%02u%02u%02u%c%02u'%02u'", (unsigned)c.year % 10000,
		two(c.month), two(c.day), two(c.hour), two(c.minute), two(c.second), zone < 0 ? '-' : '+',
		two(distance / 60), two(distance % 60));
	return out;
}

/* ISO 32000-2, 7.9.4: Z, or a sign, hours and perhaps minutes. Apostrophes are as writers have
 * them: both, one or none. */
static bool take_pdf_offset(struct cursor *in, int64_t *offset)
{
	int hours = 0;
	int minutes = 0;
	char sign = 'Z';
	char mark;

	*offset = 0;
	if (in->left == 0)
		return true;
	if (!take_one_of(in, "Z+-", &sign))
		return false;
	if (!take_digits(in, 2, &hours))
		return sign == 'Z' && in->left == 0;
	(void)take_one_of(in, "'", &mark);
	if (take_digits(in, 2, &minutes))
		(void)take_one_of(in, "'", &mark);
	if (in->left != 0 || hours > 23 || minutes > 59)
		return false;
	*offset = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return sign != 'Z' || *offset == 0;
}

int64_t time_parse_pdf(const char *text, size_t len)
{
	struct cursor in = { text, len };
	struct civil c = { .month = 1, .day = 1 };
	int *const fields[] = { &c.month, &c.day, &c.hour, &c.minute, &c.second };
	int64_t offset;
	int year;

	if (len >= 2 && memcmp(text, "D:", 2) == 0) {
		in.at += 2;
		in.left -= 2;
	}
	if (!take_digits(&in, 4, &year))
		return TIME_NONE;
	c.year = year;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]) && take_digits(&in, 2, fields[i]); i++)
		;
	if (!take_pdf_offset(&in, &offset) || !is_valid(&c))
		return TIME_NONE;
	return moment_of(&c, offset);
}

int64_t time_now(void)
{
	int64_t set = atomic_load(&test_clock);
	struct timespec now;

	if (set != TIME_NONE)
		return set;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return TIME_NONE;
	return (int64_t)now.tv_sec;
}

void time_set_for_test(int64_t moment)
{
	atomic_store(&test_clock, moment);
}
