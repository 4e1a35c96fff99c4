// Package contexts holds kernels about contexts that are not cancelled, not heeded or lose their cause.
package contexts
