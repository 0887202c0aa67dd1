// Who may say what: the stage being merged loosens, grants or asks for something, and here it is
// allowed, written down, listed for an approval, or refused with both places. [one thread]
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "profile/lineage.hpp"
#include "profile/problems.hpp"
#include "profile/stage.hpp"

namespace paddock::profile {

class Rights {
 public:
  Rights(const Lineage& lineage, const Context& context, Problems& problems)
      : lineage_(lineage), context_(context), problems_(problems) {}

  /// From now on `stage` speaks. What the user's own profiles grant, a stranger's that extends
  /// them has to ask for.
  void enter(const Stage& stage);

  /// Whether the stage is shipped or the user's own, so that no other hand is in it.
  bool is_own() const;

  /// `value` loosens `held`, by default or in a layer below: written down where the stage has the
  /// right to it, else a problem with both places. `rule`: what may be done instead.
  bool widened(const std::string& path,
               const Node& value,
               const Node& held,
               bool by_default,
               std::string_view rule);

  /// Something that a stranger's profile may not say. `detail`, where the line does not show it
  /// all.
  bool asked(const Node& value, const std::string& what, const std::string& detail = {});
  /// The same, and whoever extends the profile has it too.
  bool granted(const Node& value, const std::string& what, const std::string& detail = {});

  /// The stage's own profile gives this; `root`, when it is a workspace, is the place of it.
  void add_power(const SourcePos& where, const std::string& what, const Node* root = nullptr);
  /// One line in the list of what was loosened.
  void write_down(const SourcePos& where, const std::string& change);

  std::vector<std::string> take_widenings() { return std::move(widenings_); }
  std::vector<Error> take_gains() { return std::move(gains_); }

 private:
  struct Power {
    std::size_t file;
    std::string what;
    const Node* root;  // of the workspace, when it is that
  };

  bool refused(Error error);
  void ask_for_powers();
  std::vector<std::string> powers_of(std::size_t file) const;
  bool is_near(const std::string& root) const;
  std::string remedy() const;
  std::string approving() const;

  const Lineage& lineage_;
  const Context& context_;
  Problems& problems_;
  const Stage* stage_ = nullptr;
  std::vector<Power> powers_;
  std::vector<std::string> widenings_;
  std::vector<Error> gains_;
};

}  // namespace paddock::profile
