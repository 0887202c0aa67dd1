#include "fields.hpp"

namespace gate {

unsigned long Fields::parse_unsigned(const char* field) {
  unsigned long value = 0;
  bad = bad || *field == 0;
  for (; *field != 0; ++field) {
    const auto digit = static_cast<unsigned long>(*field - '0');
    if (digit > 9 || __builtin_mul_overflow(value, 10UL, &value) ||
        __builtin_add_overflow(value, digit, &value)) {
      bad = true;
      return 0;
    }
  }
  return value;
}

long Fields::parse(const char* field, long low, long high) {
  const bool negative = *field == '-';
  const unsigned long magnitude = parse_unsigned(field + negative);
  const long value = static_cast<long>(negative ? 0 - magnitude : magnitude);
  if (bad || (value < 0) != (negative && magnitude != 0) || value < low || value > high) {
    bad = true;
    return 0;
  }
  return value;
}

const char* decimal(long number, char (&digits)[kDecimalSize]) {
  char* at = digits + kDecimalSize - 1;
  *at = 0;
  unsigned long rest =
      number < 0 ? 0 - static_cast<unsigned long>(number) : static_cast<unsigned long>(number);
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (number < 0) {
    *--at = '-';
  }
  return at;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

long decode_hex(char* hex) {
  long count = 0;
  for (const char* in = hex; *in != 0; in += 2) {
    const int high = hex_digit(in[0]);
    const int low = in[1] != 0 ? hex_digit(in[1]) : -1;
    if (high < 0 || low < 0) {
      return -1;
    }
    hex[count++] = static_cast<char>(high << 4 | low);
  }
  return count;
}

}  // namespace gate
