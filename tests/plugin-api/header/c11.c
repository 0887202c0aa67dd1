#include "layout.h"
#include "paddock/plugin.h"

struct layout layout_c11(void) {
  struct layout here = LAYOUT;
  return here;
}
