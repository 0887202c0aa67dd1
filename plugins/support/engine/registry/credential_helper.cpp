#include "support/engine/registry/credential_helper.hpp"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "support/engine/registry/helper_program.hpp"

namespace paddock::engine {
namespace {

using Json = nlohmann::json;
using Found = Result<std::optional<Credentials>>;
using End = Said::End;

constexpr std::size_t kLongestName = 64;
/// What helpers write where they have nothing, and end with status 1.
constexpr std::string_view kNothing = "credentials not found in native keychain";
/// The user name beside which a secret is an identity token.
constexpr std::string_view kToken = "<token>";

bool is_plain(const std::string& name) {
  const auto is_fine = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  };
  return name.size() <= kLongestName && std::all_of(name.begin(), name.end(), is_fine);
}

Failure failed(const HelperRequest& request, const std::string& program, const std::string& what) {
  return fail(ErrorCode::kImage, "'" + program + "', which '" + request.source + "' names, " + what,
              "try it: echo " + request.server + " | " + program + " get");
}

/// Words for an end that is none of a program that did its work.
const char* words_of(End end) {
  return end == End::kLate      ? "does not answer in time"
         : end == End::kTooLong ? "answers more than credentials"
                                : "was killed";
}

Found read_answer(const HelperRequest& request, const std::string& program, const Said& said) {
  if (said.end != End::kExited) {
    return failed(request, program, words_of(said.end));
  }
  if (said.exit_code != 0) {
    return said.text.find(kNothing) != std::string::npos
               ? Found(std::nullopt)
               : failed(request, program, "fails with status " + std::to_string(said.exit_code));
  }
  const Json json = Json::parse(said.text, nullptr, false);
  const auto has = [&](const char* key) { return json.contains(key) && json[key].is_string(); };
  if (!json.is_object() || !has("Username") || !has("Secret")) {
    return failed(request, program, "does not answer with credentials");
  }
  const auto username = json["Username"].get<std::string>();
  const auto secret = json["Secret"].get<std::string>();
  return username == kToken ? std::optional(Credentials{"", "", secret, request.source})
                            : std::optional(Credentials{username, secret, "", request.source});
}

}  // namespace

Found ask_helper(const HelperRequest& request, const Search& search) {
  if (!is_plain(request.name)) {
    return fail(ErrorCode::kImage,
                "'" + request.source + "' names a credential helper by what is no plain name",
                "names look like pass or secretservice; the program is docker-credential-NAME");
  }
  const std::string program = "docker-credential-" + request.name;
  const std::string file = find_in_path(program);
  if (file.empty()) {
    return fail(ErrorCode::kImage,
                "'" + program + "', which '" + request.source + "' names, is not in PATH",
                "install it, or take its name out of the file and log in again");
  }
  const auto said =
      run_errand({file, program, "get", request.server, search.patience, search.cancelled});
  return said ? read_answer(request, program, *said) : fail_as(said);
}

}  // namespace paddock::engine
