/// Append-only files: records with their offsets and time marks, manifests, cutting, checking.
package io.redrill.aof;
