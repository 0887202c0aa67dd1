#include "paddock/sdk/ops.hpp"

#include "paddock/contract/codec.hpp"
#include "paddock/contract/json_value.hpp"

namespace paddock::sdk {
namespace {

Op make(contract::OpKind kind,
        std::string_view verb,
        std::string path,
        std::string value,
        std::string reason) {
  Op op;
  op.id = std::string(verb) + " " + path;
  op.kind = kind;
  op.path = std::move(path);
  op.value.text = std::move(value);
  op.reason = std::move(reason);
  return op;
}

Op make_set(std::string path, std::string value, std::string reason) {
  return make(contract::OpKind::kSet, "set", std::move(path), std::move(value), std::move(reason));
}

std::string list_text(const std::vector<std::string>& list) {
  std::string text = "[";
  for (const std::string& item : list) {
    text += text.size() == 1 ? "" : ",";
    text += contract::json_quote(item);
  }
  return text + "]";
}

}  // namespace

Op set(std::string path, bool value, std::string reason) {
  return make_set(std::move(path), value ? "true" : "false", std::move(reason));
}

Op set(std::string path, std::int64_t value, std::string reason) {
  return make_set(std::move(path), std::to_string(value), std::move(reason));
}

Op set(std::string path, const char* value, std::string reason) {
  return make_set(std::move(path), contract::json_quote(value), std::move(reason));
}

Op set(std::string path, const std::string& value, std::string reason) {
  return make_set(std::move(path), contract::json_quote(value), std::move(reason));
}

Op set(std::string path, const std::vector<std::string>& value, std::string reason) {
  return make_set(std::move(path), list_text(value), std::move(reason));
}

Op set(std::string path, const contract::Mount& value, std::string reason) {
  return make_set(std::move(path), contract::encode(value), std::move(reason));
}

Ops set_user(const contract::User& user, std::string reason) {
  return {set("/process/user/uid", std::int64_t{user.uid}, reason),
          set("/process/user/gid", std::int64_t{user.gid}, reason)};
}

Op remove(std::string path, std::string reason) {
  return make(contract::OpKind::kRemove, "remove", std::move(path), "null", std::move(reason));
}

Op widen(std::string path, const std::vector<std::string>& value, std::string reason) {
  return make(contract::OpKind::kWiden, "widen", std::move(path), list_text(value),
              std::move(reason));
}

Op optional(Op op) {
  op.critical = false;
  return op;
}

}  // namespace paddock::sdk
