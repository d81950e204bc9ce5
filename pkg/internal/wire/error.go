package wire

// Codes of Error. They are part of the public contract: they never change
// their meaning.
const (
	CodeInvalidJSON   = "invalid_json"   // not exactly one JSON document
	CodeInvalidUTF8   = "invalid_utf8"   // bytes that are no UTF-8
	CodeDuplicateName = "duplicate_name" // a member name occurs twice
	CodeWrongCase     = "wrong_case"     // a known name in another case
	CodeInvalidField  = "invalid_field"  // a member with a value that is not allowed
	CodeMissingField  = "missing_field"  // a required member is absent or empty
)

// Error says what is wrong with a request. It never quotes the request: only
// Pointer, which holds member names, comes from it.
type Error struct {
	Code    string // one of the constants
	Pointer string // JSON pointer (RFC 6901) to the member; empty: the whole document
	Detail  string // a sentence fragment in English
}

// Error returns the pointer and the detail.
func (e *Error) Error() string {
	if e.Pointer == "" {
		return e.Detail
	}
	return e.Pointer + " " + e.Detail
}
