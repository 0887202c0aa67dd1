#include "image/provide.hpp"

#include <ctime>

#include "base/when.hpp"

namespace paddock::image {
namespace {

/// Writes down, before and after, that a name is paddock's doing. One that somebody else had put
/// there stays theirs.
template <typename Work>
Result<contract::Image> recorded(plugin::Instance& backend,
                                 const std::string& reference,
                                 const char* how,
                                 const Records& records,
                                 Work work) {
  const std::string& id = backend.manifest().id;
  const auto working = records.begin_work();
  if (!working) {
    return fail_as(working);
  }
  const auto before = find(backend, reference);
  const auto known = before ? records.find(id, reference) : fail_as(before);
  if (!known) {
    return fail_as(known);
  }
  const bool ours = !*before || *known;
  Record record{id, reference, how, "", when_text(std::time(nullptr))};
  if (auto written = ours ? records.put(record) : Result<void>{}; !written) {
    return fail_as(written);
  }
  auto image = work();
  if (!ours) {
    return image;
  }
  if (!image) {
    // What it was before, as far as the engine can still be asked.
    const auto after = find(backend, reference);
    const auto undone = !after    ? Result<void>{}
                        : !*after ? records.drop(id, reference)
                        : *known  ? records.put(**known)
                                  : Result<void>{};
    return undone ? image : fail_as(undone);
  }
  record.id = image->id;
  const auto written = records.put(record);
  return written ? std::move(image) : Result<contract::Image>(fail_as(written));
}

}  // namespace

Result<contract::Image> bring(plugin::Instance& backend,
                              const Order& order,
                              const Records& records,
                              const Watch& watch) {
  const Reference& reference = order.wanted.reference;
  if (!order.containerfile.empty()) {
    return recorded(backend, reference.tagged(), "built", records, [&] {
      return build(backend, order.wanted, order.containerfile, order.context, watch);
    });
  }
  return recorded(backend, reference.text(), "pulled", records,
                  [&] { return pull(backend, order.wanted, watch); });
}

Result<contract::Image> bring_import(plugin::Instance& backend,
                                     const Reference& reference,
                                     const std::string& source,
                                     const Records& records,
                                     const Watch& watch) {
  return recorded(backend, reference.tagged(), "imported", records,
                  [&] { return import(backend, reference, source, watch); });
}

Result<contract::Image> provide(plugin::Instance& backend,
                                const Order& order,
                                const Records& records,
                                const Watch& watch) {
  if (order.pull != Pull::kAlways) {
    const auto found = find_wanted(backend, order.wanted);
    if (!found) {
      return fail_as(found);
    }
    if (*found) {
      return **found;
    }
  }
  if (order.pull == Pull::kNever) {
    return fail(ErrorCode::kImage,
                "image '" + order.wanted.reference.text() +
                    "' is not in the engine, and the profile says never to bring it",
                "`paddock image pull` or `paddock image build` brings it by your own word");
  }
  return bring(backend, order, records, watch);
}

Result<void> take_away(plugin::Instance& backend,
                       const std::string& reference,
                       const Records& records) {
  const std::string& id = backend.manifest().id;
  const auto record = records.find(id, reference);
  if (!record) {
    return fail_as(record);
  }
  if (!*record) {
    return fail(
        ErrorCode::kImage,
        "image '" + reference + "' of '" + id + "' is not paddock's: it did not bring it",
        "`paddock image list` shows what it brought; the engine's own command removes others");
  }
  const auto found = find(backend, reference);
  if (!found) {
    return fail_as(found);
  }
  if (*found) {
    if (!(*record)->id.empty() && (*found)->id != (*record)->id) {
      return fail(ErrorCode::kImage, "image '" + reference + "' of '" + id +
                                         "' is not paddock's any more: somebody replaced it");
    }
    if (auto removed = remove(backend, reference, (*found)->id); !removed) {
      return removed;
    }
  }
  return records.drop(id, reference);
}

}  // namespace paddock::image
