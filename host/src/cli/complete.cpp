#include "cli/complete.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "cli/help.hpp"
#include "cli/split.hpp"

namespace paddock::cli {
namespace {

bool begins(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

class Completer {
 public:
  Completer(const std::vector<Command>& table, const NameSource& names)
      : table_(table), names_(names) {}

  Completion run(std::vector<std::string> before, const std::string& current) {
    if (!before.empty()) {
      if (const Option* option = awaits_operand(before)) {
        add_kind(option->completes, current, "");
        return std::move(result_);
      }
    }
    const auto split = cli::split(before, table_);
    if (!split) {
      add_verbs(before, current);
      return std::move(result_);
    }
    if (split->command == nullptr) {
      begins(current, "-") ? complete_option(global_options(), current) : add_commands(current);
      return std::move(result_);
    }
    complete_command(*split, before, current);
    return std::move(result_);
  }

 private:
  void complete_command(const Split& split,
                        const std::vector<std::string>& before,
                        const std::string& current) {
    const Command& command = *split.command;
    const bool closed = std::find(before.begin(), before.end(), "--") != before.end();
    std::vector<std::string> typed;
    std::copy_if(split.words.begin(), split.words.end(), std::back_inserter(typed),
                 [](const std::string& word) { return !begins(word, "-"); });
    if (closed || !split.tail.empty()) {
      result_.files = true;
    } else if (begins(current, "-")) {
      complete_option(command.options, current);
      complete_option(global_options(), current);
    } else if (typed.size() < command.operands.size() ||
               (!command.operands.empty() && command.operands.back().repeated)) {
      const std::size_t next = std::min(typed.size(), command.operands.size() - 1);
      add_operand(command.operands[next], typed, current);
    } else {
      result_.files = command.takes_command();
    }
  }

  void add_operand(const Operand& operand,
                   const std::vector<std::string>& typed,
                   const std::string& current) {
    if (operand.completes == "help") {
      add_page_words(typed, current);
    } else {
      add_kind(operand.completes, current, "");
    }
  }

  /// The next word of each page's name that begins with what was typed: verbs after a noun.
  void add_page_words(const std::vector<std::string>& typed, const std::string& prefix) {
    const std::string stem = join(typed, " ") + (typed.empty() ? "" : " ");
    std::set<std::string> words;
    for (const std::string& page : help_words(table_)) {
      if (begins(page, stem)) {
        words.insert(page.substr(stem.size(), page.find(' ', stem.size()) - stem.size()));
      }
    }
    for (const std::string& word : words) {
      add(word, prefix);
    }
  }

  /// Its name, or its value after the equals sign.
  void complete_option(const std::vector<Option>& options, const std::string& current) {
    const auto equals = current.find('=');
    for (const Option& option : options) {
      if (equals == std::string::npos) {
        add("--" + option.name, current, option.help);
      } else if (begins(current, "--" + option.name + "=")) {
        add_kind(option.completes, current.substr(equals + 1), current.substr(0, equals + 1));
      }
    }
  }

  /// The option at the end of `before` whose operand is still to come.
  const Option* awaits_operand(std::vector<std::string> before) const {
    const std::string last = before.back();
    before.pop_back();
    const auto split = cli::split(before, table_);
    if (!split || !split->tail.empty() || !begins(last, "-") ||
        std::find(before.begin(), before.end(), "--") != before.end()) {
      return nullptr;
    }
    const auto matches = [&](const Option& option) {
      return !option.operand.empty() &&
             (last == "--" + option.name ||
              (option.letter != 0 && last == std::string("-") + option.letter));
    };
    static const std::vector<Option> none;
    for (const auto* options :
         {split->command == nullptr ? &none : &split->command->options, &global_options()}) {
      const auto found = std::find_if(options->begin(), options->end(), matches);
      if (found != options->end()) {
        return &*found;
      }
    }
    return nullptr;
  }

  void add(const std::string& word, const std::string& prefix, const std::string& help = {}) {
    if (begins(word, prefix)) {
      result_.candidates.push_back({word, help});
    }
  }

  void add_kind(const std::string& kind, const std::string& prefix, const std::string& lead) {
    if (kind == "file") {
      result_.files = true;
      return;
    }
    for (const std::string& name : kind.empty() ? std::vector<std::string>{} : names_(kind)) {
      if (begins(name, prefix)) {
        result_.candidates.push_back({lead + name, ""});
      }
    }
    // A profile may be a path as well.
    result_.files =
        kind == "profile" && (result_.candidates.empty() || prefix.find('/') != std::string::npos);
  }

  void add_commands(const std::string& prefix) {
    std::string last;
    for (const Command& command : table_) {
      const std::string word = command.name.substr(0, command.name.find(' '));
      if (!command.group.empty() && word != last) {
        add(word, prefix, word == command.name ? command.summary : "");
      }
      last = word;
    }
  }

  void add_verbs(const std::vector<std::string>& before, const std::string& prefix) {
    for (const Command& command : table_) {
      const auto space = command.name.find(' ');
      if (space != std::string::npos && !before.empty() &&
          before.back() == command.name.substr(0, space)) {
        add(command.name.substr(space + 1), prefix, command.summary);
      }
    }
  }

  const std::vector<Command>& table_;
  const NameSource& names_;
  Completion result_;
};

}  // namespace

Completion complete(const std::vector<std::string>& words,
                    const std::vector<Command>& table,
                    const NameSource& names) {
  const std::vector<std::string> line = words.empty() ? std::vector<std::string>{""} : words;
  return Completer(table, names).run({line.begin(), line.end() - 1}, line.back());
}

}  // namespace paddock::cli
