package io.redrill.cli.daemon;

import io.redrill.backup.source.Source;
import io.redrill.cli.config.SourceConfig;
import io.redrill.storage.ObjectStore;
import io.redrill.storage.StoreUrl;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// What a daemon is made of and does not choose itself.
///
/// @param stores opens a store; the daemon closes it
/// @param sources makes the source that was configured, its password fetched; connects nothing
/// @param version of Redrill, for the console
public record DaemonParts(
    Function<StoreUrl, ObjectStore> stores,
    Function<SourceConfig, Source> sources,
    String version,
    InstantSource clock,
    RandomGenerator random) {}
