#include "run/papers.hpp"

#include "os/file.hpp"
#include "proof/receipt.hpp"
#include "run/record.hpp"

namespace paddock::run {

Result<Papers> write_papers(const std::filesystem::path& directory, const plan::Planned& planned) {
  const std::string record = encode_record(planned.draft, planned.prepared, planned.probe);
  if (auto saved = os::write_atomic(directory / "launch.json", record, false); !saved) {
    return fail_as(saved);
  }
  return Papers{proof::leaves_json(planned.draft, planned.prepared)};
}

}  // namespace paddock::run
