// Package programs draws programs and how the virtual machine runs them: call
// [Program] inside a rapid property. What a program is gets decided from the program
// itself ([Classify]).
package programs
