// Probes: sequences of raw system calls, so that no library stands between the trial and the
// kernel, and nothing is needed from the image.
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.hpp"
#include "protocol.h"
#include "verbs.hpp"

namespace gate {
namespace {

struct Call {
  long number;
  int count;
  long arguments[PADDOCK_GATE_ARGUMENTS_MAX];
  bool earlier[PADDOCK_GATE_ARGUMENTS_MAX];  ///< the argument is what that call returned
};

struct Outcome {
  long step = -1;
  long value = -1;
  long error = 0;
  long signal = 0;
};

alignas(16) char output[PADDOCK_GATE_OUTPUT_MAX];
// Written by a vfork child, read by its parent: they share memory until the child ends.
Outcome outcome;
bool may_have_opened;  ///< some call returned what could be a descriptor

void read_argument(Fields& fields, Call& call, int index, int step) {
  char* field = fields.text();
  long& argument = call.arguments[index];
  switch (*field) {
    case 'i':
      argument = fields.parse(field + 1, LONG_MIN, LONG_MAX);
      return;
    case 's':
      argument = reinterpret_cast<long>(field + 1);
      return;
    case 'x':
      argument = reinterpret_cast<long>(field + 1);
      fields.bad = fields.bad || decode_hex(field + 1) < 0;
      return;
    case 'o':
      argument = reinterpret_cast<long>(output);
      fields.parse(field + 1, 1, PADDOCK_GATE_OUTPUT_MAX);
      return;
    case 'r':
      argument = fields.parse(field + 1, 0, step - 1);
      call.earlier[index] = true;
      return;
    default:
      fields.bad = true;
  }
}

/// The pseudo call's length of bytes is what the hex field held: kept in its third argument.
void read_match(Fields& fields, Call& call) {
  call.arguments[0] = fields.parse(fields.text() + 1, 0, PADDOCK_GATE_OUTPUT_MAX);
  char* hex = fields.text();
  call.arguments[1] = reinterpret_cast<long>(hex + (*hex != 0));
  call.arguments[2] = *hex == 'x' ? decode_hex(hex + 1) : -1;
  fields.bad = fields.bad || call.count != 2 || call.arguments[2] < 0 ||
               call.arguments[2] > PADDOCK_GATE_OUTPUT_MAX - call.arguments[0];
}

void read_call(Fields& fields, Call& call, int step) {
  call = {};
  call.number = fields.number(PADDOCK_GATE_MATCH, INT_MAX);
  call.count = static_cast<int>(fields.number(0, PADDOCK_GATE_ARGUMENTS_MAX));
  if (call.number == PADDOCK_GATE_MATCH) {
    read_match(fields, call);
    return;
  }
  for (int i = 0; i < call.count && !fields.bad; ++i) {
    read_argument(fields, call, i, step);
  }
}

long make(const Call& call, const long* results) {
  long a[PADDOCK_GATE_ARGUMENTS_MAX];
  for (int i = 0; i < PADDOCK_GATE_ARGUMENTS_MAX; ++i) {
    a[i] = call.earlier[i] ? results[call.arguments[i]] : call.arguments[i];
  }
  if (call.number == PADDOCK_GATE_MATCH) {
    errno = EILSEQ;
    return memcmp(output + a[0], reinterpret_cast<const char*>(a[1]), static_cast<size_t>(a[2])) ==
                   0
               ? 0
               : -1;
  }
  return syscall(call.number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void run(const Call* calls, int count) {
  long results[PADDOCK_GATE_CALLS_MAX];
  memset(output, 0, sizeof output);
  for (int step = 0; step < count; ++step) {
    errno = 0;
    results[step] = make(calls[step], results);
    may_have_opened = may_have_opened || results[step] > 2;
    outcome.step = step;
    outcome.value = results[step];
    outcome.error = results[step] == -1 ? errno : 0;
    if (outcome.error != 0) {
      return;
    }
  }
}

/// Runs in a child that has its own credentials, limits and descriptors.
void run_isolated(const Call* calls, int count) {
  const pid_t child = vfork();
  if (child == 0) {
    run(calls, count);
    _exit(0);
  }
  if (child < 0) {
    outcome.error = errno;
    return;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void reply_outcome(bool first) {
  const long parts[] = {outcome.step, outcome.value, outcome.error, outcome.signal};
  reply_text(first ? "[" : ",[");
  for (int i = 0; i < 4; ++i) {
    reply_text(i == 0 ? "" : ",");
    reply_number(parts[i]);
  }
  reply_text("]");
}

void run_next(Fields& fields, bool first) {
  Call calls[PADDOCK_GATE_CALLS_MAX];
  const bool isolated = fields.word("inline", "isolated");
  const int count = static_cast<int>(fields.number(1, PADDOCK_GATE_CALLS_MAX));
  for (int i = 0; i < count && !fields.bad; ++i) {
    read_call(fields, calls[i], i);
  }
  if (fields.bad) {
    return;
  }
  outcome = {};
  may_have_opened = false;
  if (isolated) {
    run_isolated(calls, count);
  } else {
    run(calls, count);
    if (may_have_opened) {
      close_others();
    }
  }
  reply_outcome(first);
}

}  // namespace

void probe(Fields fields) {
  const long count = fields.number(0, 1000);
  reply_text("{\"results\":[");
  for (long i = 0; i < count && !fields.bad; ++i) {
    run_next(fields, i == 0);
  }
  if (fields.bad || fields.at != fields.end) {
    die("probe is malformed", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  reply_text("]}");
  reply_send();
}

}  // namespace gate
