/// A believable data set for demonstrations, tests and benchmarks, as commands.
@NullMarked
package io.redrill.verify.demo;

import org.jspecify.annotations.NullMarked;
