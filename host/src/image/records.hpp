// Which names of images paddock brought into engines: images.json of the state directory. Only
// what stands there is ever taken away again. A record is written before the engine is asked.
// [one thread; any number of processes]
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "os/lock.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::image {

struct Record {
  std::string backend;
  std::string reference;  ///< "NAME:TAG" or "NAME@sha256:..."; nothing led there before
  std::string how;        ///< "pulled", "built" or "imported"
  std::string id;         ///< empty: the work had not ended
  std::string made_at;    ///< RFC 3339
};

class Records {
 public:
  explicit Records(std::filesystem::path state) : state_(std::move(state)) {}

  /// Errors: kStateCorrupt, kSystem.
  Result<std::vector<Record>> load() const;
  Result<std::optional<Record>> find(const std::string& backend,
                                     const std::string& reference) const;
  /// Adds it, or takes the place of the one for that backend and reference.
  Result<void> put(const Record& record) const;
  /// Fine when there is none.
  Result<void> drop(const std::string& backend, const std::string& reference) const;

  /// Held while an engine brings something: a record without an id is then no dead process's.
  Result<os::FileLock> begin_work() const;
  /// Nothing while anybody works.
  Result<std::optional<os::FileLock>> when_idle() const;

 private:
  Result<void> replace(const std::string& backend,
                       const std::string& reference,
                       const Record* record) const;
  std::filesystem::path state_;
};

}  // namespace paddock::image
