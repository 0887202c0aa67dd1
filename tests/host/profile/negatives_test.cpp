// Thousands of profiles that are wrong in one way each: all refused, quickly, with a place.
#include <chrono>
#include <set>

#include "host/profile/world.hpp"
#include "profile/check.hpp"
#include "profile/core_options.hpp"
#include "profile/problems.hpp"
#include "profile/toml_document.hpp"
#include "support/catch.hpp"

namespace paddock::test {
namespace {

constexpr std::size_t kLeast = 2000;

// One value of each kind, and those that only look right.
const std::vector<std::string> kValues = {"true",
                                          "-1",
                                          "0",
                                          "1e99",
                                          "nan",
                                          "-inf",
                                          "1.5",
                                          "''",
                                          "'-1'",
                                          "'1e99'",
                                          "'\xef\xbc\x91'",
                                          "'x\xe2\x80\xae'",
                                          "\"\\u0000\"",
                                          "[]",
                                          "[1]",
                                          "[[]]",
                                          "['', 1]",
                                          "[{}]",
                                          "{}",
                                          "{ a = 1 }",
                                          "1979-05-27",
                                          "07:32:00"};

// Which of them a row takes; the rest are wrong.
bool takes(const OptionSpec& row, const std::string& value) {
  const auto is = [&](std::initializer_list<const char*> list) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  const bool in_range = !row.minimum || *row.minimum <= 0;
  switch (row.type) {
    case OptionType::kBoolean:
      return is({"true"});
    case OptionType::kInteger:
    case OptionType::kSize:
      return (is({"0"}) && in_range) || (is({"-1"}) && !row.minimum);
    case OptionType::kNumber:
      return is({"1.5"});
    case OptionType::kText:
      return is({"''", "'-1'", "'1e99'", "'\xef\xbc\x91'"}) && row.choices.empty();
    case OptionType::kTexts:
      return is({"[]"});
    case OptionType::kTextTable:
      return is({"{}"});
  }
  return false;
}

// Every spelling at one edit from `word`.
std::set<std::string> misspelt(const std::string& word) {
  std::set<std::string> out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    out.insert(word.substr(0, i) + word.substr(i + 1));
    out.insert(word.substr(0, i) + word[i] + word.substr(i));
    out.insert(word.substr(0, i) + "x" + word.substr(i));
  }
  out.erase("");
  return out;
}

class Negatives {
 public:
  Negatives(const World& world) : world_(world) {}  // NOLINT(google-explicit-constructor)

  void all() {
    for (const std::string prefix : {"", "host.'*'."}) {
      for (const profile::TableSpec& table : profile::core_tables()) {
        if (!table.name.empty() || prefix.empty()) {
          table_of(prefix + table.name + (table.name.empty() ? "" : "."), table.options);
        }
      }
      table_of(prefix + "hardener.baseline.", world_.context.plugin_options.at("baseline"));
    }
    lists();
    truncated();
  }

  std::size_t count() const { return count_; }

 private:
  void table_of(const std::string& prefix, const std::vector<OptionSpec>& options) {
    std::set<std::string> right;
    for (const OptionSpec& option : options) {
      right.insert(option.key);
    }
    for (const OptionSpec& option : options) {
      for (const std::string& value : kValues) {
        if (!takes(option, value)) {
          refuse(prefix + option.key + " = " + value);
        }
      }
      for (const std::string& word : misspelt(option.key)) {
        if (right.count(word) == 0) {
          refuse(prefix + word + " = 'x'");
        }
      }
    }
  }

  void lists() {
    for (const OptionSpec& option : profile::mount_table().options) {
      for (const std::string& value : kValues) {
        if (option.key != "target" && !takes(option, value)) {
          refuse("[[mounts]]\ntarget = '/x'\ntype = 'tmpfs'\n" +
                 (option.key == "type" ? "x = 1\n" : option.key + " = " + value));
        }
      }
    }
    for (const std::string& value : kValues) {
      for (const std::string key : {"mounts", "hooks"}) {
        if (value != "[]") {
          refuse(key + " = " + value);
        }
      }
      for (const std::string key : {"process", "hardener", "host", "resolve"}) {
        if (value != "{}") {
          refuse(key + " = " + value);
        }
      }
    }
  }

  // A whole profile cut off anywhere inside a value or header.
  void truncated() {
    const std::string whole =
        "[process]\ncommand = ['a', \"b\"]\n[resources]\nmemory = '1GiB'\n[[mounts]]\n"
        "target = '/x'\ntype = 'tmpfs'\n[hardener.baseline]\nkeep = [\n'CAP_CHOWN',\n]\n";
    for (std::size_t end = 1; end < whole.size(); ++end) {
      const char last = whole[end - 1];
      if (last == '=' || last == '[' || last == ',' || last == '\'' || last == '"') {
        const auto parsed = profile::parse_toml(whole.substr(0, end), "x.toml");
        count_ += parsed ? 0 : 1;
      }
    }
  }

  void refuse(const std::string& line) {
    const std::string text =
        (line.rfind("schema_version", 0) == 0 ? "" : "schema_version = 1\n") + line;
    const auto start = std::chrono::steady_clock::now();
    profile::Problems problems;
    problems.add_source("x.toml", text);
    auto root = profile::parse_toml(text, "x.toml");
    if (root) {
      profile::check_shape(*root, world_.context, profile::Shape::kFile, problems);
    } else {
      problems.add(std::move(root).error());
    }
    const auto took = std::chrono::steady_clock::now() - start;
    ++count_;
    if (problems.empty()) {
      FAIL_CHECK("accepted: " << line);
      return;
    }
    const Error error = problems.take().value();
    if (!error.where || error.where->line == 0 || error.where->column == 0 || error.what.empty() ||
        took > std::chrono::seconds(1)) {
      FAIL_CHECK("no place, or slow: " << line << ": " << error.what);
    }
  }

  const World& world_;
  std::size_t count_ = 0;
};

TEST_CASE("negatives: thousands of wrong profiles are refused with a place", "[profile][error]") {
  const World world;
  Negatives negatives(world);
  negatives.all();
  CHECK(negatives.count() >= kLeast);
}

}  // namespace
}  // namespace paddock::test
