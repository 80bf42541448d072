/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/place.h"
#include "support/desk.h"

static struct place on_a4(double x, double y)
{
	return (struct place){
		.page = 1, .x = x, .y = y, .width = 180, .height = 60, .page_width = 595, .page_height = 842
	};
}

static void named_places_are_those_of_a_keypad(void **state)
{
	static const struct {
		unsigned key;
		double x, y;
	} places[] = {
		{ 7, 36, 36 },
		{ 8, 207.5, 36 },
		{ 9, 379, 36 },
		{ 4, 36, 391 },
		{ 5, 207.5, 391 },
		{ 6, 379, 391 },
		{ 1, 36, 746 },
		{ 2, 207.5, 746 },
		{ 3, 379, 746 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct place place = on_a4(0, 0);

		place_snap(&place, places[i].key);
		assert_true(place.x == places[i].x && place.y == places[i].y);
		assert_true(place_is_inside(&place));
	}
}

static void a_place_is_kept_on_its_page(void **state)
{
	struct place place = on_a4(500, 900);

	(void)state;
	assert_false(place_is_inside(&place));
	place_keep_inside(&place);
	assert_true(place.x == 415 && place.y == 782);
	place.width = 1000;
	place.x = -5;
	place_keep_inside(&place);
	assert_true(place.x == 0 && place.width == 595);
	assert_true(place_is_inside(&place));
}

static void another_page_size_keeps_the_distance_from_the_nearest_corner(void **state)
{
	static const struct {
		double x, y, then_x, then_y;
	} places[] = {
		{ 36, 36, 36, 36 },     /* top left */
		{ 379, 746, 204, 499 }, /* bottom right */
		{ 36, 746, 36, 499 },   /* bottom left */
		{ 379, 100, 204, 100 }, /* top right */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const struct place place = on_a4(places[i].x, places[i].y);
		double out[4];

		place_on(out, &place, 420, 595);
		assert_true(out[0] == places[i].then_x && out[1] == places[i].then_y);
		assert_true(out[2] == 180 && out[3] == 60);
		place_on(out, &place, 595, 842);
		assert_true(out[0] == places[i].x && out[1] == places[i].y);
	}
}

static int make(void **state)
{
	(void)state;
	desk_make();
	desk_pdf("one.pdf", NULL);
	desk_write("broken.pdf", "%PDF-1.7\nnothing", 16);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static void documents_are_compared_before_they_are_signed(void **state)
{
	char *documents[] = { (char *)(uintptr_t)desk_path("one.pdf"), (char *)(uintptr_t)desk_path("broken.pdf"),
		(char *)(uintptr_t)desk_path("missing.pdf") };
	struct place place = on_a4(36, 36);
	struct place_others others;
	atomic_bool cancel = false;
	struct be_error err;

	(void)state;
	assert_int_equal(place_compare(&others, documents, 3, &place, &cancel, &err), BE_OK);
	assert_int_equal(others.without, 2);
	/* The desk's documents are no A4. */
	assert_int_equal(others.count, 1);
	assert_string_equal(others.first, documents[0]);
	place.page_width = others.width;
	place.page_height = others.height;
	place_others_free(&others);
	assert_int_equal(place_compare(&others, documents, 1, &place, &cancel, &err), BE_OK);
	assert_int_equal(others.count, 0);
	place_others_free(&others);
	atomic_store(&cancel, true);
	assert_int_equal(place_compare(&others, documents, 3, &place, &cancel, &err), BE_CANCELLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_places_are_those_of_a_keypad),
		cmocka_unit_test(a_place_is_kept_on_its_page),
		cmocka_unit_test(another_page_size_keeps_the_distance_from_the_nearest_corner),
		cmocka_unit_test_setup_teardown(documents_are_compared_before_they_are_signed, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
