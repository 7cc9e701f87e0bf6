/// Whole backups and recoveries, against real servers.
@org.jspecify.annotations.NullMarked
package io.redrill.backup;
