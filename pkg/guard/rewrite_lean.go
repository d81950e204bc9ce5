package guard

import (
	"strings"
	"unicode"

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
		sum.topics.Union(&o.topics)
		about := l.s.e.style.about[o.rule]
		sum.topics.Union(&about)
		cues := l.s.e.style.cues[o.rule]
		sum.cues.Union(&cues)
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
	switch {
	case f.closing:
		return false
	case f.plea:
		return o.grants && !o.care
	case f.answer < 0:
		return o.grants
	case f.answer > 0:
		return !o.grants && !f.courtesy
	case !near:
		return step < 0 && f.question && f.length <= echo
	case f.listed, f.excuse, f.elsewhere && step > 0:
		return true
	case step > 0 && f.length <= medium && (f.lures || f.only):
		return true
	case f.independent(o):
		return false
	case f.length <= medium && (f.related(o) || f.cues.Meets(&o.cues)):
		return true
	case f.reason:
		return true
	case step < 0:
		return f.question && f.length <= echo || f.dangling
	}
	return l.trails(f, o)
}

// trails reports whether a clause behind the offending one, which names no
// topic of its own, still speaks of it.
func (l *leaner) trails(f *features, o *offence) bool {
	switch {
	case f.figure && (o.cost || f.length <= short), f.entity, f.pointing:
		return true
	case f.echoes:
		return false
	}
	return f.length <= short
}

// listed reports whether clause i and the next one are items of one list:
// 世界一流、顶级的.
func (l *leaner) listed(i int) bool {
	if i < 0 || i+1 >= len(l.clauses) {
		return false
	}
	return strings.Contains(l.s.reply[l.clauses[i].End:l.clauses[i+1].Start], "、")
}

// Lengths in significant characters.
const (
	echo   = 6  // of a question that repeats the buyer's words
	short  = 9  // of a clause that says little by itself
	medium = 14 // of a clause that says one thing
)

// features are what marks a clause beside an offending one.
type features struct {
	topics    claim.Set // named in the clause
	spoken    claim.Set // that its claims are about, named or not
	cues      claim.Set
	acts      bool // something is predicated of one of them
	length    int  // significant characters
	answer    int  // a bare answer: 1 yes, -1 no
	courtesy  bool // 好的, 嗯嗯: taking note rather than agreeing
	plea      bool // asks pardon or understanding, nothing else
	closing   bool // thanks, wishes, invites questions: fits anywhere
	reason    bool // gives a reason
	excuse    bool // gives one that stands for nothing else
	lures     bool // names an advantage of what offends
	only      bool // leaves nothing but: 只能余额宝
	listed    bool // an item of the same list
	elsewhere bool // sends the buyer elsewhere: 您退款吧, 换一款
	question  bool
	figure    bool // an amount or a number
	entity    bool // an account, a number to call, a link
	pointing  bool // 那边, 里头, 一样的: refers back
	dangling  bool // ends in a word that wants an object: 图发到
	echoes    bool // takes up what the buyer asked
}

// independent reports whether the clause has something of its own to say:
// it predicates something of a topic that the offence is not about.
func (f *features) independent(o *offence) bool {
	for _, t := range f.topics.All() {
		if !o.topics.Has(t) {
			return f.acts || f.length > short
		}
	}
	return false
}

// related reports whether a clause without a topic of its own speaks of the
// offence's.
func (f *features) related(o *offence) bool {
	return f.spoken.Meets(&o.topics)
}

