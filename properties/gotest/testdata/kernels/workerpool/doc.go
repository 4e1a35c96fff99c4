// Package workerpool holds kernels about worker pools that fill up or are shut down while in use.
package workerpool
