/// Sources, the repository, the log archive, and recovery.
///
/// The packages follow a backup's life: [io.redrill.backup.source] gets snapshot and log out of a
/// Redis, [io.redrill.backup.repository] keeps snapshots, [io.redrill.backup.log] archives the log,
/// [io.redrill.backup.recovery] makes a recovery point real again. Here stands only what all of
/// them and everything above share: failures, as [RedrillException] with its [ErrorCode] and
/// [ExitStatus].
@NullMarked
package io.redrill.backup;

import org.jspecify.annotations.NullMarked;
