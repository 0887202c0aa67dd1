// Hand-over: the workload's first instruction.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "channel.hpp"
#include "leash.hpp"
#include "protocol.h"
#include "verbs.hpp"

namespace gate {
namespace {

char* words[PADDOCK_GATE_WORDS_MAX + 2];  // argv, null, environment, null
char path[PATH_MAX];

/// Since `hold`; words[0] is set then, too.
struct {
  bool as_init;
  const char* cwd;
  char** environment;
} held;

/// Reads COUNT {WORD} to `to`, null-terminated; the place after the null.
char** read_words(Fields& fields, char** to) {
  const long room = words + PADDOCK_GATE_WORDS_MAX - to;
  const long count = fields.number(0, room > 0 ? room : 0);
  for (long i = 0; i < count && !fields.bad; ++i) {
    *to++ = fields.text();
  }
  *to++ = nullptr;
  return to;
}

const char* search_path(char** environment) {
  for (; *environment != nullptr; ++environment) {
    if (strncmp(*environment, "PATH=", 5) == 0) {
      return *environment + 5;
    }
  }
  return "/usr/local/bin:/usr/bin:/bin";
}

/// `directory`/`name` in `path`; false when it does not fit.
bool join(const char* directory, size_t length, const char* name) {
  const size_t name_length = strlen(name);
  if (length + 1 + name_length + 1 > sizeof path) {
    return false;
  }
  memcpy(path, directory, length);
  path[length] = '/';
  memcpy(path + length + 1, name, name_length + 1);
  return true;
}

/// As execvp(3), but an unknown format is an error, not a shell script. Returns the errno.
int execute(char** argv, char** environment) {
  if (strchr(argv[0], '/') != nullptr) {
    execve(argv[0], argv, environment);
    return errno;
  }
  int error = ENOENT;
  for (const char* at = search_path(environment); *argv[0] != 0;) {
    const char* end = strchrnul(at, ':');
    if (end != at && join(at, static_cast<size_t>(end - at), argv[0])) {
      execve(path, argv, environment);
      if (errno == EACCES) {
        error = EACCES;
      } else if (errno != ENOENT && errno != ENOTDIR) {
        return errno;
      } else if (faccessat(AT_FDCWD, path, F_OK, 0) == 0) {
        return ENOENT;  // there, but its interpreter is not
      }
    }
    if (*end == 0) {
      break;
    }
    at = end + 1;
  }
  return error;
}

/// Whether the file that ENOENT was about exists: then it is the interpreter that does not.
bool exists(const char* command) {
  return faccessat(AT_FDCWD, strchr(command, '/') != nullptr ? command : path, F_OK, 0) == 0;
}

/// All of them: signal(3) of the C library keeps its hands off the two that it reserves, and a
/// launcher may have left even those ignored.
void reset_signals() {
  const unsigned long default_action[8] = {};  // struct sigaction of the kernel, all zero: SIG_DFL
  for (int number = 1; number < NSIG; ++number) {
    syscall(SYS_rt_sigaction, number, default_action, nullptr, sizeof(unsigned long));
  }
  const unsigned long none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, nullptr, sizeof none);
}

}  // namespace

void hold(Fields fields) {
  if (words[0] != nullptr) {
    die("hold comes twice", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  held.as_init = fields.word("exec", "init");
  held.cwd = fields.text();
  held.environment = read_words(fields, words);
  read_words(fields, held.environment);
  if (fields.bad || words[0] == nullptr || fields.at != fields.end) {
    die("hold is malformed", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  keep_frame();
  reply_text("{\"ok\":true}");
  reply_send();
}

void release(Fields fields) {
  if (words[0] == nullptr || fields.at != fields.end) {
    die("release is malformed", 0, PADDOCK_GATE_EXIT_FAILED);
  }
  if (held.as_init || leash() >= 0) {
    stay_as_init();
  }
  close_others();
  reset_signals();
  if (chdir(held.cwd) != 0) {
    die("cwd", errno, PADDOCK_GATE_EXIT_CANNOT_EXECUTE);
  }
  const int error = execute(words, held.environment);
  if (error == ENOENT && exists(words[0])) {
    die("interpreter", error, PADDOCK_GATE_EXIT_CANNOT_EXECUTE);
  }
  die("command", error,
      error == ENOENT || error == ENOTDIR ? PADDOCK_GATE_EXIT_NOT_FOUND
                                          : PADDOCK_GATE_EXIT_CANNOT_EXECUTE);
}

}  // namespace gate
