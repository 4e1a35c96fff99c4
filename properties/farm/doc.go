// Package farm does the work of campaigns on many machines: it hands tasks to workers over NATS JetStream, and collects their answers.
//
// A task is what a child process is asked in a campaign on one machine: to test a range of a property's cases, or to explore
// some cases; or it is a request, which a [Handler] of the worker's answers from source code that it has. The campaign itself, with
// its order, its merging and its reports, is that of one machine: [Runner] is a campaign.Runner and a campaign.Explorer that has its
// tasks done elsewhere. The answer to a task depends on the task alone, but for times, so that it does not matter who gives it, when, or
// how often it was begun.
//
// These invariants hold:
//   - An answer is kept under its task's key, and the first one stays: a second one is refused by the server.
//   - A campaign is done when it has the answer to each task that it needs, and never because a queue is empty. Whatever the
//     server loses is asked for again.
//   - A task is wanted as long as its message is on the server. A worker that finds it gone drops the work: somebody else has
//     done it, or nobody needs it any more.
//   - A task that ended as many workers as [Deliveries] is not judged, and no worker gets it again.
//   - A worker of another build of the program never works: it might give another answer. Nor does one answer a request from other
//     sources than the campaign's.
//
// The server does what queues, leases and locks there are: JetStream's work queue with acknowledgements, and its key-value store.
package farm
