# The test city and the scratch databases that it shares with the tests are written with GoogleTest.
find_package(GTest REQUIRED)
target_link_libraries(bench_board PRIVATE GTest::gtest)
