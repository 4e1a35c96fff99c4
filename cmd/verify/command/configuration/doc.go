// Package configuration reads verify's configuration file: flags of its commands, as YAML, with bounds for what a stranger's file
// can ask for.
package configuration
