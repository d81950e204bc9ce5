package httpapi

import (
	"strconv"
	"strings"
)

// quality returns the weight that the Accept headers give media, by RFC 9110:
// the most specific range that matches decides, and 0 means not acceptable.
func quality(headers []string, media string) float64 {
	kind, _, _ := strings.Cut(media, "/")
	best, rank := 0.0, 0
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			name, params, _ := strings.Cut(part, ";")
			name = strings.ToLower(strings.TrimSpace(name))
			if at := specificity(name, kind, media); at > rank {
				rank, best = at, weight(params)
			}
		}
	}
	return best
}

// specificity tells how closely range name fits media: 3 exactly, 2 by its
// kind, 1 as */*, 0 not at all.
func specificity(name, kind, media string) int {
	switch name {
	case media:
		return 3
	case kind + "/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}

// weight returns the q parameter of params, 1 where there is none and 0 where
// it can't be read.
func weight(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return q
	}
	return 1
}
