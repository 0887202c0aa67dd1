// Giving privileges up for good. capabilities(7).
#pragma once

namespace gate {

/// no_new_privs, and `kept` (bit N: capability N) in all five sets, nothing else; false with
/// errno set. Needs CAP_SETPCAP in this user namespace. Another `user` than 0 is become, with no
/// supplementary group; only an empty `kept` goes with one.
bool keep_only(unsigned long kept, unsigned user, unsigned group);

}  // namespace gate
