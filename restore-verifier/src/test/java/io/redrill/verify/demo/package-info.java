/// Tests of the demo data set.
@NullMarked
package io.redrill.verify.demo;

import org.jspecify.annotations.NullMarked;
