find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
target_link_libraries(yipan PRIVATE CLI11::CLI11 SQLite::SQLite3 OpenSSL::Crypto)
install(TARGETS yipan RUNTIME DESTINATION bin)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/rulebook ${CMAKE_SOURCE_DIR}/cities
        DESTINATION share/yipan)
