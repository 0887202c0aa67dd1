// The OCI runtimes that an engine knows, and what each puts between a workload and the host's
// kernel. A name is a claim: what it gives, the proof finds out on the running sandbox.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paddock/contract/plan.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::engine {

struct Runtime {
  std::string name;     ///< as the engine is asked for it: "runsc"
  std::string program;  ///< path or name; empty: the engine does not tell
};

struct Runtimes {
  std::vector<Runtime> known;  ///< by name
  std::string standard;        ///< the engine's own choice
  std::string remedy = {};     ///< what to do where none of them has a kernel of its own
};

/// What GET /info tells; `info` is its body.
Runtimes read_runtimes(std::string_view info);

/// What a runtime of that name and program should give. Of the two the program decides, where it
/// says anything; a stranger gives the least.
contract::Isolation level_of(const Runtime& runtime);

/// The highest level of all that the proof can tell from a lower one.
contract::Isolation best_of(const Runtimes& runtimes);

/// The one to ask for: the engine's own choice where that gives `least`, else the lowest level that
/// does. Without a name where the engine told none: it has one. Errors: kUnsupported, with the
/// remedy.
Result<Runtime> choose_runtime(const Runtimes& runtimes, contract::Isolation least);

/// Where none was asked for: the engine's own choice, by its word on a container, leaves that the
/// host's kernel, for which everything was made ready. Errors: kUnsupported.
Result<void> expect_shared_kernel(std::string_view inspected);

/// What to do for more than best_of(); empty: there is no more.
std::string remedy_for_more(const Runtimes& runtimes);

/// By what each level is given here, for people: "namespaces (runc); gVisor's kernel (runsc)".
std::string levels_text(const Runtimes& runtimes);

}  // namespace paddock::engine
