// One more gate in a running sandbox (protocol.h, "enter").
#pragma once

namespace gate {

/// Whether these are the words of `paddock-gate enter`.
bool is_entry(int argc, char** argv);

/// Enters and ends, by those words; the gate inside is a new child of this process's parent.
[[noreturn]] void enter(char** argv);

}  // namespace gate
