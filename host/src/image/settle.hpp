// What killed commands left of images: their records, which are made to say what the engine has.
// [one thread; plugin calls are serial]
#pragma once

#include <string>
#include <vector>

#include "image/records.hpp"
#include "plugin/instance.hpp"

namespace paddock::image {

/// A name whose record did not say what is there.
struct Settled {
  std::string backend;
  std::string reference;
  bool here;  ///< it had come, and is paddock's; else there is none, and no record any more
};

/// Usually none. Does nothing while an engine works for another command of this user.
Result<std::vector<Settled>> settle(plugin::Instance& backend, const Records& records);

}  // namespace paddock::image
