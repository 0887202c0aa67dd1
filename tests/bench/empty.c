/* The floor of process start: linked statically, does nothing. */
int main(void) {
  return 0;
}
