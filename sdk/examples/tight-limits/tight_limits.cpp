// A hardener in one class: caps open files, hides host directories, refuses a writable /etc.
#include "paddock/sdk.hpp"

using namespace paddock::sdk;

class TightLimits final : public Hardener {
 public:
  Result<void> configure(const Table& config) override {
    open_files_ = config.integer("open_files");
    for (const Text& path : config.texts("hide")) {
      if (!path.value.starts_with('/')) {
        return paddock::fail_at(ErrorCode::kBadValue, path.where,
                                "'" + path.value + "' is not an absolute path");
      }
      hide_.push_back(path.value);
    }
    return {};
  }

  Result<Ops> adjust(const Plan&) override {
    return Ops{set("/security/rlimits/nofile", open_files_, "few open files are enough"),
               set("/security/hidden_paths", hide_, "not the workload's business")};
  }

  Result<void> review(const Plan& merged) override {
    const auto etc = merged.mounts.find("/etc");
    if (etc != merged.mounts.end() && !etc->second.read_only) {
      return paddock::fail(ErrorCode::kVetoed, "mount '/etc' is writable");
    }
    return {};
  }

 private:
  std::int64_t open_files_ = 0;
  std::vector<std::string> hide_;
};

PADDOCK_EXPORT_HARDENER(TightLimits)
