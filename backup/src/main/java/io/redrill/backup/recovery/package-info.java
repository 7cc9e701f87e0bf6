/// Recovery: which moments a repository can restore, how, and the restore itself.
///
/// [RecoveryPlanner] chooses a snapshot and the log after it, and proves that nothing is missing
/// between them; [Restore] makes the point real again; [RepositoryCheck] proves what is stored
/// without restoring it.
@NullMarked
package io.redrill.backup.recovery;

import org.jspecify.annotations.NullMarked;
