package guard

import (
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

// A leaner tells which clauses go with one that offends: they say more about
// it, give its reason, answer the same question or ask pardon for it, and
// would contradict what takes its place or dangle without it.
type leaner struct {
	s        *situation
	clauses  []rewrite.Clause
	offences []offence
}

// mark walks from every offending clause outwards.
func (l *leaner) mark() {
	for i := range l.clauses {
		if len(l.clauses[i].Offends) == 0 {
			continue
		}
		o := l.offence(i)
		l.walk(i, -1, &o)
		l.walk(i, 1, &o)
	}
}

// offence sums up what clause i offends by.
func (l *leaner) offence(i int) offence {
	sum := offence{grants: true}
	for _, w := range l.clauses[i].Offends {
		o := &l.offences[w]
		sum.grants = sum.grants && o.grants
		sum.care = sum.care || o.care
		sum.cost = sum.cost || o.cost
		sum.price = sum.price || o.price
		sum.praise = sum.praise || o.praise
		sum.topics.Union(&o.topics)
		about := l.s.e.style.about[o.rule]
		sum.topics.Union(&about)
		cues, family := l.s.e.style.cues[o.rule], l.s.e.style.family[o.rule]
		sum.cues.Union(&cues)
		sum.family.Union(&family)
	}
	return sum
}

// walk marks the clauses on one side of clause i as far as they go with it.
// Beyond the sentence only what leans on the answer itself goes: a bare
// answer and a plea for understanding.
func (l *leaner) walk(i, step int, o *offence) {
	for j := i + step; j >= 0 && j < len(l.clauses); j += step {
		c := &l.clauses[j]
		if len(c.Offends) > 0 {
			return
		}
		if c.Address {
			continue
		}
		f := l.features(j)
		f.listed = l.listed(min(j, j-step))
		near := c.Sentence == l.clauses[i].Sentence
		if l.s.named(j) && f.length <= tiny {
			c.Goes = true // 老板 in 老板说这单不做了
			continue
		}
		if !l.goes(&f, o, step, near) {
			return
		}
		c.Goes = true
		if !near {
			return
		}
	}
}

// goes decides about one clause beside an offending one, step behind it.
func (l *leaner) goes(f *features, o *offence, step int, near bool) bool {
	behind := step > 0
	switch {
	case f.closing:
		return false
	case f.answer != 0 || f.agrees || f.courtesy:
		return f.answers(o)
	case f.plea:
		return o.grants && !o.care
	case !near:
		return !behind && f.question && (f.length <= echo || f.excuse)
	case f.listed, f.excuse, f.elsewhere, f.topical(o), f.accuses(o):
		return true
	case behind && f.follows(o), !behind && f.leads(o):
		return true
	case f.independent(o):
		return false
	case f.length <= medium && (f.related(o) || f.cues.Meets(&o.cues)):
		return true
	case f.reason:
		return true
	}
	return behind && f.trails(o)
}

// listed reports whether clause i and the next one are items of one list, or
// nothing but quotation marks stand between them: 世界一流、顶级的, 是“李雷贸易”的.
func (l *leaner) listed(i int) bool {
	if i < 0 || i+1 >= len(l.clauses) {
		return false
	}
	gap := l.s.reply[l.clauses[i].End:l.clauses[i+1].Start]
	return strings.Contains(gap, "、") || gap != "" && strings.Trim(gap, "“”\"「」『』【】《》") == ""
}

// Lengths in significant characters.
const (
	tiny   = 4  // of a clause that needs the one before it
	echo   = 6  // of a question that repeats the buyer's words
	short  = 9  // of a clause that says little by itself
	medium = 14 // of a clause that says one thing
)

// clauses maps the reply's clauses to the original.
func (s *situation) clauses() []rewrite.Clause {
	n := s.r.Clauses()
	out := make([]rewrite.Clause, n)
	sentence := 0
	for i := range n {
		start, end := s.r.ClauseSpan(i)
		if i > 0 && s.r.Text().GapBefore(start)&(text.Stop|text.Question|text.Newline) != 0 {
			sentence++
		}
		from, to := s.r.Text().Bytes(start, end)
		out[i] = rewrite.Clause{Start: from, End: to, Sentence: sentence, Address: s.addresses(i) && !s.named(i), Lead: s.lead(i)}
	}
	for i := range n {
		out[i].Tail = s.tail(i, out)
	}
	return out
}

// addresses reports whether clause i only addresses or greets the buyer.
func (s *situation) addresses(i int) bool {
	start, end := s.r.ClauseSpan(i)
	is := &s.e.style.is
	cues := s.r.Cues(i)
	at := start
	for _, q := range cues {
		if !q.Senses.Has(is.address) && !q.Senses.Has(is.buyer) && !q.Senses.Has(is.particle) {
			return false
		}
		at = max(at, q.End)
	}
	word := string(s.r.Text().Runes()[start:end])
	return len(cues) > 0 && at == end && !is.words.pleads(word) && hasAddress(cues, is) || is.words.greets(word)
}

// named reports whether the form of address of clause i runs on into its
// neighbours and speaks of somebody instead: 老板说不做, 有事找老板.
func (s *situation) named(i int) bool {
	start, end := s.r.ClauseSpan(i)
	runes := s.r.Text().Runes()
	if i+1 < s.r.Clauses() && s.r.Text().GapBefore(end) == 0 && strings.ContainsRune("说讲让", runes[end]) && runes[start] != '亲' {
		return true
	}
	return i > 0 && s.r.Text().GapBefore(start) == 0 && strings.ContainsRune("找问给跟是叫让", runes[start-1])
}

func hasAddress(cues []claim.Cue, is *manners) bool {
	for _, q := range cues {
		if q.Senses.Has(is.address) {
			return true
		}
	}
	return false
}

// lead returns the bytes of the connective that clause i opens with.
func (s *situation) lead(i int) int {
	start, end := s.r.ClauseSpan(i)
	word := string(s.r.Text().Runes()[start:end])
	for _, w := range s.e.style.is.words.contrast {
		n := len([]rune(w))
		if strings.HasPrefix(word, w) && start+n < end {
			from, to := s.r.Text().Bytes(start, start+n)
			return to - from
		}
	}
	return 0
}

// tail returns the closing particle of clause i that a replacement keeps, as
// it was written. The form of address behind it stays only where the reply
// has no other.
func (s *situation) tail(i int, clauses []rewrite.Clause) string {
	start, end := s.r.ClauseSpan(i)
	runes := s.r.Text().Runes()
	at := end
	if at > start && runes[at-1] == '亲' && !anyAddress(clauses) {
		at--
	} else if at > start && runes[at-1] == '亲' {
		end--
		at--
	}
	if at-1 > start && strings.ContainsRune("哦噢喔哈", runes[at-1]) && runes[at-2] != runes[at-1] {
		at--
	}
	if at == start || at == end {
		return ""
	}
	from, to := s.r.Text().Bytes(at, end)
	return s.reply[from:to]
}

func anyAddress(clauses []rewrite.Clause) bool {
	for i := range clauses {
		if clauses[i].Address {
			return true
		}
	}
	return false
}
