#include "paddock/contract/json_value.hpp"

#include <charconv>

#include "encode.hpp"

namespace paddock::contract {
namespace {

void append_number(std::string& out, double number) {
  char digits[40];
  const std::string_view text(
      digits, static_cast<std::size_t>(std::to_chars(digits, digits + sizeof(digits), number).ptr -
                                       digits));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) {
    out += ".0";  // it came as a number with a fraction and stays one
  }
}

// Writes a tree; `step` spaces of indentation a level, 0 for compact text.
class TreeWriter {
 public:
  TreeWriter(std::string& out, std::size_t step) : out_(out), step_(step) {}

  void write(const JsonValue& value) {
    switch (value.type) {
      case JsonType::kNull:
        out_ += "null";
        break;
      case JsonType::kBoolean:
        out_ += value.boolean ? "true" : "false";
        break;
      case JsonType::kInteger:
        detail::append_integer(out_, value.integer);
        break;
      case JsonType::kLarge:
        detail::append_integer(out_, value.large);
        break;
      case JsonType::kNumber:
        append_number(out_, value.number);
        break;
      case JsonType::kText:
        detail::append_quoted(out_, value.text);
        break;
      case JsonType::kArray:
        list('[', value.items, ']');
        break;
      case JsonType::kObject:
        list('{', value.members, '}');
        break;
    }
  }

  void write(const JsonMember& member) {
    detail::append_quoted(out_, member.key);
    out_ += step_ == 0 ? ":" : ": ";
    write(member.value);
  }

 private:
  template <class List>
  void list(char open, const List& list, char close) {
    out_ += open;
    ++depth_;
    for (bool first = true; const auto& entry : list) {
      out_ += first ? "" : ",";
      first = false;
      new_line();
      write(entry);
    }
    --depth_;
    if (!list.empty()) {
      new_line();
    }
    out_ += close;
  }

  void new_line() {
    if (step_ != 0) {
      out_ += '\n';
      out_.append(step_ * depth_, ' ');
    }
  }

  std::string& out_;
  std::size_t step_;
  std::size_t depth_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  for (const JsonMember& member : members) {
    if (member.key == key) {
      return &member.value;
    }
  }
  return nullptr;
}

std::string json_text(const JsonValue& value) {
  std::string out;
  TreeWriter(out, 0).write(value);
  return out;
}

std::string pretty_json(const JsonValue& value) {
  std::string out;
  TreeWriter(out, 2).write(value);
  return out + "\n";
}

std::string json_quote(std::string_view text) {
  std::string out;
  detail::append_quoted(out, text);
  return out;
}

}  // namespace paddock::contract
