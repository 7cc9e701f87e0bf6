package io.redrill.storage;

import java.time.Instant;

/// What a store knows of an object without opening it.
///
/// @param storedAt the store's own time, which may differ from ours
public record ObjectInfo(ObjectKey key, long sizeBytes, Instant storedAt) {}
