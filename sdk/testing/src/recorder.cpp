#include "recorder.hpp"

namespace paddock::testing {

bool Report::passed() const {
  for (const Check& check : checks) {
    if (!check.passed) {
      return false;
    }
  }
  return true;
}

std::string Report::failures() const {
  std::string text;
  for (const Check& check : checks) {
    if (!check.passed) {
      text += check.name + ": " + check.text + "\n";
    }
  }
  return text;
}

const Check* Report::find(std::string_view id) const {
  for (const Check& check : checks) {
    if (check.name.starts_with(id)) {
      return &check;
    }
  }
  return nullptr;
}

Check& Recorder::check(std::string_view name) {
  for (Check& check : report_.checks) {
    if (check.name == name) {
      return check;
    }
  }
  report_.checks.push_back({std::string(name), true, false, {}});
  return report_.checks.back();
}

bool Recorder::expect(std::string_view name, bool holds, std::string violation) {
  Check& entry = check(name);
  entry.skipped = false;
  if (!holds && entry.passed) {
    entry.passed = false;
    entry.text = std::move(violation);
  }
  return holds;
}

void Recorder::skip(std::string_view name, std::string why) {
  Check& entry = check(name);
  if (entry.passed && entry.text.empty()) {
    entry.skipped = true;
    entry.text = std::move(why);
  }
}

}  // namespace paddock::testing
