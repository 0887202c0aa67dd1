#include "support/engine/locality.hpp"

#include <sys/stat.h>
#include <sys/utsname.h>

#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

Failure elsewhere(ErrorCode code, const Address& address, const std::string& why) {
  return fail(code,
              "the engine at '" + address.name() +
                  "' is not on this machine, where alone a sandbox can be proved: " + why,
              "name an engine of this machine, or run paddock on the engine's");
}

}  // namespace

Result<void> expect_local(Engine& engine) {
  const auto info = engine.info();
  if (!info) {
    return fail_as(info);
  }
  utsname here{};
  struct stat status {};
  if (::uname(&here) != 0 || info->kernel != here.release) {
    return elsewhere(ErrorCode::kBackendMissing, engine.address(),
                     "it runs on kernel '" + info->kernel + "', here is '" + here.release + "'");
  }
  if (info->data.empty() || ::stat(info->data.c_str(), &status) != 0) {
    return elsewhere(ErrorCode::kBackendMissing, engine.address(),
                     "its data are in '" + info->data + "', which is not here");
  }
  return {};
}

bool is_process_of(const std::string& id, pid_t pid) {
  const auto cgroups =
      support::read_small_file("/proc/" + std::to_string(pid) + "/cgroup").value_or("");
  return cgroups.find(id) != std::string::npos;
}

Result<void> expect_local_process(const Address& address, const std::string& id, pid_t pid) {
  return is_process_of(id, pid) ? Result<void>{}
                                : Result<void>(elsewhere(ErrorCode::kBackendRefused, address,
                                                         "process " + std::to_string(pid) +
                                                             " here is not the container's"));
}

}  // namespace paddock::engine
