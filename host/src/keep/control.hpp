// What a client and the keeper of a sandbox say to one another: one JSON object a packet of a unix
// socket of type SOCK_SEQPACKET. [any thread]
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::keep {

enum class Verb : std::uint8_t {
  kAttach,    ///< with three descriptors: input from, output and error output to the client
  kTake,      ///< the same to a warm sandbox, which is to run a command for this client
  kEndInput,  ///< the client's input has ended: so has the workload's
  kResize,    ///< of the client's window
  kSignal,    ///< for the workload
};

/// From the client.
struct Request {
  Verb verb = Verb::kAttach;
  std::int64_t rows = 0, columns = 0;     ///< kAttach, kTake, kResize; 0: no window
  std::int64_t signal = 0;                ///< kSignal
  std::vector<std::string> command = {};  ///< kTake; empty: the profile's
  std::string term = {};                  ///< kTake: the client's TERM
};

/// From the keeper: a refusal, or at first how the sandbox is, and last how it ended.
struct Reply {
  std::string refused;  ///< why
  std::int64_t code =
      0;             ///< ErrorCode of a refusal after which the command may have run; 0: it has not
  std::string note;  ///< for the user, on the proof
  bool terminal = false;
  bool input = false;  ///< whether the workload has an input to attach to
  bool ended = false;
  std::optional<std::int32_t> exit_code;
  bool oom_killed = false;
};

std::string encode(const Request& request);
std::string encode(const Reply& reply);
/// Errors: kStateCorrupt for what is no such packet.
Result<Request> decode_request(std::string_view packet);
Result<Reply> decode_reply(std::string_view packet);

struct Packet {
  std::string text;  ///< empty: the other side is gone
  std::vector<os::UniqueFd> descriptors;
};

Result<void> send_packet(int socket,
                         std::string_view text,
                         const std::vector<int>& descriptors = {});
Result<Packet> receive_packet(int socket);

/// Listens at NAME in a directory that no other user gets into. Errors: kSystem.
Result<os::UniqueFd> listen_in(const std::filesystem::path& directory, const std::string& name);
/// Errors: kSystem, also when nobody listens.
Result<os::UniqueFd> connect_in(const std::filesystem::path& directory, const std::string& name);
/// The user at the other end; -1 when it is not known.
uid_t peer_user(int socket);

}  // namespace paddock::keep
