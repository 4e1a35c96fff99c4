package program

// Load reads a workload in either form, text or binary, and validates its program. Its errors are
// [text.ErrorList], [*FormatError] and [*InvalidError]. file names the source in errors.
func Load(file string, data []byte) (*Workload, error) {
	w := &Workload{Program: &Program{}}
	var err error
	if IsBinary(data) {
		err = w.Program.UnmarshalBinary(data)
	} else {
		w, err = ParseWorkload(file, data)
	}
	if err != nil {
		return nil, err
	}
	if err := Validate(w.Program); err != nil {
		return nil, err
	}
	return w, nil
}
