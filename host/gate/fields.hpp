// Reading the fields of a frame in place.
#pragma once

#include <stddef.h>
#include <string.h>

namespace gate {

/// Walks NUL-terminated fields. After a read past the end or a bad number `bad` stays set.
struct Fields {
  char* at;
  char* end;
  bool bad = false;

  /// The next field, or "" past the end.
  char* text() {
    static char empty[1];
    if (at >= end) {
      bad = true;
      *empty = 0;
      return empty;
    }
    char* field = at;
    at += strlen(field) + 1;
    return field;
  }

  /// The next field as a decimal number from `low` to `high`.
  long number(long low, long high) { return parse(text(), low, high); }

  /// One of two words: false for the first, true for the second.
  bool word(const char* first, const char* second) {
    const char* field = text();
    const bool is_second = strcmp(field, second) == 0;
    bad = bad || (!is_second && strcmp(field, first) != 0);
    return is_second;
  }

  long parse(const char* field, long low, long high);
  unsigned long parse_unsigned(const char* field);
};

constexpr int kDecimalSize = 24;  ///< enough for any number and its NUL

/// `number` as text, somewhere in `digits`.
const char* decimal(long number, char (&digits)[kDecimalSize]);

/// Decodes hex in place; the number of bytes, or -1.
long decode_hex(char* hex);

}  // namespace gate
