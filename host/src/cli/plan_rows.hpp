// A plan as rows, for the table and for JSON alike: each leaf with its history and what this
// machine's backend says of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/planner.hpp"

namespace paddock::cli {

/// What the backend says of one leaf or protection.
struct HereRow {
  enum class Status : std::uint8_t {
    kUnsaid,     ///< nobody was asked
    kSupported,  ///< by the backend's `probe`
    kEnforced,   ///< by its answer to this leaf, as the next two
    kDelegated,
    kLetGo,      ///< best-effort, and not enforced
    kCannotHold  ///< the launch is refused
  };
  std::string protection;  ///< empty: a leaf that asks for none
  Status status = Status::kUnsaid;
  std::string mechanism;  ///< by what, or to whom; else the reason why not
  std::string evidence;   ///< what will be looked at before release
};
/// "supported", "enforced", "delegated", "unenforced", "unsupported"; "" for kUnsaid.
std::string_view status_name(HereRow::Status status);
/// Whether the backend takes it on.
bool takes_on(HereRow::Status status);

struct LeafRow {
  std::string pointer;
  std::string value;  ///< compact JSON; environment variables hidden
  std::string rule;   ///< "narrow: smaller wins"
  std::string meaning;
  std::vector<plan::Origin> origins;  ///< winner first
  HereRow here;                       ///< the answer to this leaf; without one, to its protection
};

/// The backend that the rows speak of: the chosen one, else the first that was refused.
struct Backend {
  std::string id;  ///< empty: none is installed
  const contract::ProbeReply* probe = nullptr;
};
Backend backend_of(const plan::Planned& planned);

std::vector<LeafRow> leaf_rows(const plan::Planned& planned);
/// Every required protection, then the unenforced ones.
std::vector<HereRow> here_rows(const plan::Planned& planned);

}  // namespace paddock::cli
