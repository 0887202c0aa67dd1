#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.hpp"
#include "leash.hpp"
#include "protocol.h"
#include "pty.hpp"
#include "verbs.hpp"

namespace gate {
namespace {

bool terminal = false;

void set_umask(Fields& fields) {
  unsigned mask = 0;
  const char* octal = fields.text();
  fields.bad = fields.bad || *octal == 0;
  for (; *octal != 0; ++octal) {
    fields.bad = fields.bad || *octal < '0' || *octal > '7' || mask > 0777;
    mask = mask * 8 + static_cast<unsigned>(*octal - '0');
  }
  if (!fields.bad) {
    umask(mask & 0777);
  }
}

/// NUMBER:VALUE.
void set_rlimit(Fields& fields) {
  char* field = fields.text();
  char* colon = strchr(field, ':');
  if (colon == nullptr) {
    fields.bad = true;
    return;
  }
  *colon = 0;
  const long number = fields.parse(field, 0, 63);
  rlim_t value = fields.parse_unsigned(colon + 1);
  if (fields.bad) {
    return;
  }
  const auto which = static_cast<decltype(RLIMIT_NOFILE)>(number);
  rlimit limit{};
  if (getrlimit(which, &limit) == 0) {
    value = limit.rlim_max < value ? limit.rlim_max : value;
    limit = {value, value};
    if (setrlimit(which, &limit) == 0) {
      return;
    }
  }
  die("cannot set a resource limit", errno, PADDOCK_GATE_EXIT_FAILED);
}

void set_session(Fields& fields) {
  terminal = fields.word("new", "terminal");
  if (fields.bad) {
    return;
  }
  // A launcher may have made the session already.
  if (setsid() < 0 && getsid(0) != getpid()) {
    die("cannot make a session", errno, PADDOCK_GATE_EXIT_FAILED);
  }
  if (terminal && !(leash() >= 0 ? make_pty() : ioctl(0, TIOCSCTTY, 0) == 0)) {
    die("cannot take the terminal", errno, PADDOCK_GATE_EXIT_FAILED);
  }
}

}  // namespace

bool has_terminal() {
  return terminal;
}

void configure(Fields fields) {
  while (fields.at < fields.end && !fields.bad) {
    const char* key = fields.text();
    if (strcmp(key, "umask") == 0) {
      set_umask(fields);
    } else if (strcmp(key, "rlimit") == 0) {
      set_rlimit(fields);
    } else if (strcmp(key, "session") == 0) {
      set_session(fields);
    } else {
      fields.bad = true;
    }
  }
  if (fields.bad) {
    die("configure is malformed", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  reply_text("{\"ok\":true}");
  reply_send();
}

}  // namespace gate
