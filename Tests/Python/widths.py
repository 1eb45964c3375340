"""Compares widths of characters, one `HEX WIDTH` a line on standard input, with those of Python's wcwidth; prints what differs.

Characters that Python's own Unicode tables do not know yet are passed over, as the tables differ in age."""

import sys
import unicodedata

import wcwidth

differences = []
compared = 0
for line in sys.stdin:
    code, width = line.split()
    code, width = int(code, 16), int(width)
    category = unicodedata.category(chr(code))
    if category in ("Cn", "Cc", "Cs", "Co"):
        continue
    compared += 1
    other = wcwidth.wcwidth(chr(code))
    if other != width:
        differences.append((code, category, width, other))
ranges = []
for code, category, width, other in differences:
    if ranges and ranges[-1][1] == code - 1 and ranges[-1][2:] == [category, width, other]:
        ranges[-1][1] = code
    else:
        ranges.append([code, code, category, width, other])
for first, last, category, width, other in ranges:
    print(f"{first:04X}-{last:04X} {category} {width} {other} {unicodedata.name(chr(first), '')}")
print(f"{compared} compared")
