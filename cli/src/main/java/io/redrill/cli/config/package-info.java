/// The configuration: `redrill.yaml` as records.
///
/// [Configuration#read] is the way in. It is strict: what it does not know it refuses, with the
/// file and line, since a misspelt key would otherwise be a backup that never runs.
@NullMarked
package io.redrill.cli.config;

import org.jspecify.annotations.NullMarked;
