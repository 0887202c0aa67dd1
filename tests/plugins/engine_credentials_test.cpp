// What is stored for registries, and how it is told to engines; no engine is asked.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "support/catch.hpp"
#include "support/engine/registry/base64.hpp"
#include "support/engine/registry/credentials.hpp"
#include "support/engine/registry/registry_auth.hpp"
#include "support/temp_dir.hpp"
#include "support/text_file.hpp"

using namespace paddock;
using namespace paddock::engine;
using paddock::test::TempDir;
using paddock::test::write_text;

namespace {

using Json = nlohmann::json;
using Strings = std::vector<std::string>;

constexpr const char* kRegistry = "registry.example:5000";
constexpr const char* kImage = "registry.example:5000/team/part/image";

/// A user of the test's own: a home, a PATH, and the files in them.
class User {
 public:
  User() {
    for (const char* name : {"REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
                             "DOCKER_CONFIG", "PATH", "HOME"}) {
      const char* const value = ::getenv(name);
      before_.emplace_back(name, value == nullptr ? "" : value);
      ::unsetenv(name);
    }
    set("HOME", path("home"));
    set("XDG_RUNTIME_DIR", path("run"));
    set("PATH", "bin:" + path("bin") + ":/usr/bin:/bin");
  }
  ~User() {
    for (const auto& [name, value] : before_) {
      value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string docker() const { return path("home/.docker/config.json"); }
  std::string podman() const { return path("run/containers/auth.json"); }

  static void write(const std::string& path, const std::string& text, mode_t mode = 0600) {
    write_text(path, text);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  /// What `docker login` or `podman login` writes.
  static void log_in(const std::string& path,
                     const std::string& key,
                     const std::string& auth,
                     mode_t mode = 0600) {
    write(path, Json{{"auths", {{key, {{"auth", auth}}}}}}.dump(), mode);
  }
  /// A program `docker-credential-NAME`, of the shell.
  void helper(const std::string& name, const std::string& script) const {
    write(path("bin/docker-credential-" + name), "#!/bin/sh\n" + script + "\n", 0755);
  }

  /// "USER:PASSWORD", "token:TOKEN", "nothing", or the error.
  std::string find(const std::string& repository = kImage,
                   std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    const auto found = find_credentials(
        repository, {{}, [&](const std::string& line) { warnings.push_back(line); }, patience});
    if (!found) {
      CHECK(found.error().code == ErrorCode::kImage);
      hint = found.error().hints.empty() ? "" : found.error().hints.front();
      return found.error().what;
    }
    return !*found                            ? "nothing"
           : (*found)->identity_token.empty() ? (*found)->username + ":" + (*found)->password
                                              : "token:" + (*found)->identity_token;
  }
  Strings warnings;
  std::string hint;

 private:
  TempDir folder_;
  std::vector<std::pair<std::string, std::string>> before_;
};

// "ann:one", "ann:two", "ann:three", "ann:a:b"
constexpr const char* kOne = "YW5uOm9uZQ==";
constexpr const char* kTwo = "YW5uOnR3bw==";
constexpr const char* kThree = "YW5uOnRocmVl";
constexpr const char* kColons = "YW5uOmE6Yg==";

/// Whether the process is gone, or nothing but its number is left, within 5 s.
bool ends(const std::string& pid) {
  for (int i = 0; i < 500; ++i) {
    std::ifstream arguments("/proc/" + pid.substr(0, pid.find('\n')) + "/cmdline");
    std::string line;
    if (!std::getline(arguments, line)) {
      return true;
    }
    ::usleep(10000);
  }
  return false;
}

Json decoded(const std::string& header, const std::string& name) {
  REQUIRE(header.starts_with(name + ": "));
  std::string text = header.substr(name.size() + 2);
  CHECK(text.find_first_of("\r\n+/") == std::string::npos);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return Json::parse(from_base64(text).value());
}

}  // namespace

TEST_CASE("credentials: files are read in the order of the programs that write them", "[engine]") {
  User user;
  CHECK(credential_files() ==
        Strings{user.podman(), user.path("home/.config/containers/auth.json"), user.docker()});
  CHECK(user.find() == "nothing");
  user.log_in(user.docker(), kRegistry, kThree);
  CHECK(user.find() == "ann:three");
  user.log_in(user.path("home/.config/containers/auth.json"), kRegistry, kTwo);
  CHECK(user.find() == "ann:two");
  user.log_in(user.podman(), kRegistry, kOne);
  CHECK(user.find() == "ann:one");
  user.log_in(user.podman(), "other.example", kOne);  // one that does not know it is passed over
  CHECK(user.find() == "ann:two");
  user.write(user.podman(), "");
  CHECK(user.find() == "ann:two");
  User::set("XDG_CONFIG_HOME", user.path("config"));
  CHECK(user.find() == "ann:three");
  User::set("DOCKER_CONFIG", user.path("docker"));
  CHECK(user.find() == "nothing");
  user.log_in(user.path("docker/config.json"), kRegistry, kColons);
  CHECK(user.find() == "ann:a:b");
  CHECK(user.warnings.empty());

  User::set("REGISTRY_AUTH_FILE", user.path("named.json"));
  CHECK(user.find() ==
        "REGISTRY_AUTH_FILE is '" + user.path("named.json") + "', which is not there");
  CHECK(user.hint == "`podman login` makes it; without the variable others are read");
  user.write(user.path("named.json"), "{}");
  CHECK(user.find() == "nothing");  // and nothing else is looked at
  ::unsetenv("REGISTRY_AUTH_FILE");
  ::unsetenv("XDG_RUNTIME_DIR");
  CHECK(credential_files().front() ==
        "/run/containers/" + std::to_string(::geteuid()) + "/auth.json");
}

TEST_CASE("credentials: the longest namespace goes before the registry", "[engine]") {
  User user;
  const auto with = [&](const Strings& keys) {
    Json auths;
    for (const std::string& key : keys) {
      auths[key] = {{"username", "for"}, {"password", key}};
    }
    user.write(user.podman(), Json{{"auths", auths}}.dump());
    return user.find();
  };
  const std::string host = kRegistry;
  CHECK(with({host, host + "/team", host + "/team/part"}) == "for:" + host + "/team/part");
  CHECK(with({host, host + "/team", host + "/tea", host + "/team/part/image/x"}) ==
        "for:" + host + "/team");
  CHECK(with({host, host + "/other"}) == "for:" + host);
  CHECK(with({host + "/other"}) == "nothing");
  CHECK(with({"https://" + host + "/v1/"}) == "for:https://" + host + "/v1/");
  CHECK(with({"http://" + host}) == "for:http://" + host);
  CHECK(with({"registry.example", "registry.example:5001", "example:5000"}) == "nothing");
}

TEST_CASE("credentials: Docker Hub goes by its old address", "[engine]") {
  User user;
  for (const char* key : {"https://index.docker.io/v1/", "docker.io", "index.docker.io"}) {
    CAPTURE(key);
    user.log_in(user.docker(), key, kOne);
    CHECK(user.find("docker.io/library/debian") == "ann:one");
    CHECK(user.find() == "nothing");
  }
}

TEST_CASE("credentials: a file that cannot be read or parsed is an error, with its path",
          "[engine]") {
  User user;
  const std::string cannot =
      "cannot read credentials for registries from '" + user.docker() + "': ";
  const std::string garbled =
      cannot + "it is not the JSON that `docker login` and `podman login` write";
  for (const char* text : {"{", "[]", "\"x\"", R"({"auths": []})", R"({"credHelpers": "pass"})"}) {
    CAPTURE(text);
    user.write(user.docker(), text);
    CHECK(user.find() == garbled);
    CHECK(user.hint == "repair it, or remove it and log in again");
  }
  user.write(user.docker(), std::string((1 << 20) + 1, ' '));
  CHECK(user.find() == cannot + "it is longer than 1 MiB");
  ::unlink(user.docker().c_str());
  REQUIRE(::mkfifo(user.docker().c_str(), 0600) == 0);
  CHECK(user.find() == cannot + "it is no file");
  ::unlink(user.docker().c_str());
  REQUIRE(::symlink(user.docker().c_str(), user.docker().c_str()) == 0);
  CHECK(user.find() == cannot + "Too many levels of symbolic links");
  ::unlink(user.docker().c_str());
  const std::string lacks =
      "'" + user.docker() + "' holds no user and password for registry '" + kRegistry + "'";
  for (const char* auth : {"YW5u", "????", "OnB3", "YW5uOm9uZQ", "=W5uOm9u"}) {
    CAPTURE(auth);  // without a colon, no base64, without a user, unpadded, padded before its end
    user.log_in(user.docker(), kRegistry, auth);
    CHECK(user.find() == lacks);
    CHECK(user.hint ==
          "`docker login registry.example:5000` or `podman login "
          "registry.example:5000` stores what it takes");
  }
}

TEST_CASE("credentials: a file that others can read is warned about, where it has some",
          "[engine]") {
  User user;
  user.log_in(user.docker(), kRegistry, kOne, 0644);
  CHECK(user.find() == "ann:one");
  CHECK(user.warnings ==
        Strings{"others can read the passwords in '" + user.docker() + "': chmod 600 it"});
  user.warnings.clear();
  CHECK(user.find("other.example/image") == "nothing");
  user.write(user.docker(), R"({"currentContext": "default"})", 0644);
  CHECK(user.find() == "nothing");
  CHECK(user.warnings.empty());
}

TEST_CASE("credentials: a helper is asked for its registry, others go by the store", "[engine]") {
  User user;
  const std::string log = user.path("log");
  user.helper("one", R"(test "$#-$1" = 1-get && read -r server; echo "one $server" >>)" + log +
                         R"(; printf '{"ServerURL":"x","Username":"eve","Secret":"s3"}')");
  user.helper("rest", "echo \"rest $(cat)\" >>" + log +
                          R"(; printf '{"Username":"<token>","Secret":"t0"}')");
  user.write(user.docker(),
             Json{{"credHelpers", {{kRegistry, "one"}, {"plain.example", ""}}},
                  {"credsStore", "rest"},
                  {"auths", {{kRegistry, Json::object()}, {"plain.example", {{"auth", kOne}}}}}}
                 .dump(),
             0644);
  CHECK(user.find() == "eve:s3");
  CHECK(user.find("other.example/image") == "token:t0");
  CHECK(user.find("docker.io/library/debian") == "token:t0");
  CHECK(user.find("plain.example/image") == "ann:one");
  CHECK(test::read_text(log) ==
        "one registry.example:5000\nrest other.example\nrest https://index.docker.io/v1/\n");
  CHECK(user.warnings.size() == 1);  // only of the one that is in the file
}

TEST_CASE("credentials: a helper that has nothing leaves it to the next file", "[engine]") {
  User user;
  user.helper("none", "echo credentials not found in native keychain; exit 1");
  user.write(user.podman(), Json{{"credHelpers", {{kRegistry, "none"}}}}.dump());
  CHECK(user.find() == "nothing");
  user.log_in(user.docker(), kRegistry, kTwo);
  CHECK(user.find() == "ann:two");
}

TEST_CASE("credentials: a helper that fails is an error, which tells nothing that it wrote",
          "[engine]") {
  User user;
  const auto found = [&](const std::string& script) {
    user.helper("bad", script);
    return user.find(kImage, std::chrono::milliseconds(1500));
  };
  user.write(user.docker(), R"({"credsStore": "bad"})");
  const std::string who = "'docker-credential-bad', which '" + user.docker() + "' names, ";
  CHECK(user.find() == who + "is not in PATH");
  CHECK(user.hint == "install it, or take its name out of the file and log in again");
  CHECK(found("echo s3; echo s3 >&2; exit 7") == who + "fails with status 7");
  CHECK(user.hint == "try it: echo registry.example:5000 | docker-credential-bad get");
  CHECK(found("echo '{\"Secret\": \"s3\"}'") == who + "does not answer with credentials");
  CHECK(found("echo '\"s3\"'") == who + "does not answer with credentials");
  CHECK(found("kill -9 $$") == who + "was killed");
  CHECK(found("yes s3") == who + "answers more than credentials");
  const std::string pid = user.path("pid");
  CHECK(found("sleep 60 & echo $! >" + pid + "; wait") == who + "does not answer in time");
  CHECK(ends(test::read_text(pid)));  // what it started went with it
  CHECK(found("exec >&-; sleep 60") == who + "does not answer in time");
  for (const char* name : {"../bad", "a b", "/bin/true", "x;y"}) {
    CAPTURE(name);
    user.write(user.docker(), Json{{"credsStore", name}}.dump());
    CHECK(user.find() ==
          "'" + user.docker() + "' names a credential helper by what is no plain name");
    CHECK(user.hint ==
          "names look like pass or secretservice; the program is docker-credential-NAME");
  }
}

TEST_CASE("credentials: who waits for a helper can give up", "[engine]") {
  User user;
  user.helper("slow", "sleep 60");
  user.write(user.docker(), R"({"credsStore": "slow"})");
  const auto found = find_credentials(kImage, {[] { return true; }, {}});
  REQUIRE_FALSE(found);
  CHECK(found.error().code == ErrorCode::kInterrupted);
  CHECK(found.error().what == "interrupted while 'docker-credential-slow' was asked");
}

TEST_CASE("registries: an engine is told of the one that it asks", "[engine]") {
  User user;
  user.log_in(user.docker(), kRegistry, kOne);
  const auto known = auth_for_pull(kImage, {});
  REQUIRE(known);
  CHECK(decoded(known->header, "X-Registry-Auth") ==
        Json{{"username", "ann"}, {"password", "one"}, {"serveraddress", kRegistry}});
  CHECK(auth_for_pull("other.example/image", {}).value().header.empty());
  user.log_in(user.docker(), "https://index.docker.io/v1/", kOne);
  CHECK(decoded(auth_for_pull("docker.io/library/debian", {}).value().header,
                "X-Registry-Auth")["serveraddress"] == "https://index.docker.io/v1/");
  user.write(
      user.docker(),
      Json{{"auths", {{kRegistry, {{"identitytoken", "t0"}, {"auth", "YW5uOg=="}}}}}}.dump());
  CHECK(decoded(auth_for_pull(kImage, {}).value().header, "X-Registry-Auth") ==
        Json{{"identitytoken", "t0"}, {"serveraddress", kRegistry}});
}

TEST_CASE("registries: a build is told of those that it names, and of no other", "[engine]") {
  User user;
  user.write(user.docker(), Json{{"auths",
                                  {{kRegistry, {{"auth", kOne}}},
                                   {"third.example", {{"auth", kTwo}}},
                                   {"other.example", {{"auth", kThree}}}}}}
                                .dump());
  const auto auth =
      auth_for_build({kImage, "registry.example:5000/x", "open.example/y", "third.example/z"}, {});
  REQUIRE(auth);
  CHECK(decoded(auth->header, "X-Registry-Config") ==
        Json{{kRegistry, {{"username", "ann"}, {"password", "one"}, {"serveraddress", kRegistry}}},
             {"third.example",
              {{"username", "ann"}, {"password", "two"}, {"serveraddress", "third.example"}}}});
  CHECK(auth->asked.size() == 3);
  CHECK(auth_for_build({"open.example/y"}, {}).value().header.empty());
}
