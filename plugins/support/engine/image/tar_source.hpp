// A directory as a tar archive, made piece by piece while somebody reads: nothing of it is held
// whole. [one thread]
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "paddock/contract/result.hpp"
#include "support/engine/image/ignore_list.hpp"

namespace paddock::engine {

class TarSource {
 public:
  /// Of everything in `directory` on its own file system, but for what is `ignored`; links are not
  /// followed, sockets are left out, owners are numbers. Errors: kSystem.
  static Result<TarSource> open(const std::string& directory, IgnoreList ignored = {});
  TarSource(TarSource&&) noexcept;
  ~TarSource();

  /// One file more, after those of the directory.
  void append(std::string name, std::string content);

  /// The next piece, empty at the end. Errors: kSystem for what cannot be read.
  Result<std::string> next();

 private:
  struct State;
  explicit TarSource(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace paddock::engine
