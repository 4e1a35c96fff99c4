package history

// InitialVersion is the version of an account that no transaction has written.
const InitialVersion int32 = -1
