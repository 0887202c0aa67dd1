// A file that appears whole, under its name, or not at all. Written without a name where the file
// system can (open(2), O_TMPFILE), so that not even a killed program leaves half of one.
// [one thread]
#pragma once

#include <string>

#include "os/unique_fd.hpp"
#include "paddock/contract/result.hpp"

namespace paddock::os {

class NewFile {
 public:
  /// Mode 0600, empty, in the folder that `folder` is open on; that stays open as long as this.
  /// `name` is one name, not a path. Errors: kSystem.
  static Result<NewFile> create(int folder, std::string name);

  NewFile(NewFile&& other) noexcept = default;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();

  int fd() const { return fd_.get(); }

  /// Gives it its name; `replace`: whatever but a folder has it goes. Errors: kBadName when
  /// something has that name and may not be replaced, kSystem, also when the name is another
  /// file's at once after.
  Result<void> publish(bool replace);

 private:
  NewFile(int folder, std::string name, std::string temporary, UniqueFd fd);
  bool link_to(const std::string& name) const;
  bool is_at_name() const;

  int folder_;
  std::string name_;
  std::string temporary_;  ///< its name meanwhile; empty: it has none
  UniqueFd fd_;
};

/// Copies `size` bytes at most from the start of one file to another that is empty; holes stay
/// holes. A file that grows meanwhile is cut there. Errors: kSystem.
Result<void> copy_content(int from, int to, std::uint64_t size);

}  // namespace paddock::os
