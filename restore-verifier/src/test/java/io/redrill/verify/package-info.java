/// Tests of drills.
@NullMarked
package io.redrill.verify;

import org.jspecify.annotations.NullMarked;
