// bwrap's options. They travel through an inherited memfd (--args FD), so that nothing of a
// profile shows in the process list; content of made files through memfds too.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "layout.hpp"
#include "paddock/contract/result.hpp"
#include "support/unique_fd.hpp"

namespace paddock::bubblewrap {

class Arguments {
 public:
  void add(std::initializer_list<std::string_view> words);
  /// `flag` FD `target`, with a descriptor that bwrap inherits and closes.
  void add_fd(std::string_view flag, support::UniqueFd fd, std::string_view target = {});
  /// A file of mode 0444 in the root, with that content.
  void add_file(std::string_view target, std::string_view content);

  /// The options as a memfd at offset 0; the inherited descriptors stay with this object.
  Result<support::UniqueFd> as_memfd() const;
  const std::string& words() const { return words_; }  ///< NUL-terminated words
  std::vector<int> inherited() const;

 private:
  std::string words_;
  std::vector<support::UniqueFd> fds_;
  int error_ = 0;  ///< errno of the first memfd or open that failed
};

/// Everything but the descriptors of one launch: namespaces, capabilities, user, file system.
/// Errors: kBackendRefused, where a mount's source is not the one that the plan pins.
Result<Arguments> arguments_for(const contract::Plan& plan,
                                const Layout& layout,
                                const std::string& gate_path);

}  // namespace paddock::bubblewrap
