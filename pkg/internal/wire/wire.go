// Package wire translates between the JSON of the HTTP API and the engine's
// types: requests into guard.Input, strictly, and results into JSON by
// appending to a caller's buffer. It knows nothing of HTTP and judges nothing.
//
// Decoding is a security boundary: a document that two parsers can read in two
// ways would let a reply be checked in one form and sent in another. So only
// documents with exactly one reading are accepted.
package wire
