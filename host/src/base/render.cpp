#include "base/render.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace paddock {
namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kReset = "\x1b[0m";

// Exit statuses by class: UX.md section 2, README "Exit status".
int status_of(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::kFailed:
      return 1;
    case ErrorClass::kUsage:
      return 2;
    case ErrorClass::kFindings:
      return 3;
    case ErrorClass::kRefused:
      return 4;
    case ErrorClass::kNotFound:
      return 5;
    case ErrorClass::kUnconfirmed:
      return 6;
    case ErrorClass::kUnreachable:
      return 7;
    case ErrorClass::kTimeout:
      return 8;
    case ErrorClass::kCannotExecute:
      return 126;
    case ErrorClass::kCommandNotFound:
      return 127;
  }
  return 1;
}

std::string in(std::string_view style, std::string_view text, const RenderOptions& options) {
  return options.color ? std::string(style) + std::string(text) + std::string(kReset)
                       : std::string(text);
}

// Blanks of the same shape as `before`: tabs stay tabs, wide characters take two.
std::string blanks_like(std::string_view before) {
  std::string out;
  for (std::size_t at = 0; at < before.size();) {
    const CodePoint point = decode_utf8(before, at);
    const std::string_view bytes = before.substr(at, point.bytes);
    out += bytes == "\t" ? "\t" : std::string(display_width(printable(bytes)), ' ');
    at += point.bytes;
  }
  return out;
}

// The source line as it is shown: tabs kept, everything else made printable.
std::string shown(std::string_view line) {
  std::string out;
  for (std::size_t start = 0; start <= line.size();) {
    const std::size_t tab = std::min(line.find('\t', start), line.size());
    out += printable(line.substr(start, tab - start));
    out += tab < line.size() ? "\t" : "";
    start = tab + 1;
  }
  return out;
}

std::string excerpt_of(const Error& error, const RenderOptions& options) {
  const SourcePos& where = *error.where;
  const std::string_view line = error.excerpt;
  const std::size_t begin =
      std::min<std::size_t>(where.column == 0 ? 0 : where.column - 1, line.size());
  const std::size_t length = std::min<std::size_t>(where.length, line.size() - begin);
  const std::size_t carets =
      std::max<std::size_t>(1, display_width(printable(line.substr(begin, length))));
  const std::string number = std::to_string(where.line);
  return "  " + number + " | " + shown(line) + "\n  " + std::string(number.size(), ' ') + " | " +
         blanks_like(line.substr(0, begin)) + in(kRed, std::string(carets, '^'), options) + "\n";
}

std::string place_of(const SourcePos& where) {
  std::string out = printable(where.file);
  if (where.line != 0) {
    out += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
  }
  return out + ": ";
}

std::string render_one(const Error& error, const RenderOptions& options) {
  std::string out = error.where ? in(kBold, place_of(*error.where), options) : "paddock: ";
  out += in(kRed, "error[" + code_text(error.code) + "]", options) + ": " + printable(error.what) +
         "\n";
  if (error.where && !error.excerpt.empty()) {
    out += excerpt_of(error, options);
  }
  for (const std::string& line : error.context) {
    out += "  " + printable(line) + "\n";
  }
  for (const std::string& hint : error.hints) {
    out += "  hint: " + printable(hint) + "\n";
  }
  return out;
}

nlohmann::ordered_json json_of(const Error& error) {
  nlohmann::ordered_json out = {{"code", code_text(error.code)}, {"what", printable(error.what)}};
  if (error.where) {
    out["where"] = {{"file", printable(error.where->file)},
                    {"line", error.where->line},
                    {"column", error.where->column}};
  }
  if (!error.context.empty()) {
    out["context"] = error.context;
  }
  if (!error.hints.empty()) {
    out["hints"] = error.hints;
  }
  for (const Error& other : error.others) {
    out["others"].push_back(json_of(other));
  }
  return out;
}

}  // namespace

std::string render(const Error& error, const RenderOptions& options) {
  std::string out = render_one(error, options);
  for (const Error& other : error.others) {
    out += render(other, options);
  }
  return out;
}

std::string render_json(const Error& error) {
  const nlohmann::ordered_json out = {{"schema", "paddock.error/1"},
                                      {"error", json_of(error)},
                                      {"exit_status", exit_status(error)}};
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string code_text(ErrorCode code) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "P%04u", static_cast<unsigned>(code));
  return buffer.data();
}

int exit_status(const Error& error) {
  constexpr std::array kRanks = {ErrorClass::kUsage, ErrorClass::kRefused, ErrorClass::kNotFound};
  const auto rank = [&](const Error& one) {
    return std::find(kRanks.begin(), kRanks.end(), error_code_info(one.code).error_class);
  };
  auto first = rank(error);
  if (first == kRanks.end()) {
    return status_of(error_code_info(error.code).error_class);
  }
  for (const Error& other : error.others) {
    first = std::min(first, rank(other));
  }
  return status_of(*first);
}

}  // namespace paddock
