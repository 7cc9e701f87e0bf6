/// Sources, the repository, the log archive, and recovery.
@NullMarked
package io.redrill.backup;

import org.jspecify.annotations.NullMarked;
