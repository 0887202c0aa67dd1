// What the gate does for each verb (protocol.h).
#pragma once

#include "fields.hpp"

namespace gate {

void configure(Fields fields);
void probe(Fields fields);
void show(Fields fields);
void hold(Fields fields);
[[noreturn]] void release(Fields fields);

/// Whether `configure` made standard input the controlling terminal.
bool has_terminal();

/// Forks; returns in the child, which has a session and the terminal of its own. The parent
/// stays as init: forwards signals, reaps, and exits as the child does.
void stay_as_init();

}  // namespace gate
