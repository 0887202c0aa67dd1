// What ties a gate that arrived in a sandbox to the host, where no process of the host's is the
// gate's and none of its signals gets there (protocol.h, "leash").
#pragma once

#include <signal.h>

namespace gate {

/// -1: none.
int leash();
void take_leash(int fd);

/// The next signal of `all`, all of which are blocked, or one that came by the leash, at whose end
/// it is SIGKILL. Meanwhile serves the terminal (pty.hpp). 0: none yet.
int next_signal(const sigset_t& all);

/// Tells the host the exit status.
void tell_end(int status);

/// Whether these are the words of `paddock-gate leash`.
bool is_leash(int argc, char** argv);

/// Stands for the gate at the other end; -1: without a terminal.
[[noreturn]] void hold_leash(int fd, int terminal);

}  // namespace gate
