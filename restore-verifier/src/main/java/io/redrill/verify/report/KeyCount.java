package io.redrill.verify.report;

/// The keys of one type in one database: counted when they were backed up, and when they came back.
///
/// @param kind the word that `TYPE` answers
public record KeyCount(int db, String kind, long expected, long actual) {}
