// Where a host path would show inside a sandbox: under its own name, and through every bind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proof/view.hpp"

namespace paddock::proof {

/// What the plan puts at a place.
enum class Shows : std::uint8_t {
  kNothing,
  kMounts,  ///< mounts below it, and nothing beside them
  kOther,   ///< what lies over it leads elsewhere: the workload's own space, another folder
};

struct Place {
  std::string path;  ///< inside
  Shows shows = Shows::kNothing;
};

/// Of every bind, declared or the backend's, the host's folder without links and where it shows.
std::vector<Bind> binds_of(const Subject& subject);

/// `host_path` itself, and one place for each bind, declared or the backend's, whose source holds
/// it. Links in `host_path` and in the sources are followed. Under a mount that lies over a place
/// nothing shows, so that it is left out.
std::vector<Place> places_of(const View& view, const std::string& host_path);

}  // namespace paddock::proof
