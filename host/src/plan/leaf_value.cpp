#include "plan/leaf_value.hpp"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "os/proc.hpp"
#include "paddock/contract/enum_names.hpp"
#include "plan/mount_rules.hpp"

namespace paddock::plan {
namespace {

using contract::LeafRule;
using contract::Merge;
using Json = nlohmann::json;  // members sorted

constexpr std::string_view kRlimitPrefix = "/security/rlimits/";
constexpr std::string_view kEnvironmentPrefix = "/process/environment/";

bool is_set(Merge merge) {
  return merge == Merge::kSubset || merge == Merge::kSuperset;
}

bool is_text_array(const Json& value) {
  return value.is_array() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
}

bool is_octal(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && text->size() == 4 && text->front() == '0' &&
         text->find_first_not_of("01234567") == std::string::npos;
}

std::size_t rank(const LeafRule& rule, const Json& value) {
  const auto names = contract::strictest_first(rule);
  const auto* text = value.get_ptr<const std::string*>();
  return text == nullptr ? names.size()
                         : static_cast<std::size_t>(std::find(names.begin(), names.end(), *text) -
                                                    names.begin());
}

/// What a value of this rule must be, when `value` is not.
std::string_view type_problem(const LeafRule& rule, const Json& value) {
  switch (rule.merge) {
    case Merge::kTrue:
      return value.is_boolean() ? "" : "is not true or false";
    case Merge::kLess:
      return value.is_number_unsigned() ? "" : "is not an integer from 0 on";
    case Merge::kSubset:
    case Merge::kSuperset:
      return is_text_array(value) ? "" : "is not an array of strings";
    case Merge::kLattice:
      return rank(rule, value) < contract::strictest_first(rule).size()
                 ? ""
                 : "is not a value of this setting";
    case Merge::kMoreBits:
      return is_octal(value) ? "" : "is not four octal digits";
    case Merge::kExclusive:
    case Merge::kKeyed:
      return "";  // the plan's own decoder says
  }
  return "";
}

std::string path_problem(const Json& value) {
  for (const Json& item : value) {
    const auto& path = item.get_ref<const std::string&>();
    const bool plain = path.size() > 1 && path.front() == '/' && path.back() != '/' &&
                       path.find("/../") == std::string::npos && !path.ends_with("/..");
    if (!plain) {
      return "names '" + path + "', which is not an absolute path in plain form";
    }
  }
  return {};
}

std::string capability_problem(const Json& value) {
  for (const Json& item : value) {
    const auto& name = item.get_ref<const std::string&>();
    if (os::capability_number(name) < 0) {  // misspelt, it would silently keep nothing
      return "names '" + name + "', which is no capability";
    }
  }
  return {};
}

bool is_environment_name(std::string_view name) {
  return !name.empty() && name.find('=') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

/// What is wrong with the map key at the end of `pointer`.
std::string key_problem(std::string_view pointer) {
  const std::string key = contract::unescape_pointer(pointer.substr(pointer.rfind('/') + 1));
  if (pointer.starts_with(kRlimitPrefix) && os::rlimit_number(key) < 0) {
    return "names '" + key + "', which is no resource limit of the kernel";
  }
  if (pointer.starts_with(kEnvironmentPrefix) && !is_environment_name(key)) {
    return "has no name that an environment variable may have";
  }
  return {};
}

std::string meaning_problem(std::string_view pointer, const Json& value) {
  if (pointer == "/security/capabilities") {
    return capability_problem(value);
  }
  if (pointer.starts_with("/security/") && pointer.ends_with("_paths")) {
    return path_problem(value);
  }
  if (pointer.starts_with("/process/user/") && value == 0) {
    return "is root, and a sandbox never runs as root";
  }
  if (pointer == "/resources/cpus_milli" && value < kLeastCpusMilli) {
    return "is less than the kernel can limit to: " + std::to_string(kLeastCpusMilli);
  }
  if (pointer == "/process/cwd" && value.is_string()) {
    return path_problem(Json::array({value}));
  }
  return key_problem(pointer);
}

void normalise(const LeafRule& rule, Json& value) {
  if (is_set(rule.merge) && is_text_array(value)) {
    std::sort(value.begin(), value.end());
    value.erase(std::unique(value.begin(), value.end()), value.end());
  }
}

Json parse(std::string_view text) {
  return Json::parse(text, nullptr, false);
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json combine_sets(Merge merge, const Json& a, const Json& b) {
  Json out = Json::array();
  if (merge == Merge::kSubset) {
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  } else {
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  }
  return out;
}

Json more_bits(const Json& a, const Json& b) {
  std::string text = a.get<std::string>();
  const auto& other = b.get_ref<const std::string&>();
  for (std::size_t i = 0; i < text.size() && i < other.size(); ++i) {
    text[i] = static_cast<char>('0' + ((text[i] - '0') | (other[i] - '0')));
  }
  return text;
}

Json combine(const LeafRule& rule, const Json& a, const Json& b) {
  switch (rule.merge) {
    case Merge::kTrue:
      return a.get<bool>() || b.get<bool>();
    case Merge::kLess:
      return std::min(a.get<std::uint64_t>(), b.get<std::uint64_t>());
    case Merge::kLattice:
      return rank(rule, a) <= rank(rule, b) ? a : b;
    case Merge::kMoreBits:
      return more_bits(a, b);
    case Merge::kSubset:
    case Merge::kSuperset:
      return combine_sets(rule.merge, a, b);
    case Merge::kExclusive:
    case Merge::kKeyed:
      break;
  }
  return a;
}

}  // namespace

Result<std::string> check_value(const LeafRule& rule,
                                std::string_view pointer,
                                std::string_view json) {
  Json value = parse(json);
  if (value.is_discarded()) {
    return fail(ErrorCode::kBadOp, "is not JSON");
  }
  std::string problem{type_problem(rule, value)};
  if (problem.empty()) {
    problem = meaning_problem(pointer, value);
  }
  if (!problem.empty()) {
    return fail(ErrorCode::kBadOp, std::move(problem));
  }
  normalise(rule, value);
  return dump(value);
}

std::string normal_value(const LeafRule& rule, std::string_view json) {
  Json value = parse(json);
  normalise(rule, value);
  return dump(value);
}

bool is_narrow(Merge merge) {
  return merge != Merge::kExclusive && merge != Merge::kKeyed;
}

std::string narrow(const LeafRule& rule, std::string_view a, std::string_view b) {
  return dump(combine(rule, parse(a), parse(b)));
}

SetDifference compare_sets(std::string_view before, std::string_view after) {
  const Json old_set = parse(before);
  const Json new_set = parse(after);
  Json added = Json::array();
  Json removed = Json::array();
  std::set_difference(new_set.begin(), new_set.end(), old_set.begin(), old_set.end(),
                      std::back_inserter(added));
  std::set_difference(old_set.begin(), old_set.end(), new_set.begin(), new_set.end(),
                      std::back_inserter(removed));
  return {added.empty() ? "" : dump(added), removed.empty() ? "" : dump(removed)};
}

std::optional<contract::Mount> mount_value(std::string_view json) {
  const Json value = parse(json);
  if (!value.is_object()) {
    return std::nullopt;
  }
  contract::Mount mount;
  const auto* type = value.contains("type") ? value["type"].get_ptr<const std::string*>() : nullptr;
  const auto known =
      type == nullptr ? std::nullopt : contract::enum_from_name<contract::MountType>(*type);
  const auto text = [&](const char* key) {
    return value.contains(key) && value[key].is_string() ? value[key].get<std::string>() : "";
  };
  const auto flag = [&](const char* key) {
    return value.contains(key) && value[key].is_boolean() && value[key].get<bool>();
  };
  if (!known) {
    return std::nullopt;
  }
  mount.type = *known;
  mount.source = text("source");
  mount.read_only = flag("read_only");
  mount.executable = flag("executable");
  if (value.contains("size_bytes") && value["size_bytes"].is_number_unsigned()) {
    mount.size_bytes = value["size_bytes"].get<std::uint64_t>();
  }
  mount.purpose = text("purpose");
  if (value.contains("volume")) {
    mount.volume = text("volume");
  }
  return mount;
}

}  // namespace paddock::plan
