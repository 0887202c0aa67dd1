// What all ways have in common by which an image comes. [one thread]
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "paddock/sdk/plugin.hpp"
#include "support/engine/engine.hpp"
#include "support/engine/image/stream.hpp"
#include "support/engine/image/tar_source.hpp"
#include "support/engine/registry/registry_auth.hpp"

namespace paddock::engine {

/// The next piece of what is sent, empty at its end.
using Pieces = std::function<Result<std::string>()>;

inline constexpr const char* kTar = "application/x-tar";

/// Sends `request`, with `more` as its body, and hears the engine out: what it calls `reference`
/// then. `step` completes "the engine cannot ...".
Result<contract::ImageReply> bring(Engine& engine,
                                   const Request& request,
                                   Pieces more,
                                   const std::string& reference,
                                   const std::string& step,
                                   ProgressWriter& progress);

/// Counts what passes; `total` is 0 where it is not known.
Pieces told(Pieces more, ProgressWriter& progress, std::uint64_t total);
Pieces pieces_of(TarSource tar);

/// How the user is asked and told about credentials.
Search search_for(const sdk::Host& host);
/// `image`, or what a registry's refusal means.
Result<contract::ImageReply> explained(Result<contract::ImageReply> image,
                                       const std::vector<Asked>& asked);

/// "&platform=...", or nothing.
std::string platform_query(const std::string& platform);

}  // namespace paddock::engine
