#include "layout.h"
#include "paddock/plugin.h"

struct layout layout_c17(void) {
  struct layout here = LAYOUT;
  return here;
}
