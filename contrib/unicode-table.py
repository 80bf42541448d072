#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes src/base/unicode_table.h from the Unicode data that this Python was built with.

    python3 contrib/unicode-table.py > src/base/unicode_table.h
"""

import unicodedata

NARROW, WIDE, MARK, BLANK, HIDDEN = range(5)  # the order of enum utf8_class

# Shown as nothing although their category is a letter, a symbol or a mark: fillers, joiners,
# inherent vowels, variation selectors.
INVISIBLE = [
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159), (0xE0000, 0xE0FFF),
]
# Vowels and finals of conjoining Hangul stand in the cells of the consonant before them.
JOINING_JAMO = [(0x1161, 0x11FF), (0xD7B0, 0xD7FB)]
EMPTY_BRAILLE = 0x2800


def within(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def class_of(code):
    char = chr(code)
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp") or within(code, INVISIBLE):
        return HIDDEN
    if category in ("Mn", "Me") or within(code, JOINING_JAMO):
        return MARK
    if (category == "Zs" and char != " ") or code == EMPTY_BRAILLE:
        return BLANK
    return WIDE if unicodedata.east_asian_width(char) in "WF" else NARROW


def main():
    steps = []
    for code in range(0x110000):
        kind = class_of(code)
        if not steps or steps[-1][1] != kind:
            steps.append((code, kind))
    print(f"""/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_UNICODE_TABLE_H
#define BASE_UNICODE_TABLE_H

/*
 * The class of every code point, from Unicode {unicodedata.unidata_version}; only utf8.c includes it.
 * Generated, not to be edited: python3 contrib/unicode-table.py > src/base/unicode_table.h
 * An entry is the first code point of a run, times 16, plus its enum utf8_class; the run lasts
 * until the next entry.
 */

#include <stdint.h>

/* clang-format off */
static const uint32_t unicode_runs[] = {{""")
    words = [f"0x{code << 4 | kind:x}," for code, kind in steps]
    line = ""
    for word in words:
        if len(line) + len(word) + 1 > 88:
            print("\t" + line.rstrip())
            line = ""
        line += word + " "
    print("\t" + line.rstrip())
    print("};\n/* clang-format on */\n\n#endif")


if __name__ == "__main__":
    main()
