package httpapi_test

import (
	"encoding/json"
	"strings"
)

// onlyReply reads the member reply of body with encoding/json into a map, which
// knows no cases and keeps the last of duplicates. ok is false where a name
// that some parser could take for reply stands there as well.
func onlyReply(body []byte) (reply string, ok bool) {
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return "", false
	}
	for name := range m {
		if name != "reply" && strings.EqualFold(name, "reply") {
			return "", false
		}
	}
	reply, ok = m["reply"].(string)
	return reply, ok
}
