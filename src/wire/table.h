/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_TABLE_H
#define WIRE_TABLE_H

/*
 * How the tables of wire/account.c and wire/csc.c are written: one line a member, its JSON name the same as the record's.
 * need: true when decoding fails without it.
 */

#include "wire/message.h"

#define WIRE_AT_TEXT(record, member, need) \
	{ \
		WIRE_TEXT, #member, need, offsetof(record, member), sizeof(((record *)0)->member), 0, NULL \
	}
#define WIRE_AT_SECRET(record, member, need, max) \
	{ \
		WIRE_SECRET, #member, need, offsetof(record, member), max, 0, NULL \
	}
#define WIRE_AT_INT(record, member, need) \
	{ \
		WIRE_INT, #member, need, offsetof(record, member), 0, 0, NULL \
	}
#define WIRE_AT_BOOL(record, member, need) \
	{ \
		WIRE_BOOL, #member, need, offsetof(record, member), 0, 0, NULL \
	}
#define WIRE_AT_TIME(record, member, need) \
	{ \
		WIRE_TIME, #member, need, offsetof(record, member), 0, 0, NULL \
	}
#define WIRE_AT_BYTES(record, member, need, max) \
	{ \
		WIRE_BYTES, #member, need, offsetof(record, member), max, 0, NULL \
	}
#define WIRE_AT_PROSE(record, member, need, max) \
	{ \
		WIRE_PROSE, #member, need, offsetof(record, member), max, 0, NULL \
	}
#define WIRE_AT_TEXTS(record, member, need, max, most) \
	{ \
		WIRE_TEXTS, #member, need, offsetof(record, member), max, most, NULL \
	}
#define WIRE_AT_BLOBS(record, member, need, max, most) \
	{ \
		WIRE_BLOBS, #member, need, offsetof(record, member), max, most, NULL \
	}
#define WIRE_AT_OBJECT(record, member, need, of) \
	{ \
		WIRE_OBJECT, #member, need, offsetof(record, member), 0, 0, of \
	}
#define WIRE_AT_OBJECTS(record, member, need, most, of) \
	{ \
		WIRE_OBJECTS, #member, need, offsetof(record, member), 0, most, of \
	}
#define WIRE_AT_END \
	{ \
		WIRE_END, NULL, false, 0, 0, 0, NULL \
	}

#endif
