// The option table as Markdown: the profile reference of the documentation.
#include <limits>

#include "base/text.hpp"
#include "base/units.hpp"
#include "profile/check_value.hpp"
#include "profile/core_options.hpp"
#include "profile/narrowing.hpp"
#include "profile/profile.hpp"

namespace paddock::profile {
namespace {

std::string quoted(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    out.push_back("`\"" + name + "\"`");
  }
  return join(out, ", ");
}

std::string range_of(const OptionSpec& option) {
  const auto shown = [&](std::int64_t number) {
    return option.type == OptionType::kSize ? format_size(static_cast<std::uint64_t>(number))
                                            : std::to_string(number);
  };
  constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
  std::string out;
  if (option.minimum && option.type != OptionType::kNumber) {
    out += ", at least " + shown(*option.minimum);
  }
  if (option.maximum && *option.maximum != kNoLimit) {
    out += ", at most " + shown(*option.maximum);
  }
  return out;
}

std::string takes(const OptionSpec& option) {
  if (!option.choices.empty()) {
    return (option.type == OptionType::kTexts ? "array of " : "") + quoted(option.choices);
  }
  return expected(option) + range_of(option);
}

std::string row(const OptionSpec& option) {
  const std::string fallback =
      option.default_value ? "`" + to_json(*option.default_value) + "`" : "";
  std::string doc = option.doc;
  for (std::size_t at = doc.find('|'); at != std::string::npos; at = doc.find('|', at + 2)) {
    doc.insert(at, "\\");
  }
  return "| `" + option.key + "` | " + takes(option) + " | " + fallback + " | " +
         std::string(rule_text(option.narrowing)) + " | " + doc + " |\n";
}

std::string section(const std::string& heading,
                    const std::string& doc,
                    const std::vector<OptionSpec>& options) {
  std::string out = "### " + heading + "\n\n" + doc + ".\n\n";
  if (!options.empty()) {
    out += "| key | takes | default | layers above | meaning |\n|---|---|---|---|---|\n";
    for (const OptionSpec& option : options) {
      out += row(option);
    }
    out += "\n";
  }
  return out;
}

}  // namespace

std::string reference(const Context& context) {
  std::string out;
  for (const TableSpec& table : core_tables()) {
    out += section(table.name.empty() ? "Top of the file" : "`[" + table.name + "]`", table.doc,
                   table.options);
    if (table.name == "workspace") {
      out += section("`[workspace.folders]`", folder_option().doc, {});
    }
  }
  out += section("`[[mounts]]`", mount_table().doc, mount_table().options);
  out += section("`[[hooks]]`", hook_table().doc, hook_table().options);
  out +=
      section("`[resolve]`",
              "settles a conflict of plugins: leaf of the plan = id of the plugin that wins", {});
  out += section("`[host.\"PATTERN\"]`",
                 "the same tables for one machine: a host name with `*` and `?`, `os:linux` or "
                 "`arch:x86_64`",
                 {});
  for (const auto& [id, options] : context.plugin_options) {
    if (!options.empty()) {
      out += section("`[hardener." + id + "]`", "keys of the plugin `" + id + "`", options);
    }
  }
  out += "### Variables\n\n| variable | value |\n|---|---|\n";
  for (const VariableSpec& variable : variables()) {
    out += "| `${" + variable.name + "}` | " + variable.doc + " |\n";
  }
  return out;
}

}  // namespace paddock::profile
