#include "image/settle.hpp"

#include "base/when.hpp"
#include "image/engine_images.hpp"

namespace paddock::image {
namespace {

using Clock = std::chrono::system_clock;

/// An engine may go on for so long with what it was given before.
constexpr std::chrono::minutes kPatience{10};

bool may_come_yet(const Record& record) {
  const auto made_at = parse_when(record.made_at, Clock::now());
  return record.id.empty() && made_at && Clock::now() - *made_at < kPatience;
}

/// True where the record says what is there already, or it is too early to tell.
Result<bool> settle_one(const Record& record,
                        const std::optional<contract::Image>& found,
                        const Records& records) {
  if (found ? !record.id.empty() : may_come_yet(record)) {
    return true;
  }
  Record now = record;
  now.id = found ? found->id : "";
  const auto written = found ? records.put(now) : records.drop(record.backend, record.reference);
  return written ? Result<bool>(false) : fail_as(written);
}

}  // namespace

Result<std::vector<Settled>> settle(plugin::Instance& backend, const Records& records) {
  std::vector<Settled> settled;
  const auto idle = records.when_idle();
  const auto all = idle && *idle ? records.load() : Result<std::vector<Record>>({});
  if (!idle || !all) {
    return idle ? fail_as(all) : fail_as(idle);
  }
  for (const Record& record : *all) {
    if (record.backend != backend.manifest().id) {
      continue;
    }
    const auto found = find(backend, record.reference);
    const auto sound = found ? settle_one(record, *found, records) : fail_as(found);
    if (!sound) {
      return fail_as(sound);
    }
    if (!*sound) {
      settled.push_back({record.backend, record.reference, found->has_value()});
    }
  }
  return settled;
}

}  // namespace paddock::image
