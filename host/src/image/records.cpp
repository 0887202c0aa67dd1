#include "image/records.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "os/file.hpp"

namespace paddock::image {
namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "paddock.images/1";
constexpr const char* kWorkLock = "images.work";
constexpr std::size_t kLimit = 4 << 20;

Json encode(const Record& record) {
  return {{"backend", record.backend},
          {"reference", record.reference},
          {"how", record.how},
          {"id", record.id},
          {"made_at", record.made_at}};
}

Record decode(const Json& json) {
  return {json.at("backend").get<std::string>(), json.at("reference").get<std::string>(),
          json.at("how").get<std::string>(), json.at("id").get<std::string>(),
          json.at("made_at").get<std::string>()};
}

Result<std::vector<Record>> parse(const std::string& text, const std::filesystem::path& file) {
  std::vector<Record> records;
  try {
    const Json json = Json::parse(text);
    if (json.at("schema") == kSchema) {
      for (const Json& entry : json.at("images")) {
        records.push_back(decode(entry));
      }
      return records;
    }
  } catch (const Json::exception&) {  // said below
  }
  return fail(ErrorCode::kStateCorrupt, "'" + file.string() + "' is damaged",
              "remove it: paddock then takes no image for its own");
}

bool is_for(const Record& record, const std::string& backend, const std::string& reference) {
  return record.backend == backend && record.reference == reference;
}

}  // namespace

Result<std::vector<Record>> Records::load() const {
  const auto file = state_ / "images.json";
  std::error_code missing;
  if (!std::filesystem::exists(file, missing)) {
    return std::vector<Record>{};
  }
  if (auto ours = os::check_private_dir(state_); !ours) {
    return fail_as(ours);
  }
  const auto text = os::read_file(file, kLimit);
  return text ? parse(*text, file) : fail_as(text);
}

Result<std::optional<Record>> Records::find(const std::string& backend,
                                            const std::string& reference) const {
  const auto records = load();
  if (!records) {
    return fail_as(records);
  }
  const auto found = std::find_if(records->begin(), records->end(), [&](const Record& record) {
    return is_for(record, backend, reference);
  });
  return found == records->end() ? std::nullopt : std::optional(*found);
}

Result<void> Records::put(const Record& record) const {
  return replace(record.backend, record.reference, &record);
}

Result<void> Records::drop(const std::string& backend, const std::string& reference) const {
  return replace(backend, reference, nullptr);
}

Result<os::FileLock> Records::begin_work() const {
  const auto made = os::make_private_dir(state_);
  return made ? os::FileLock::share(state_ / kWorkLock) : fail_as(made);
}

Result<std::optional<os::FileLock>> Records::when_idle() const {
  return os::FileLock::try_acquire(state_ / kWorkLock);
}

Result<void> Records::replace(const std::string& backend,
                              const std::string& reference,
                              const Record* record) const {
  if (auto made = os::make_private_dir(state_); !made) {
    return made;
  }
  const auto lock = os::FileLock::acquire(state_ / "images.lock");
  auto records = lock ? load() : fail_as(lock);
  if (!records) {
    return fail_as(records);
  }
  records->erase(std::remove_if(records->begin(), records->end(),
                                [&](const Record& one) { return is_for(one, backend, reference); }),
                 records->end());
  Json images = Json::array();
  for (const Record& one : *records) {
    images.push_back(encode(one));
  }
  if (record != nullptr) {
    images.push_back(encode(*record));
  }
  const Json json = {{"schema", kSchema}, {"images", std::move(images)}};
  return os::write_atomic(state_ / "images.json", json.dump(2) + "\n");
}

}  // namespace paddock::image
