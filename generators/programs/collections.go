package programs

import (
	"strconv"

	"synchrony/models/program"
)

// collection does something with a list or a map. Lists are never empty and maps always
// have the key "k", so that an element can be read.
func (c *compiler) collection(s *scope, st statement, ctx context) {
	if of(st.form, 2) == 0 {
		c.list(s, st, ctx)
	} else {
		c.mapping(s, st, ctx)
	}
}

func (c *compiler) list(s *scope, st statement, ctx context) {
	to := firstList + variable(of(st.a, 2))
	from := firstList + variable(of(st.b, 2))
	form := of(st.variant, 12)
	if !s.has.contains(from) || form < 2 {
		c.newList(s, st, ctx, form)
		c.store(s, ctx, to)
		return
	}
	c.load(s, ctx, from)
	switch form {
	case 2, 3: // an element
		if form == 2 {
			c.pushInt(s, ctx, 0)
		} else { // the last
			c.emit(s, ctx, program.Dup)
			c.builtin(s, ctx, program.BuiltinLen, 1)
			c.pushInt(s, ctx, 1)
			c.emit(s, ctx, program.Sub)
		}
		c.emit(s, ctx, program.Index)
		c.storeInt(s, ctx, c.target(st.a), largestInt)
		return
	case 4: // its sum
		c.builtin(s, ctx, program.BuiltinSum, 1)
		c.storeInt(s, ctx, c.target(st.a), c.reduce(s, ctx))
		return
	case 5:
		c.builtin(s, ctx, program.BuiltinLen, 1)
		c.storeInt(s, ctx, c.target(st.a), largestInt)
		return
	case 6:
		c.operand(s, ctx, st.c, 0)
		c.builtin(s, ctx, program.BuiltinHas, 2)
		c.store(s, ctx, firstBool)
		return
	case 7:
		c.pushInt(s, ctx, 0)
		c.operand(s, ctx, st.c, 0)
		c.builtin(s, ctx, program.BuiltinPut, 3)
	case 8:
		c.pushInt(s, ctx, 0)
		c.pushInt(s, ctx, 1)
		c.builtin(s, ctx, program.BuiltinSlice, 3)
	case 9:
		c.operand(s, ctx, st.c, 0)
		c.emit(s, ctx, program.BuildList, 1)
		c.emit(s, ctx, program.Add)
	default:
		c.operand(s, ctx, st.c, 0)
		c.builtin(s, ctx, program.BuiltinAppend, 2)
	}
	c.store(s, ctx, to)
}

// newList emits a list of one to six ints.
func (c *compiler) newList(s *scope, st statement, ctx context, form int) {
	n := 1 + of(st.c, 6)
	switch form % 3 {
	case 0:
		for k := range min(n, 3) {
			c.operand(s, ctx, st.b, k)
		}
		c.emit(s, ctx, program.BuildList, int32(min(n, 3)))
	case 1:
		items := make([]program.Value, n)
		for k := range items {
			items[k] = program.Int(int64(c.unique(k)))
		}
		c.push(s, ctx, program.List(items...))
	default:
		c.pushInt(s, ctx, n)
		c.builtin(s, ctx, program.BuiltinRange, 1)
	}
}

// rebuild gives one variable several strings, lists or maps in turn, each made of the one before or anew: garbage, whose
// places a machine may use again. It is a variable that has a value, if there is one, and what it had is seen in another.
func (c *compiler) rebuild(s *scope, st statement, ctx context) {
	const kinds = anything - firstString
	v := firstString + variable(of(st.a, int(kinds)))
	for range kinds {
		if s.has.contains(v) {
			c.load(s, ctx, v)
			c.builtin(s, ctx, program.BuiltinLen, 1)
			c.storeInt(s, ctx, c.target(st.a), largestInt)
			break
		}
		if v++; v == anything {
			v = firstString
		}
	}
	for k := range 2 + of(st.b, 5) {
		anew := !s.has.contains(v) || st.variant>>k&1 == 0
		if !anew {
			c.load(s, ctx, v)
		}
		switch {
		case v < firstList && anew:
			c.operand(s, ctx, st.c, k)
			c.builtin(s, ctx, program.BuiltinStr, 1)
		case v < firstList:
			c.push(s, ctx, c.word())
			c.emit(s, ctx, program.Add)
		case v < firstMap && anew:
			c.newList(s, st, ctx, 0)
		case v < firstMap:
			c.operand(s, ctx, st.c, k)
			c.builtin(s, ctx, program.BuiltinAppend, 2)
		case anew:
			c.push(s, ctx, program.String("k"))
			c.operand(s, ctx, st.c, k)
			c.emit(s, ctx, program.BuildMap, 1)
		default:
			c.pushInt(s, ctx, k)
			c.operand(s, ctx, st.c, k)
			c.builtin(s, ctx, program.BuiltinPut, 3)
		}
		c.store(s, ctx, v)
	}
}

func (c *compiler) mapping(s *scope, st statement, ctx context) {
	to := firstMap + variable(of(st.a, 2))
	from := firstMap + variable(of(st.b, 2))
	key := program.String("k")
	form := of(st.variant, 8)
	if !s.has.contains(from) || form < 2 {
		c.push(s, ctx, key)
		c.operand(s, ctx, st.b, 0)
		c.push(s, ctx, program.Int(int64(of(st.c, 3))))
		c.operand(s, ctx, st.c, 1)
		c.emit(s, ctx, program.BuildMap, 2)
		c.store(s, ctx, to)
		return
	}
	c.load(s, ctx, from)
	switch form {
	case 2, 3:
		c.push(s, ctx, key)
		c.emit(s, ctx, program.Index)
		c.storeInt(s, ctx, c.target(st.a), largestInt)
	case 4:
		c.builtin(s, ctx, program.BuiltinValues, 1)
		c.store(s, ctx, firstList+variable(of(st.a, 2)))
	case 5:
		c.push(s, ctx, program.String("key"+strconv.Itoa(of(st.c, 3))))
		c.builtin(s, ctx, program.BuiltinHas, 2)
		c.store(s, ctx, firstBool+1)
	default:
		if form == 6 {
			key = program.String("key" + strconv.Itoa(of(st.c, 3)))
		}
		c.push(s, ctx, key)
		c.operand(s, ctx, st.c, 0)
		c.builtin(s, ctx, program.BuiltinPut, 3)
		c.store(s, ctx, to)
	}
}
