# Warnings and flags, on one interface target that every library and program of ours links.
add_library(sarsen_compile INTERFACE)
target_include_directories(sarsen_compile INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(sarsen_compile INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlaps in `"text" + string` at -O3 that are not there (its PR 105329).
  target_compile_options(sarsen_compile INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # std::stable_sort of libstdc++ 12 calls what it has deprecated itself.
  target_compile_options(sarsen_compile INTERFACE -Wno-deprecated-declarations)
endif()
if(SARSEN_DCHECK)
  target_compile_definitions(sarsen_compile INTERFACE SARSEN_DCHECK)
endif()
if(SARSEN_SANITIZE)
  target_compile_options(sarsen_compile INTERFACE -fsanitize=${SARSEN_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(sarsen_compile INTERFACE -fsanitize=${SARSEN_SANITIZE})
endif()

# The compiler cache and the fast linker, where they are installed.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(sarsen_compile INTERFACE -fuse-ld=mold)
endif()

# A library of all sources in the calling folder and below it.
function(sarsen_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cc *.h)
  list(FILTER sources EXCLUDE REGEX "\\.kernel\\.cc$|/main\\.cc$")
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC sarsen_compile)
endfunction()
