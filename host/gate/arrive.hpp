// One more gate in a running sandbox whose kernel is not the host's (protocol.h, "arrive").
#pragma once

namespace gate {

/// Whether these are the words of `paddock-gate arrive`.
bool is_arrival(int argc, char** argv);

/// Takes the channel and the streams, and becomes the workload's user. The channel.
int arrive(char** argv);

}  // namespace gate
