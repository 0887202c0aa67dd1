// paddock-gate: a sandbox's first process until it is released. It holds no privilege, needs
// nothing from the image, and stays readable through /proc, by which the host proves it.
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arrive.hpp"
#include "channel.hpp"
#include "connect.hpp"
#include "enter.hpp"
#include "leash.hpp"
#include "protocol.h"
#include "verbs.hpp"

namespace {

/// A descriptor's number, or -1.
int descriptor_number(const char* text) {
  gate::Fields reader{nullptr, nullptr};
  const long number = reader.parse(text, 3, INT_MAX);
  return reader.bad ? -1 : static_cast<int>(number);
}

bool is_socket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

void usage() {
  constexpr char kText[] =
      "usage: paddock-gate CHANNEL [STDERR]\n"
      "       paddock-gate connect SOCKET [leash]\n"
      "paddock starts this helper in a sandbox; CHANNEL is an inherited socket, 3 or higher\n";
  [[maybe_unused]] const ssize_t ignored = write(2, kText, sizeof kText - 1);
}

void say_hello() {
  gate::reply_text("{\"gate\":\"" PADDOCK_GATE_VERSION "\",\"pid\":");
  gate::reply_number(getpid());
  gate::reply_text("}");
  gate::reply_send();
}

void serve() {
  gate::Fields fields = gate::read_frame();
  const char* verb = fields.text();
  if (strcmp(verb, "probe") == 0) {
    gate::probe(fields);
  } else if (strcmp(verb, "show") == 0) {
    gate::show(fields);
  } else if (strcmp(verb, "configure") == 0) {
    gate::configure(fields);
  } else if (strcmp(verb, "hold") == 0) {
    gate::hold(fields);
  } else if (strcmp(verb, "release") == 0) {
    gate::release(fields);
  } else {
    gate::die("an unknown verb", 0, PADDOCK_GATE_EXIT_FAILED);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (gate::is_entry(argc, argv)) {
    gate::enter(argv);
  }
  if (gate::is_leash(argc, argv)) {
    gate::hold_leash(descriptor_number(argv[2]), argc == 4 ? descriptor_number(argv[3]) : -1);
  }
  const bool arrives = gate::is_arrival(argc, argv);
  const bool keeps = argc == 4 && strcmp(argv[3], "leash") == 0;
  const bool connects = (argc == 3 || keeps) && strcmp(argv[1], "connect") == 0;
  const int fd = arrives                  ? gate::arrive(argv)
                 : connects               ? gate::take_channel(argv[2], keeps)
                 : argc == 2 || argc == 3 ? descriptor_number(argv[1])
                                          : -1;
  if (fd < 0 || !is_socket(fd)) {
    usage();
    return PADDOCK_GATE_EXIT_FAILED;
  }
  // A launcher that keeps its own complaints apart hands the real standard error over like this.
  if (argc == 3 && !connects && dup2(descriptor_number(argv[2]), 2) < 0) {
    usage();
    return PADDOCK_GATE_EXIT_FAILED;
  }
  gate::open_channel(fd);
  gate::close_others();  // whatever a launcher leaked is gone before anybody asks
  say_hello();
  for (;;) {
    serve();
  }
}
