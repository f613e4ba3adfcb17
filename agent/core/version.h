/* Versions compared by their numbers: "5.15.0-91-generic" is 5, 15, 0, 91. */

#pragma once

/* Like strcmp: the runs of digits one by one, a missing one taken as 0; everything between them is ignored. */
int version_compare(const char *a, const char *b);
/* Compares only as many numbers as `wanted` has: "5.15.0-91-generic" is of the series "5.15". */
int version_compare_series(const char *have, const char *wanted);
