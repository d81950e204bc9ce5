package claim

import (
	"github.com/replyguard/replyguard/pkg/internal/match"
	"github.com/replyguard/replyguard/pkg/internal/segment"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

// scratch is the memory of one reading, kept in a pool.
type scratch struct {
	seg    segment.Segmenter
	hits   []match.Hit
	polite []rune      // the text as it is matched, where it has 你
	plain  []rune      // the text in the standard language, where it is regional
	covers []match.Hit // hits that hide others
	tokens []segment.Token
	named  []focus
	cut    bool   // tokens are of the text at hand
	lead   string // digits that the messages before consist of
}

// onWords reports whether [start, end) begins and ends on word boundaries.
// The text is segmented the first time that somebody asks.
func (s *scratch) onWords(t *text.Text, start, end int) bool {
	if s.seg == nil {
		return true
	}
	if !s.cut {
		s.tokens = s.seg.AppendTokens(s.tokens[:0], t.Runes())
		s.cut = true
	}
	from, to := false, false
	for _, k := range s.tokens {
		from = from || k.Start == start
		to = to || k.End == end
		if k.Start >= end {
			break
		}
	}
	return from && to
}
