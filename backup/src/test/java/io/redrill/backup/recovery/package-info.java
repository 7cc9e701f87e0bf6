/// Plans, checks and damage, without servers.
@org.jspecify.annotations.NullMarked
package io.redrill.backup.recovery;
