// Thousands of profiles that are wrong in one way each: all refused, quickly, with the code of what
// is wrong and a place on the key or value that is.
#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "base/render.hpp"
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

using Codes = std::set<ErrorCode>;

// Where an error must lie: on this many bytes from a column on, in a line.
struct Span {
  std::size_t line, column, length;
};

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
    wrong_tables();
    lists();
    names();
    for (const profile::TableSpec& table : profile::core_tables()) {
      for (const OptionSpec& option : table.options) {
        syntax(table.name, option.key);
      }
    }
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
          refuse_value(prefix + option.key, value);
        }
      }
      for (const std::string& word : misspelt(option.key)) {
        if (right.count(word) == 0) {
          refuse_key(prefix, word);
        }
      }
      refuse_twice(prefix + option.key);
    }
  }

  // Every key in every table that has none of its name.
  void wrong_tables() {
    for (const profile::TableSpec& from : profile::core_tables()) {
      for (const OptionSpec& option : from.options) {
        for (const profile::TableSpec& into : profile::core_tables()) {
          if (!has(into, option.key)) {
            refuse_key(into.name.empty() ? "" : into.name + ".", option.key);
          }
        }
      }
    }
  }

  // Whether `key` may stand in this table, as an option or as the name of a table in it.
  static bool has(const profile::TableSpec& table, const std::string& key) {
    const auto is_key = [&](const OptionSpec& option) { return option.key == key; };
    const std::string path = table.name.empty() ? key : table.name + "." + key;
    return std::any_of(table.options.begin(), table.options.end(), is_key) ||
           std::any_of(profile::core_tables().begin(), profile::core_tables().end(),
                       [&](const profile::TableSpec& other) { return other.name == path; });
  }

  void refuse_value(const std::string& key, const std::string& value) {
    refuse(key + " = " + value,
           {ErrorCode::kWrongType, ErrorCode::kBadValue, ErrorCode::kBadName,
            ErrorCode::kSchemaVersion},
           Span{key == "schema_version" ? 1U : 2U, key.size() + 4, value.size()});
  }

  void refuse_key(const std::string& prefix, const std::string& key) {
    refuse(prefix + key + " = 'x'", {ErrorCode::kUnknownKey},
           Span{2, prefix.size() + 1, key.size()});
  }

  // No TOML, by its own rules.
  void refuse_twice(const std::string& key) {
    const std::string line = key + " = 1";
    refuse(line + "\n" + line, {ErrorCode::kTomlSyntax},
           Span{key == "schema_version" ? 2U : 3U, 1, line.size()});
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

  // What stands for a name: of a folder, a variable, a plugin, a profile, a machine.
  void names() {
    for (const std::string name : {"../x",
                                   "-v",
                                   "--privileged",
                                   "$(id)",
                                   "a\\nb",
                                   "a b",
                                   ".git",
                                   "..",
                                   "a..b",
                                   "a/b",
                                   "",
                                   "a\\u0000",
                                   "\\u202ea",
                                   "a\\u200b",
                                   "\\ufeffa",
                                   "p\\u0430ddock",
                                   "\\uff11",
                                   "A=B",
                                   "https://example.org/x",
                                   "x;y",
                                   "a\\tb",
                                   "%n",
                                   "~",
                                   "*"}) {
      const std::string quoted = "\"" + name + "\"";
      refuse("workspace.folders." + quoted + " = 'rw'");
      refuse("process.env." + quoted + " = 'x'");
      refuse("hardener." + quoted + ".keep = []");
      refuse("hooks = [{ id = " + quoted + ", phase = 'before-launch' }]");
      refuse("resolve." + quoted + " = 'baseline'");
      refuse("resolve.'/process/umask' = " + quoted);
      refuse("extends = [" + quoted + "]");
      refuse("name = " + quoted);
      refuse("backend.prefer = [" + quoted + "]");
      refuse("process.hostname = " + quoted);
      refuse(quoted + " = 1");
      refuse("[" + quoted + "]");
    }
    for (const std::string name :
         {"", "a b", "a/b", "$(id)", "os:", "arch:", "os:a b", "a\\u0000"}) {
      refuse("host.\"" + name + "\".network.mode = 'none'");
    }
  }

  // What is no TOML, around one key that is known.
  void syntax(const std::string& table, const std::string& key) {
    const std::string head = table.empty() ? "" : "[" + table + "]\n";
    for (const std::string rest : {"",
                                   " =",
                                   " = =",
                                   " 1",
                                   " == 1",
                                   " = \n1",
                                   " = 1 1",
                                   " = 1,",
                                   " = 1;",
                                   " = '",
                                   " = \"",
                                   " = 'a' 'b'",
                                   " = \"\\q\"",
                                   " = \"\\u12\"",
                                   " = \"\\ud800\"",
                                   " = '''a",
                                   " = \"\"\"a",
                                   " = 01",
                                   " = 1__0",
                                   " = 0x",
                                   " = 1.",
                                   " = .5",
                                   " = 1e",
                                   " = +-1",
                                   " = True",
                                   " = yes",
                                   " = null",
                                   " = [",
                                   " = [1",
                                   " = [1 2]",
                                   " = [,]",
                                   " = ]",
                                   " = {",
                                   " = { a = 1, }",
                                   " = { a }",
                                   " = }",
                                   " = 'a\nb'",
                                   " = \"a\x01\"",
                                   " = \xff",
                                   " = '\xc3'",
                                   " = 1 // one",
                                   " : 1",
                                   " = 2021-13-01",
                                   ". = 1",
                                   ".. = 1",
                                   " x = 1"}) {
      refuse(head + key + rest);
    }
    if (!table.empty()) {
      for (const std::string& broken : std::vector<std::string>{
               "[" + table, table + "]", "[" + table + "]]", "[[" + table + "]", "[" + table + ".]",
               "[." + table + "]", "[" + table + "] x = 1", head + head,
               head + "[[" + table + "]]"}) {
        refuse(broken);
      }
    }
  }

  void refuse(const std::string& line,
              const Codes& codes = {},
              const std::optional<Span>& span = std::nullopt) {
    const std::string text =
        (line.rfind("schema_version ", 0) == 0 ? "" : "schema_version = 1\n") + line;
    const auto start = std::chrono::steady_clock::now();
    const std::optional<Error> error = first_error(text);
    const auto took = std::chrono::steady_clock::now() - start;
    ++count_;
    if (!error) {
      FAIL_CHECK("accepted: " << line);
      return;
    }
    INFO(line << ": " << code_text(error->code) << ": " << error->what);
    if (!error->where || error->where->line == 0 || error->where->column == 0 ||
        error->what.empty() || took > std::chrono::seconds(1)) {
      FAIL_CHECK("no place, or slow");
    } else if (!codes.empty() && codes.count(error->code) == 0) {
      FAIL_CHECK("another code was expected");
    } else if (span && (error->where->line != span->line || error->where->column < span->column ||
                        error->where->column >= span->column + span->length)) {
      FAIL_CHECK("at " << error->where->line << ":" << error->where->column << ", not at "
                       << span->line << ":" << span->column);
    }
  }

  std::optional<Error> first_error(const std::string& text) const {
    profile::Problems problems;
    problems.add_source("x.toml", text);
    auto root = profile::parse_toml(text, "x.toml");
    if (root) {
      profile::check_shape(*root, world_.context, profile::Shape::kFile, problems);
    } else {
      problems.add(std::move(root).error());
    }
    return problems.empty() ? std::nullopt : std::optional<Error>(problems.take().value());
  }

  const World& world_;
  std::size_t count_ = 0;
};

TEST_CASE("negatives: thousands of wrong profiles are refused with a place (PR05)",
          "[profile][error]") {
  const World world;
  Negatives negatives(world);
  negatives.all();
  CHECK(negatives.count() >= kLeast);
  WARN(negatives.count() << " wrong profiles were refused");
}

}  // namespace
}  // namespace paddock::test
