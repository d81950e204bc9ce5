package text

// ToTraditional is replaced by the table of this package.
func ToTraditional(s string) string { return s }
