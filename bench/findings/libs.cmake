# The demonstration city, which is scaled here, is generated and taken in; its class is a test's.
find_package(GTest REQUIRED)
target_link_libraries(bench_findings PRIVATE yipan::generate yipan::intake GTest::gtest)
