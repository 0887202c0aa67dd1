// Whether an engine that is reached over TCP runs on this machine: nowhere else can the kernel's
// state of its containers be read, and so no sandbox be proved.
#pragma once

#include <sys/types.h>

#include <string>

#include "paddock/contract/result.hpp"
#include "support/engine/engine.hpp"

namespace paddock::engine {

/// Before anything is made: same kernel, and the engine's data are here. Errors: kBackendMissing.
Result<void> expect_local(Engine& engine);

/// Whether the kernel has process `pid` in a control group of the container `id`.
bool is_process_of(const std::string& id, pid_t pid);

/// The container `id` really is process `pid` of this machine. Errors: kBackendRefused.
Result<void> expect_local_process(const Address& address, const std::string& id, pid_t pid);

}  // namespace paddock::engine
