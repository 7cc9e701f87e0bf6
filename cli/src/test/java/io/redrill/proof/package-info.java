/// The promise, tested from end to end: what goes in comes out, at every moment that is claimed.
@NullMarked
package io.redrill.proof;

import org.jspecify.annotations.NullMarked;
