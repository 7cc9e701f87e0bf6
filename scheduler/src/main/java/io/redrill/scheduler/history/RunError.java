package io.redrill.scheduler.history;

/// Why a run did not succeed.
///
/// @param code the error code, as in the documentation of errors
/// @param message what happened, for a person; never a secret
public record RunError(String code, String message) {}
