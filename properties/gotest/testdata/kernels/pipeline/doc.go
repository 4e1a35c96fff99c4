// Package pipeline holds kernels about pipelines whose last stage stops early.
package pipeline
