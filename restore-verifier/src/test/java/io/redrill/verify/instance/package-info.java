/// Tests of scratch instances and their directories.
@NullMarked
package io.redrill.verify.instance;

import org.jspecify.annotations.NullMarked;
