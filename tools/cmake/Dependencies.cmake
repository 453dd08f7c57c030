# Each package, found once, with the lowest version that works. Nothing is downloaded here: tools/setup installs.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8>=10.40)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.37)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka>=2.0)

# Without these the program refuses what needs them: the input source http, jq programs in flattenSpecs, the
# firehose rabbitmq, and inputs packed by bzip2 and xz.
pkg_check_modules(libcurl IMPORTED_TARGET libcurl>=7.85)
find_package(BZip2)
pkg_check_modules(liblzma IMPORTED_TARGET liblzma>=5.2)
pkg_check_modules(librabbitmq IMPORTED_TARGET librabbitmq>=0.11)
find_library(JQ_LIBRARY jq)
find_path(JQ_INCLUDE jq.h)

# xsimd 13 or newer: the system's, else the one that tools/setup unpacked into the build tree.
set(SARSEN_XSIMD_DIR ${CMAKE_SOURCE_DIR}/build/xsimd CACHE PATH "Where tools/setup unpacked libxsimd-dev")
# Its own package file wants xtl, which nothing here needs: the headers are looked at instead.
foreach(include /usr/include /usr/local/include ${SARSEN_XSIMD_DIR}/usr/include)
  if(NOT SARSEN_XSIMD_INCLUDE AND EXISTS ${include}/xsimd/config/xsimd_config.hpp)
    file(STRINGS ${include}/xsimd/config/xsimd_config.hpp version REGEX "#define XSIMD_VERSION_MAJOR")
    string(REGEX MATCH "[0-9]+" version "${version}")
    if(version GREATER_EQUAL 13)
      set(SARSEN_XSIMD_INCLUDE ${include})
    endif()
  endif()
endforeach()
if(NOT SARSEN_XSIMD_INCLUDE)
  message(FATAL_ERROR "xsimd 13 or newer is needed: run tools/setup")
endif()
add_library(sarsen_xsimd INTERFACE)
target_include_directories(sarsen_xsimd SYSTEM INTERFACE ${SARSEN_XSIMD_INCLUDE})

if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  find_library(ROARING_LIBRARY roaring REQUIRED)  # what our own bitmaps are compared with
endif()
