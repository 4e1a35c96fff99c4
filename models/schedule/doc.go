// Package schedule provides the record of a controlled run: the steps that were
// taken ([Step]: which task did what to which object) and the choices that led to
// them ([Schedule]: the deviations from the default schedule), each with a text form.
package schedule
