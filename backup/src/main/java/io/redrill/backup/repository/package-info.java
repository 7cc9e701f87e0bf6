/// The repository: its keys, its manifests, the parts of snapshots, and the order of writes.
///
/// The way in is [Repository]. The format is described in `docs/repository-format.md`. Nothing here
/// talks to a Redis.
@NullMarked
package io.redrill.backup.repository;

import org.jspecify.annotations.NullMarked;
