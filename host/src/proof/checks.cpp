#include "proof/checks.hpp"

#include "base/text.hpp"

namespace paddock::proof {

std::string limit_text(std::uint64_t value) {
  return value == UINT64_MAX ? "unlimited" : std::to_string(value);
}

void Checks::add(std::string_view subject,
                 std::string_view what,
                 std::string expected,
                 std::string seen,
                 bool holds) {
  list_.push_back({protection_, std::string(subject), "kernel", std::string(what),
                   std::move(expected), std::move(seen), holds, contract::Evidence::kObserved});
}

void Checks::word(std::string_view kind,
                  std::string_view subject,
                  std::string_view what,
                  std::string expected,
                  std::string seen,
                  bool holds) {
  list_.push_back({protection_, std::string(subject), std::string(kind), std::string(what),
                   std::move(expected), std::move(seen), holds, contract::Evidence::kReported});
}

void Checks::equal(std::string_view subject,
                   std::string_view what,
                   std::string expected,
                   std::string seen) {
  const bool holds = expected == seen;
  add(subject, what, std::move(expected), std::move(seen), holds);
}

void Checks::assume(std::string_view subject, std::string_view what, std::string why) {
  add(subject, what, "as at launch", std::move(why), true);
  list_.back().evidence = contract::Evidence::kAssumed;
}

void Checks::unread(std::string_view what, const Error& error) {
  add("", what, "readable", printable(error.what), false);
}

void Checks::none(std::string_view subject,
                  std::string_view what,
                  const std::vector<std::string>& things) {
  add(subject, what, "none", things.empty() ? "none" : join(things, ", "), things.empty());
}

}  // namespace paddock::proof
