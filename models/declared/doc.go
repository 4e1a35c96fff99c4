// Package declared reads and executes models that somebody declares in a file: the state of an object, and what each operation
// needs, does and returns. Begin with [Parse].
//
// A model is lines; what follows a # is a comment:
//
//	model versioned-register
//	about a register whose reads tell how often it was written
//	keyed
//	state version = 0
//	state value = nil
//
//	operation write new
//	  set version = version + 1
//	  set value = new
//
//	operation cas [old, new]
//	  require value == old
//	  set version = version + 1
//	  set value = new
//
//	operation read
//	  result [version, value]
//
// The lines of an operation are executed in their order. If a require does not hold, the operation cannot happen in this state; if a result
// is not what was recorded, it cannot have returned it; check is the same of any condition, in which returned stands for
// what was recorded. Results and checks of an operation of unknown outcome are left out. Of several operations of one name, the first is executed that
// can happen. keyed says that each value is a key and a value, and each key an object of its own.
//
// Values are those that histories have: nil, true and false, whole numbers, texts, keywords, and lists of such.
package declared