// features reads clause i.
func (l *leaner) features(i int) features {
	r, is := l.s.r, &l.s.e.style.is
	start, end := r.ClauseSpan(i)
	word := string(r.Text().Runes()[start:end])
	own := r.Own(i)
	f := features{length: end - start, topics: own.And(l.s.e.style.topics)}
	for _, t := range is.light.All() {
		f.topics.Remove(t)
	}
	for k := range r.Claims() {
		c := &r.Claims()[k]
		if c.Clause != i {
			continue
		}
		f.acts = f.acts || c.Act != 0 && c.Origin == claim.Explicit
		if c.Topic != 0 {
			f.spoken.Add(c.Topic)
		}
		if c.Topic != 0 && c.Origin == claim.Explicit && !is.light.Has(c.Topic) {
			f.topics.Add(c.Topic)
		}
		f.question = f.question || c.Mood == claim.Question || c.Mood == claim.Offer
	}
	f.figure, f.entity = own.Meets(&is.figures), own.Meets(&is.entities)
	f.cues = own.And(is.cues)
	f.lures = own.Meets(&is.reasons)
	f.reason = f.lures || containsAny(word, reasonWords()...)
	f.excuse = f.length <= medium && containsAny(word, excuseWords()...) || avoids(word)
	f.only = strings.HasPrefix(word, "只") || strings.HasPrefix(word, "顶多") || strings.HasPrefix(word, "最多")
	f.elsewhere = containsAny(word, elsewhereWords()...)
	f.closing = containsAny(word, closingWords()...)
	f.pointing = containsAny(word, pointingWords()...)
	f.dangling = danglesAt(word)
	f.plea = f.topics.Empty() && pleads(word)
	f.courtesy = courteous(word)
	f.answer = l.bare(i)
	f.echoes = l.echoes(start, end)
	return f
}

// bare returns the sign of clause i if it is nothing but an answer, else 0.
func (l *leaner) bare(i int) int {
	r, is := l.s.r, &l.s.e.style.is
	start, end := r.ClauseSpan(i)
	covered, sign, answers := 0, 1, 0
	at := start
	for _, q := range r.Cues(i) {
		topics := q.Senses.And(l.s.e.style.topics)
		if !topics.Empty() {
			return 0
		}
		if q.Senses.Meets(&is.negations) {
			sign = -sign
		}
		if q.Senses.Meets(&is.answers) {
			answers++
		} else if !q.Senses.Meets(&is.empty) {
			return 0
		}
		if q.End > at {
			covered += q.End - max(q.Start, at)
			at = q.End
		}
	}
	rest := 0
	for k := start; k < end; k++ {
		if unicode.Is(unicode.Han, r.Text().Runes()[k]) && !strings.ContainsRune("的了是在这那都也就还吧呢哦哈啊呀嘛个么", r.Text().Runes()[k]) {
			rest++
		}
	}
	if word := string(r.Text().Runes()[start:end]); assents(word) {
		return 1
	}
	if answers == 0 || rest > covered {
		return 0
	}
	return sign
}

// echoes reports whether the clause shares two characters in a row with what
// the buyer wrote last, so that it answers another of his questions.
func (l *leaner) echoes(start, end int) bool {
	runes := l.s.r.Text().Runes()
	msgs := l.s.in.Conversation.Messages
	for i := len(msgs) - 1; i >= 0 && i >= len(msgs)-4; i-- {
		if msgs[i].From != Buyer {
			continue
		}
		t := text.Normalize(msgs[i].Text)
		heard := string(t.Runes())
		for k := start; k+1 < end; k++ {
			if pair := string(runes[k : k+2]); meaningful(pair) && strings.Contains(heard, pair) {
				return true
			}
		}
	}
	return false
}

// meaningful reports whether a pair of characters is more than grammar.
func meaningful(pair string) bool {
	n := 0
	for _, c := range pair {
		if unicode.Is(unicode.Han, c) && !strings.ContainsRune("的了是在这那都也就还吧呢哦哈啊呀嘛个么你您我们有没不可以能要给吗会到一下好什怎", c) {
			n++
		}
	}
	return n == 2
}

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
		out[i] = rewrite.Clause{Start: from, End: to, Sentence: sentence, Address: s.addresses(i), Lead: s.lead(i)}
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
	return len(cues) > 0 && at == end && !pleads(word) && hasAddress(cues, is) || greets(word)
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
	for _, w := range contrastWords() {
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
