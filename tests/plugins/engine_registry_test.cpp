// Which registries an engine's work is about, and what their refusals mean.
#include "support/catch.hpp"
#include "support/engine/registry/base_images.hpp"
#include "support/engine/registry/registry_auth.hpp"

using namespace paddock;
using namespace paddock::engine;

TEST_CASE("registries: a refusal tells whose it is and what to do", "[engine]") {
  const auto said = [](const std::string& words, const std::vector<Asked>& asked) {
    const Error error = explain_refusal(fail(ErrorCode::kBackendRefused, words).value(), asked);
    std::string text = error.what;
    for (const std::string& line : error.context) {
      text += "|" + line;
    }
    for (const std::string& line : error.hints) {
      text += "|" + line;
    }
    return text;
  };
  const std::string words = "the engine cannot pull image 'a': unauthorized: x";
  CHECK(said(words, {{"r", "f"}}) ==
        "registry 'r' refuses the credentials that 'f' has for it|" + words +
            "|`docker login r` or `podman login r` stores what it takes");
  CHECK(said(words, {{"r", ""}}) ==
        "registry 'r' refuses who has no credentials, and none are stored for it|" + words +
            "|`docker login r` or `podman login r` stores what it takes");
  CHECK(said(words, {{"r", ""}, {"s", "f"}}) ==
        "one of the registries refuses what is stored for it: 'r' (no credentials), 's'|" + words +
            "|`docker login REGISTRY` or `podman login REGISTRY` stores what it takes");
  for (const char* other :
       {"the engine cannot pull image 'a': manifest unknown",
        "the engine cannot build image 'a': The command 'echo unauthorized' returned a non-zero "
        "code: 1"}) {
    CHECK(said(other, {{"r", ""}}) == other);
  }
  CHECK(said(words, {}) == words);
}

TEST_CASE("registries: what a Containerfile builds on", "[engine]") {
  CHECK(base_repositories(
            "# FROM a\nARG HOST=registry.example:5000\nARG TAG\n"
            "from --platform=linux/amd64 ${HOST}/team/base:1 AS Base\n"
            "FROM base\nFROM scratch\nFROM localhost/mine:1\nFROM debian:13 as two\n"
            "FROM $HOST/team/base@sha256:abc\nFROM user/own:$TAG\n"
            "FROM ${OTHER:-other.example}/x\nFROM ${UNKNOWN}/y\n"
            "COPY --from=third.example/tools:2 /a /b\nCOPY --chown=1 --from=two a b\n"
            "COPY --from=0 a b\nRUN --mount=type=bind,from=mount.example/m,target=/x \\\n"
            "  # in between\n  true --from=none.example/x\n") ==
        std::vector<std::string>{"registry.example:5000/team/base", "docker.io/library/debian",
                                 "other.example/x", "third.example/tools", "mount.example/m"});
  CHECK(base_repositories("").empty());
  CHECK(base_repositories("FROM").empty());
  CHECK(base_repositories("FROM \\").empty());
  CHECK(base_repositories("FROM user/own\r\n") == std::vector<std::string>{"docker.io/user/own"});
}
