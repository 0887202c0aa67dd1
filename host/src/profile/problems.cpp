#include "profile/problems.hpp"

#include <algorithm>
#include <tuple>

#include "profile/toml_document.hpp"

namespace paddock::profile {
namespace {

constexpr std::size_t kMostReported = 100;

}  // namespace

std::string place_text(const SourcePos& where) {
  return where.file + ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
}

void Problems::add_source(const std::string& file, std::string text) {
  order_.push_back(file);
  sources_.insert_or_assign(file, std::move(text));
}

Error& Problems::add(ErrorCode code, const SourcePos& where, std::string what, std::string hint) {
  Error error;
  error.code = code;
  error.what = std::move(what);
  error.where = where;
  if (!hint.empty()) {
    error.hints.push_back(std::move(hint));
  }
  const auto source = sources_.find(where.file);
  if (source != sources_.end()) {
    error.excerpt = source_line(source->second, where.line);
  }
  errors_.push_back(std::move(error));
  return errors_.back();
}

void Problems::add(Error error) {
  std::vector<Error> others = std::move(error.others);
  error.others.clear();
  const auto source = error.where ? sources_.find(error.where->file) : sources_.end();
  if (error.excerpt.empty() && source != sources_.end()) {
    error.excerpt = source_line(source->second, error.where->line);
  }
  errors_.push_back(std::move(error));
  for (Error& other : others) {
    add(std::move(other));
  }
}

std::string Problems::line(const SourcePos& where) const {
  const auto source = sources_.find(where.file);
  if (source == sources_.end()) {
    return {};
  }
  const std::string text = source_line(source->second, where.line);
  const std::size_t begin = text.find_first_not_of(" \t");
  const std::size_t end = text.find_last_not_of(" \t");
  return begin == std::string::npos ? std::string{} : text.substr(begin, end - begin + 1);
}

std::string Problems::cited(std::string_view what, const SourcePos& where) const {
  const std::string text = line(where);
  return std::string(what) + " " + place_text(where) + (text.empty() ? "" : ": " + text);
}

std::size_t Problems::file_rank(const Error& error) const {
  const std::string& file = error.where ? error.where->file : std::string{};
  return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), file) - order_.begin());
}

Failure Problems::take() {
  const auto place = [this](const Error& error) {
    const SourcePos where = error.where.value_or(SourcePos{});
    return std::tuple(file_rank(error), where.line, where.column);
  };
  std::stable_sort(errors_.begin(), errors_.end(),
                   [&](const Error& a, const Error& b) { return place(a) < place(b); });
  const std::size_t all = errors_.size();
  errors_.resize(std::min(all, kMostReported));
  Error first = std::move(errors_.front());
  first.others.assign(std::make_move_iterator(errors_.begin() + 1),
                      std::make_move_iterator(errors_.end()));
  if (all > kMostReported) {
    Error more = first;
    more.others.clear();
    more.hints.clear();
    more.excerpt.clear();
    more.where.reset();
    more.what = std::to_string(all - kMostReported) + " more problems are not shown";
    first.others.push_back(std::move(more));
  }
  errors_.clear();
  return Failure(std::move(first));
}

}  // namespace paddock::profile
