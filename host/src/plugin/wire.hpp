// Frames between the host and a plugin's child process, over a stream socketpair: u32 length
// (little-endian), one byte of kind, the body; descriptors travel with the first byte.
// Both ends are this program, but a broken plugin shares the child's end: every length is checked.
// [one thread per end]
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::plugin {

enum class FrameKind : std::uint8_t {
  kLoad = 'L',     ///< host: id, manifest text; the library is descriptor kChildLibraryFd
  kCreate = 'C',   ///< host: config
  kCall = 'M',     ///< host: method, request; descriptors of its GateSpec
  kQuit = 'Q',     ///< host: destroy the instance and end
  kLog = 'l',      ///< child: level, json
  kOutcome = 'o',  ///< child: an Outcome
  kError = 'e',    ///< child: an Error as JSON; it could not load
};

inline constexpr int kChildSocketFd = 3;
inline constexpr int kChildLibraryFd = 4;
/// A socket of its own, heard while a call runs: the number of the call that should end, 8 bytes in
/// this machine's order. kCreate and kCall frames are counted from 1.
inline constexpr int kChildCancelFd = 5;
/// Larger frames are refused; a reply and its error object fit.
inline constexpr std::size_t kMaxFrameBytes = (4u << 20) + (1u << 20);
inline constexpr std::size_t kMaxFrameDescriptors = 4;

struct Frame {
  FrameKind kind = FrameKind::kQuit;
  std::string body;
  std::vector<os::UniqueFd> descriptors;
};

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

/// Waits until the other end has sent something, or has gone. Errors: kTimeout, kSystem.
Result<void> await_frame(int socket, Deadline deadline);

/// Sends one frame. Nothing of the other end's doing keeps it past the deadline. Errors: kTimeout,
/// kSystem (the other end is gone).
Result<void> send_frame(int socket,
                        FrameKind kind,
                        std::string_view body,
                        const std::vector<int>& descriptors,
                        Deadline deadline);

/// The next frame, by the deadline; nothing at the end of the stream. Errors: kTimeout, kSystem,
/// kPluginMisbehaved (a length out of range).
Result<std::optional<Frame>> receive_frame(int socket, Deadline deadline);

}  // namespace paddock::plugin
