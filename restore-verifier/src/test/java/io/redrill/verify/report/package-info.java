/// Tests of the report and its forms.
@NullMarked
package io.redrill.verify.report;

import org.jspecify.annotations.NullMarked;
