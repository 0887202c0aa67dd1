# Installs the SDK alone, copies the template, builds it with a test program against the installed
# package, and runs that.
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/plugin)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}: ${status}\n${output}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/prefix)
file(COPY ${WORK}/prefix/share/paddock/sdk/sdk/template/ DESTINATION ${WORK}/plugin)
file(COPY ${SOURCE}/check.cpp DESTINATION ${WORK}/plugin)
file(APPEND ${WORK}/plugin/CMakeLists.txt "
add_executable(check check.cpp)
target_link_libraries(check PRIVATE paddock::testing)
")
run(${CMAKE_COMMAND} -S ${WORK}/plugin -B ${WORK}/build -G Ninja -DCMAKE_PREFIX_PATH=${WORK}/prefix
  -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${C} -DCMAKE_BUILD_TYPE=Debug
  -DCMAKE_INSTALL_PREFIX=${WORK}/out)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_COMMAND} --install ${WORK}/build)
run(${WORK}/build/check ${WORK}/out/lib/paddock/plugins/my-hardener)
