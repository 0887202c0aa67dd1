// The gate's end of the channel.
#pragma once

#include "fields.hpp"

namespace gate {

/// Names the channel for the functions below, and makes it close-on-exec.
void open_channel(int fd);
int channel();

/// Blocks for one frame; its fields stay valid until the next. Ends the gate: silently when the
/// channel is closed, with an error object when the frame is malformed.
Fields read_frame();
/// The fields of the frame just read stay valid for good. At most once.
void keep_frame();

/// A reply under construction; at most 128 KiB, checked by the caller's own bounds.
void reply_text(const char* text);
void reply_number(long number);
void reply_send();

/// Sends {"error":text,"errno":number} and exits with `status`. `text` needs no escaping.
[[noreturn]] void die(const char* text, int number, int status);

/// Keeps `fd` from both of the below, and makes it close-on-exec; at most four.
void spare(int fd);
/// Closes every descriptor from 3 on but the channel and the spared ones.
void close_others();
/// Closes every descriptor but the spared ones.
void close_all();

}  // namespace gate
