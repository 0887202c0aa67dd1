// Replace what this does. The methods that you override are the ones that manifest.toml lists.
#include "paddock/sdk.hpp"

using namespace paddock::sdk;

class MyHardener final : public Hardener {
 public:
  // Once, first: your own table of the profile, already checked against manifest.toml.
  Result<void> configure(const Table& config) override {
    processes_ = config.integer("processes");
    return {};
  }

  // What you want of the plan. Paths, and how two wishes for one path meet: plugin-api/README.md.
  Result<Ops> adjust(const Plan&) override {
    return Ops{set("/resources/pids", processes_, "a build needs no more processes")};
  }

 private:
  std::int64_t processes_ = 0;
};

PADDOCK_EXPORT_HARDENER(MyHardener)
