#include "support/engine/image/ignore_list.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>

#include "support/host_root.hpp"
#include "support/small_file.hpp"

namespace paddock::engine {
namespace {

using Parts = std::span<const std::string>;

constexpr const char* kFiles[] = {".containerignore", ".dockerignore"};
constexpr std::string_view kBlanks = " \t\r";

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (const auto& part : std::filesystem::path(path).lexically_normal().relative_path()) {
    if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return parts;
}

bool matches(Parts pattern, Parts path) {
  if (pattern.empty()) {
    return true;  // of the path, or of a folder that it is in
  }
  if (pattern.front() == "**") {
    return matches(pattern.subspan(1), path) ||
           (!path.empty() && matches(pattern, path.subspan(1)));
  }
  return !path.empty() && ::fnmatch(pattern.front().c_str(), path.front().c_str(), 0) == 0 &&
         matches(pattern.subspan(1), path.subspan(1));
}

}  // namespace

IgnoreList::IgnoreList(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with('#')) {
      continue;
    }
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
    const bool takes_back = line.starts_with('!');
    auto parts = parts_of(std::string(line.substr(takes_back ? 1 : 0)));
    if (!parts.empty()) {
      patterns_.push_back({std::move(parts), takes_back});
    }
  }
}

Result<IgnoreList> IgnoreList::of(const std::string& context) {
  for (const char* name : kFiles) {
    const std::string file = context + "/" + name;
    if (const auto text = support::read_small_file(file)) {
      IgnoreList list(*text);
      list.keep(name);  // the engine leaves it out, where it has to
      return list;
    }
    if (errno != ENOENT) {
      return fail_errno(errno, "cannot read '" + file + "'");
    }
  }
  return IgnoreList();
}

bool IgnoreList::excludes(const std::string& path) const {
  if (std::find(kept_.begin(), kept_.end(), path) != kept_.end()) {
    return false;
  }
  const auto parts = parts_of(path);
  bool excluded = false;
  for (const Pattern& pattern : patterns_) {
    if (pattern.takes_back == excluded && matches(pattern.parts, parts)) {
      excluded = !pattern.takes_back;
    }
  }
  return excluded;
}

bool IgnoreList::excludes_all_of(const std::string& path) const {
  const bool keeps_some = std::any_of(kept_.begin(), kept_.end(), [&](const std::string& kept) {
    return support::is_within(kept, path);
  });
  return !path.empty() && !keeps_some && excludes(path) &&
         std::none_of(patterns_.begin(), patterns_.end(),
                      [](const Pattern& pattern) { return pattern.takes_back; });
}

}  // namespace paddock::engine
