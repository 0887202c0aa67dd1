#include "profile/narrowing.hpp"

#include <algorithm>
#include <set>

#include "profile/check_value.hpp"
#include "profile/merge.hpp"

namespace paddock::profile {
namespace {

std::set<std::string> texts_of(const Node& node) {
  std::set<std::string> out;
  if (const auto* items = node.array()) {
    for (const Node& item : *items) {
      if (const auto* text = item.text()) {
        out.insert(*text);
      }
    }
  }
  return out;
}

bool contains(const Node& outer, const Node& inner) {
  const auto big = texts_of(outer);
  const auto small = texts_of(inner);
  return std::includes(big.begin(), big.end(), small.begin(), small.end());
}

std::size_t rank(const OptionSpec& spec, const Node& node) {
  const auto* text = node.text();
  const auto found = text == nullptr ? spec.choices.end()
                                     : std::find(spec.choices.begin(), spec.choices.end(), *text);
  return static_cast<std::size_t>(found - spec.choices.begin());
}

unsigned bits(const Node& node) {
  return node.text() == nullptr ? 0 : octal_of(*node.text()).value_or(0);
}

// Sizes and integers are compared as integers: a double cannot tell 2^53 from 2^53+1.
bool is_more(const OptionSpec& spec, const Node& before, const Node& after) {
  if (spec.type == OptionType::kNumber) {
    return number_of(after).value_or(0) > number_of(before).value_or(0);
  }
  if (spec.type == OptionType::kSize) {
    return size_of(after).value_or(0) > size_of(before).value_or(0);
  }
  const auto* a = after.integer();
  const auto* b = before.integer();
  return a == nullptr || b == nullptr || *a > *b;
}

bool is(const Node& node, bool value) {
  return node.boolean() != nullptr && *node.boolean() == value;
}

// The items of `node` that are, or are not, in `names`.
Node::Array items_where(const Node& node, const std::set<std::string>& names, bool listed) {
  Node::Array out;
  if (const auto* items = node.array()) {
    for (const Node& item : *items) {
      if (item.text() != nullptr && (names.count(*item.text()) != 0) == listed) {
        out.push_back(item);
      }
    }
  }
  return out;
}

}  // namespace

bool same_value(const OptionSpec& spec, const Node& a, const Node& b) {
  switch (spec.type) {
    case OptionType::kSize:
      return size_of(a) == size_of(b);
    case OptionType::kNumber:
      return number_of(a) == number_of(b);
    default:
      return to_json(a) == to_json(b);
  }
}

bool loosens(const OptionSpec& spec, const Node& before, const Node& after) {
  switch (spec.narrowing) {
    case Narrowing::kFree:
      return false;
    case Narrowing::kFixed:
      return !same_value(spec, before, after);
    case Narrowing::kTrue:
      return is(before, true) && !is(after, true);
    case Narrowing::kFalse:
      return is(before, false) && !is(after, false);
    case Narrowing::kLess:
      return is_more(spec, before, after);
    case Narrowing::kSubset:
      return !contains(before, after);
    case Narrowing::kSuperset:
      return !contains(after, before);
    case Narrowing::kStricter:
      return rank(spec, after) > rank(spec, before);
    case Narrowing::kInside:
      return !is_inside(*after.text(), *before.text());
    case Narrowing::kMoreBits:
      return (bits(before) & ~bits(after)) != 0;
  }
  return true;
}

Node strictest(const OptionSpec& spec, const Node& before, const Node& after) {
  Node out = loosens(spec, before, after) ? before : after;
  switch (spec.narrowing) {
    case Narrowing::kFree:
    case Narrowing::kFixed:
    case Narrowing::kInside:
      return after;
    case Narrowing::kSubset:
      out.value = items_where(after, texts_of(before), true);
      return out;
    case Narrowing::kSuperset: {
      Node::Array all = before.array() == nullptr ? Node::Array{} : *before.array();
      for (Node& item : items_where(after, texts_of(before), false)) {
        all.push_back(std::move(item));
      }
      out.value = std::move(all);
      return out;
    }
    case Narrowing::kMoreBits: {
      const unsigned both = bits(before) | bits(after);
      std::string text = "0";
      for (const unsigned shift : {6U, 3U, 0U}) {
        text += static_cast<char>('0' + ((both >> shift) & 7));
      }
      out.value = text;
      return out;
    }
    default:
      return out;
  }
}

std::string_view rule_text(Narrowing narrowing) {
  switch (narrowing) {
    case Narrowing::kFree:
      return "may change";
    case Narrowing::kFixed:
      return "may not change";
    case Narrowing::kTrue:
      return "may only become true";
    case Narrowing::kFalse:
      return "may only become false";
    case Narrowing::kLess:
      return "may only get smaller";
    case Narrowing::kSubset:
      return "may only lose entries";
    case Narrowing::kSuperset:
      return "may only gain entries (repeat those below)";
    case Narrowing::kStricter:
      return "may only get stricter";
    case Narrowing::kMoreBits:
      return "may only gain bits";
    case Narrowing::kInside:
      return "may only move further in";
  }
  return "may not change";
}

}  // namespace paddock::profile
