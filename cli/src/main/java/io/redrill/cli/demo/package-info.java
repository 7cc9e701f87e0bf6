/// The self-proof: a data set is loaded, backed up, destroyed, and brought back.
@NullMarked
package io.redrill.cli.demo;

import org.jspecify.annotations.NullMarked;
