// Images for tests, made of the host's own programs: nothing comes from outside.
#pragma once

#include <string>
#include <vector>

#include "engines/engine.hpp"

namespace paddock::test {

/// A root file system below the world's root.
std::string make_root(const World& world,
                      const std::string& name,
                      const std::vector<std::string>& programs);

/// Has `engine` import one of a shell and a few tools, as `reference`, by paddock; removes it
/// again.
class TestImage {
 public:
  TestImage(const World& world, const TestEngine& engine, std::string reference);
  /// One of `programs`.
  TestImage(const World& world,
            const TestEngine& engine,
            std::string reference,
            const std::vector<std::string>& programs);
  TestImage(const TestImage&) = delete;
  TestImage& operator=(const TestImage&) = delete;
  ~TestImage();
  const std::string& id() const { return id_; }

 private:
  const TestEngine& engine_;
  std::string reference_, id_;
};

/// Id by the engine's own word; empty: there is none.
std::string image_id(const TestEngine& engine, const std::string& reference);

/// The work's user and group inside, by number, where a profile names none.
std::string work_id(const TestEngine& engine);

/// A profile of that name that runs image `reference`, with `more` lines below [image].
void image_profile(const World& world,
                   const std::string& name,
                   const std::string& reference,
                   const std::string& more = {});

}  // namespace paddock::test
