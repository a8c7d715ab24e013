/**
 * When this client was built: the earliest day that it takes for today.
 *
 * Source: docs/spec/statements.md, 7. The same day as in client/build.py (a test compares them).
 */

/** 2026-11-22, in days since 1970-01-01; raised with every release. */
export const BUILD_EPOCH = 20_779;
