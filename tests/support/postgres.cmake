# The fixture "postgresql": one cluster for a whole run of ctest, in ${CMAKE_BINARY_DIR}/pg.
# Without PostgreSQL the tests that need it are skipped and say so.
set(pg_test ${CMAKE_SOURCE_DIR}/tools/pg-test)
add_test(NAME postgresql_start
         COMMAND bash -c "if ! '${pg_test}' available; then exit 0; fi; \
'${pg_test}' start '${CMAKE_BINARY_DIR}/pg'")
add_test(NAME postgresql_stop COMMAND ${pg_test} stop ${CMAKE_BINARY_DIR}/pg)
set_tests_properties(postgresql_start PROPERTIES FIXTURES_SETUP postgresql TIMEOUT 120)
set_tests_properties(postgresql_stop PROPERTIES FIXTURES_CLEANUP postgresql TIMEOUT 120)
