#include "cli/split.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "base/text.hpp"

namespace paddock::cli {

const std::vector<Option>& global_options() {
  static const std::vector<Option> options{
      {"help", 'h', "", "show help for paddock or for the command"},
      {"version", 'V', "", "show the version"},
      {"quiet", 'q', "", "show errors only"},
      {"verbose", 'v', "", "show each step; twice: each call", true},
      {"json", 0, "", "results as one JSON object, errors as one JSON line"},
      {"plain", 0, "", "results as tab-separated lines without header"},
      {"color", 0, "WHEN", "auto, always or never [auto]", false, "color"},
      {"yes", 'y', "", "answer every question with yes"},
      {"no-input", 0, "", "never ask; what needs an answer fails"},
  };
  return options;
}

namespace {

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
  return found == options.end() ? nullptr : &*found;
}

const Option* find_letter(const std::vector<Option>& options, char letter) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& o) { return o.letter == letter; });
  return found == options.end() ? nullptr : &*found;
}

class Splitter {
 public:
  Splitter(const std::vector<std::string>& words, const std::vector<Command>& table)
      : words_(words), table_(table) {}

  Result<Split> run() {
    for (; at_ < words_.size(); ++at_) {
      if (words_[at_] == "--") {
        take_tail(at_ + 1);
        break;
      }
      if (begins_command()) {
        take_tail(at_);
        break;
      }
      if (auto done = take_word(); !done) {
        return fail_as(done);
      }
    }
    if (split_.command == nullptr && !split_.noun.empty() && !has("help")) {
      return unknown_verb("");
    }
    return split_;
  }

  const Split& seen() const { return split_; }

 private:
  bool has(std::string_view global) const {
    return std::find(split_.globals.begin(), split_.globals.end(), global) != split_.globals.end();
  }

  bool is_option() const { return words_[at_].size() > 1 && words_[at_][0] == '-'; }

  /// run and exec: the first positional after their operands begins the command.
  bool begins_command() const {
    return split_.command != nullptr && split_.command->takes_command() && !is_option() &&
           operands_ >= split_.command->operands.size();
  }

  void take_tail(std::size_t from) {
    split_.tail.assign(words_.begin() + static_cast<std::ptrdiff_t>(from), words_.end());
    at_ = words_.size();
  }

  Result<void> take_word() {
    const std::string& word = words_[at_];
    if (is_option()) {
      return word.compare(0, 2, "--") == 0 ? take_long(word.substr(2)) : take_letters(word);
    }
    if (split_.command == nullptr) {
      return take_command_name(word);
    }
    split_.words.push_back(word);
    ++operands_;
    return {};
  }

  Result<void> take_long(const std::string& text) {
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const bool has_value = equals != std::string::npos;
    const Option* option = find_any(name);
    if (option == nullptr) {
      return unknown_option("--" + name, name);
    }
    if (has_value && option->operand.empty()) {
      return fail(ErrorCode::kUsage, "option '--" + name + "' takes no value");
    }
    return take_option(*option, has_value ? std::optional(text.substr(equals + 1)) : std::nullopt);
  }

  Result<void> take_letters(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Option* option = find_any(word[i]);
      if (option == nullptr) {
        return unknown_option(std::string("-") + word[i], {});
      }
      if (option->operand.empty()) {
        if (auto done = take_option(*option, std::nullopt); !done) {
          return done;
        }
        continue;
      }
      return take_option(*option,
                         i + 1 < word.size() ? std::optional(word.substr(i + 1)) : std::nullopt);
    }
    return {};
  }

  /// `value` is what was attached; an option with an operand otherwise takes the next word, which
  /// may not be `--`.
  Result<void> take_option(const Option& option, std::optional<std::string> value) {
    if (!option.operand.empty() && !value && at_ + 1 < words_.size() && words_[at_ + 1] != "--") {
      value = words_[++at_];
    }
    // Empty is what an unset variable of a script leaves: no option means anything by it.
    if (!option.operand.empty() && value.value_or("").empty()) {
      return fail(ErrorCode::kUsage, "option '--" + option.name + "' needs a value",
                  "write --" + option.name + " " + option.operand);
    }
    if (find_option(global_options(), option.name) != &option) {
      split_.words.push_back("--" + option.name + (value ? "=" + *value : ""));
    } else if (value) {
      split_.color = *value;
    } else {
      split_.globals.push_back(option.name);
    }
    return {};
  }

  template <typename Key>
  const Option* find_any(const Key& key) const {
    const auto look = [&](const std::vector<Option>& options) {
      if constexpr (std::is_same_v<Key, char>) {
        return find_letter(options, key);
      } else {
        return find_option(options, key);
      }
    };
    const Option* own = split_.command == nullptr ? nullptr : look(split_.command->options);
    return own != nullptr ? own : look(global_options());
  }

  Failure unknown_option(const std::string& shown, const std::string& name) const {
    std::vector<std::string> known;
    for (const Option& option : global_options()) {
      known.push_back(option.name);
    }
    std::string where = "paddock";
    if (split_.command != nullptr) {
      where += " " + split_.command->name;
      for (const Option& option : split_.command->options) {
        known.push_back(option.name);
      }
    }
    const auto near = nearest(name, known);
    return fail(ErrorCode::kUnknownOption, "unknown option '" + shown + "' for '" + where + "'",
                near ? "did you mean '--" + *near + "'?" : "see `" + where + " --help`");
  }

  Result<void> take_command_name(const std::string& word) {
    const std::string& noun = split_.noun;
    const std::string name = noun.empty() ? canonical_name(word) : noun + " " + word;
    for (const Command& command : table_) {
      if (command.name == name) {
        split_.command = &command;
        return {};
      }
    }
    if (noun.empty() && is_noun(word)) {
      split_.noun = word;
      return {};
    }
    return noun.empty() ? unknown_command(word) : unknown_verb(word);
  }

  bool is_noun(const std::string& word) const {
    return std::any_of(table_.begin(), table_.end(), [&](const Command& command) {
      return command.name.compare(0, word.size() + 1, word + " ") == 0;
    });
  }

  Failure unknown_command(const std::string& word) const {
    std::vector<std::string> known;
    for (const Command& command : table_) {
      if (!command.group.empty()) {  // else it is hidden
        known.push_back(command.name.substr(0, command.name.find(' ')));
      }
    }
    const auto near = nearest(word, known);
    return fail(ErrorCode::kUnknownCommand, "unknown command '" + printable(word) + "'",
                near ? "did you mean '" + *near + "'?" : "see `paddock --help`");
  }

  Failure unknown_verb(const std::string& word) const {
    std::vector<std::string> known;
    for (const Command& command : table_) {
      if (command.name.starts_with(split_.noun + " ")) {
        known.push_back(command.name.substr(split_.noun.size() + 1));
      }
    }
    return fail(ErrorCode::kUnknownCommand,
                word.empty() ? "'paddock " + split_.noun + "' needs a command after it"
                             : "unknown command '" + split_.noun + " " + printable(word) + "'",
                name_hint(word, known));
  }

  const std::vector<std::string>& words_;
  const std::vector<Command>& table_;
  Split split_;
  std::size_t at_ = 0;
  std::size_t operands_ = 0;
};

}  // namespace

std::string canonical_name(const std::string& name) {
  return name == "launch" ? "run" : name;
}

Result<Split> split(const std::vector<std::string>& words,
                    const std::vector<Command>& table,
                    Split* seen) {
  Splitter splitter(words, table);
  auto result = splitter.run();
  if (seen != nullptr) {
    *seen = splitter.seen();
  }
  return result;
}

}  // namespace paddock::cli
