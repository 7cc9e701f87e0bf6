/// What is shown to people: the page, as typed HTML that cannot forget to escape.
@NullMarked
package io.redrill.console.page;

import org.jspecify.annotations.NullMarked;
