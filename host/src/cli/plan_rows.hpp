// A plan as rows, for the table and for JSON alike: each leaf with its history and what this
// machine's backend says of it.
#pragma once

#include <string>
#include <vector>

#include "plan/planner.hpp"

namespace paddock::cli {

/// What the backend says of one protection.
struct HereRow {
  std::string protection;
  bool supported = false;
  bool unenforced = false;  ///< best-effort, and let go
  std::string mechanism;    ///< by what; else the reason why not
  std::string evidence;     ///< what will be looked at before release
};

struct LeafRow {
  std::string pointer;
  std::string value;  ///< compact JSON; environment variables hidden
  std::string rule;   ///< "narrow: smaller wins"
  std::string meaning;
  std::vector<plan::Origin> origins;  ///< winner first
  std::string protection;             ///< empty: nothing to enforce
  HereRow here;
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
