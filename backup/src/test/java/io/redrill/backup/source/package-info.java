/// Snapshots of made-up images.
@org.jspecify.annotations.NullMarked
package io.redrill.backup.source;
