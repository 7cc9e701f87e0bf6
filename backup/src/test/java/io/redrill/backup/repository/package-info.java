/// What is stored, as text.
@org.jspecify.annotations.NullMarked
package io.redrill.backup.repository;
