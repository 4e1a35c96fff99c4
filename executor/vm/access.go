package vm

// accessLog records the variables that a chunk's attempt really touched: those it read before
// it wrote them, and those it wrote.
type accessLog struct {
	reads, writes map[int32]bool
	parent        *accessLog // of the machine whose worker this is
}

func newAccessLog(parent *accessLog) *accessLog {
	return &accessLog{reads: make(map[int32]bool), writes: make(map[int32]bool), parent: parent}
}

func (l *accessLog) wrote(v int32) bool {
	return l != nil && (l.writes[v] || l.parent.wrote(v))
}

// absorb adds what a worker did.
func (l *accessLog) absorb(o *accessLog) {
	for v := range o.reads {
		l.reads[v] = true
	}
	for v := range o.writes {
		l.writes[v] = true
	}
}

// touch records an access to a variable, numbered as in a summary.
func (m *machine) touch(v int32, read, write bool) {
	if m.log == nil {
		return
	}
	if read && !m.log.wrote(v) {
		m.log.reads[v] = true
	}
	if write {
		m.log.writes[v] = true
	}
}

func (m *machine) read(in *original) {
	if in.global {
		m.touch(in.a, true, false)
	}
}

func (m *machine) wrote(in *original) {
	if in.global {
		m.touch(in.a, false, true)
	}
}
