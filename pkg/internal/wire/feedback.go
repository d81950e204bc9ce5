package wire

import "github.com/replyguard/replyguard/api/apiv1"

// DecodeFeedback reads the body of POST /v1/feedback. The error is an *Error.
func DecodeFeedback(body []byte) (apiv1.FeedbackRequest, error) {
	var f apiv1.FeedbackRequest
	if err := decode(body, &f); err != nil {
		return f, err
	}
	switch {
	case f.Id == "":
		return f, &Error{Code: CodeMissingField, Pointer: "/id", Detail: "is missing"}
	case len(f.Id) > 64:
		return f, invalid("/id", "must have at most 64 characters")
	case f.Action == "":
		return f, &Error{Code: CodeMissingField, Pointer: "/action", Detail: "is missing"}
	case !f.Action.Valid():
		return f, invalid("/action", "must be sent_rewrite, edited, sent_anyway or false_positive")
	}
	return f, nil
}
