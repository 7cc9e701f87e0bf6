/// What a drill found, as data and as a page.
///
/// [DrillReport] is the evidence; [DrillReportJson] is its stored form, [DrillReportHtml] its
/// readable form, and [DrillHistory] keeps the reports of a repository, each chained by hash to the
/// one before. Nothing here runs a drill.
@NullMarked
package io.redrill.verify.report;

import org.jspecify.annotations.NullMarked;
