/// Archived logs.
@org.jspecify.annotations.NullMarked
package io.redrill.backup.log;
