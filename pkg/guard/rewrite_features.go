package guard

import (
	"strings"
	"unicode"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/text"
)

// features are what marks a clause beside an offending one.
type features struct {
	named     claim.Set // topics named in the clause
	topics    claim.Set // and those that its acts imply
	spoken    claim.Set // that its claims are about, named or not
	cues      claim.Set
	acts      bool // something is predicated of one of them
	length    int  // significant characters
	answer    int  // a bare answer: 1 yes, -1 no
	courtesy  bool // 好的, 嗯嗯: taking note rather than agreeing
	agrees    bool // 嗯, 对: confirms what the buyer supposed
	plea      bool // asks pardon or understanding, nothing else
	closing   bool // thanks, wishes, invites questions: fits anywhere
	reason    bool // gives a reason
	excuse    bool // gives one that stands for nothing else
	lures     bool // names an advantage of what offends
	only      bool // leaves nothing but: 只能余额宝
	listed    bool // an item of the same list
	doing     bool // does the buyer a favour: 给您免邮
	instructs bool // tells the buyer what to do
	instead   bool // opens an alternative: 要不
	that      bool // opens with what was said before: 那是
	owned     bool // speaks of the shop: 我
	negative  bool // says that something is not so
	denies    bool // 不是: contradicts the buyer
	away      bool // speaks ill of the platform's own chat
	mention   bool // names topics without saying anything of them
	elsewhere bool // sends the buyer elsewhere: 您退款吧, 换一款
	question  bool
	figure    bool // an amount or a number
	entity    bool // an account, a number to call, a link
	pointing  bool // 那边, 里头, 一样的: refers back
	dangling  bool // ends in a word that wants an object: 图发到
	echoes    bool // takes up what the buyer asked
}

// answers reports whether a bare answer goes: what takes the offending
// clause's place is the full answer.
func (f *features) answers(o *offence) bool {
	switch {
	case f.courtesy:
		return !o.grants
	case f.answer < 0 && !f.denies:
		return o.grants
	}
	return true
}

// topical reports whether the clause only brings up what the offence is
// about: 发票的话.
func (f *features) topical(o *offence) bool {
	return f.mention && f.length <= short && !f.named.Empty() && o.family.Holds(&f.named)
}

// accuses reports whether the clause gives a reason that the offence's rule
// knows, or says that the buyer cannot be helped where he is.
func (f *features) accuses(o *offence) bool {
	switch {
	case f.length > medium:
		return false
	case f.away, f.lures && f.cues.Meets(&o.cues):
		return true
	}
	return f.negative && !f.named.Empty() && o.family.Holds(&f.named)
}

// follows reports whether a clause behind the offending one only makes sense
// with it: what is left over, what the buyer gains, where to go instead.
func (f *features) follows(o *offence) bool {
	switch {
	case f.length > medium:
		return false
	case f.length <= tiny && f.named.Empty():
		return true
	case f.lures, f.only, f.that:
		return true
	case !o.grants:
		return f.figure || f.doing || f.instructs
	}
	return o.cost && (f.figure || f.doing)
}

// leads reports whether a clause in front of the offending one only makes
// sense with it.
func (f *features) leads(o *offence) bool {
	switch {
	case f.dangling, f.question && f.length <= echo, f.figure && o.cost && f.length <= echo:
		return true
	case o.praise && f.length <= short && f.named.Empty():
		return true
	}
	if f.length > medium {
		return false
	}
	return f.only || f.figure && o.price || !o.grants && (f.instead || f.instructs && !f.owned && f.named.Empty() && !f.echoes)
}

// trails reports whether a clause behind the offending one, which names no
// topic of its own, still speaks of it.
func (f *features) trails(o *offence) bool {
	switch {
	case f.figure && (o.cost || f.length <= short), f.entity, f.pointing:
		return true
	case f.echoes:
		return false
	}
	return f.length <= short
}

// independent reports whether the clause has something of its own to say:
// it predicates something of a topic that the offence is not about.
func (f *features) independent(o *offence) bool {
	topics := f.named
	if topics.Empty() {
		topics = f.topics
	}
	for _, t := range topics.All() {
		if !o.topics.Has(t) {
			return f.acts || f.length > short
		}
	}
	return false
}

// related reports whether a clause without a topic of its own speaks of the
// offence's.
func (f *features) related(o *offence) bool { return f.spoken.Meets(&o.topics) }

// features reads clause i.
func (l *leaner) features(i int) features {
	r, is := l.s.r, &l.s.e.style.is
	start, end := r.ClauseSpan(i)
	word := string(r.Text().Runes()[start:end])
	own, words := r.Own(i), &is.words
	f := features{length: end - start, named: own.And(l.s.e.style.topics)}
	for _, t := range is.light.All() {
		f.named.Remove(t)
	}
	f.topics = f.named
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
		f.negative = f.negative || c.Polarity == claim.Negative && c.Origin == claim.Explicit
		f.question = f.question || c.Mood == claim.Question || c.Mood == claim.Offer
	}
	f.figure, f.entity = own.Meets(&is.figures) || figures(word), own.Meets(&is.entities)
	f.cues = *own
	f.lures = own.Meets(&is.reasons) || containsAny(word, words.lure...)
	f.reason = own.Meets(&is.reasons) || containsAny(word, words.reason...)
	f.excuse = f.length <= medium && containsAny(word, words.excuse...) || avoids(word)
	f.only = strings.HasPrefix(word, "只") && !strings.HasPrefix(word, "只要") || strings.HasPrefix(word, "顶多") || strings.HasPrefix(word, "最多")
	f.doing = containsAny(word, words.doing...)
	f.away = (own.Has(is.wangwang) || containsAny(word, "这儿", "这里", "这上头")) && containsAny(word, "不了", "不清", "不便", "不好", "不常", "没", "慢", "卡", "掉线")
	f.instructs = strings.HasPrefix(word, "您") || strings.HasPrefix(word, "你") || strings.HasPrefix(word, "恁")
	f.owned = strings.Contains(word, "我")
	f.that = strings.HasPrefix(word, "那是") || strings.HasPrefix(word, "那系")
	f.instead = strings.HasPrefix(word, "要不") || strings.HasPrefix(word, "要么") || strings.HasPrefix(word, "或者")
	f.denies = strings.HasPrefix(word, "不是") || strings.HasPrefix(word, "唔系") || strings.HasPrefix(word, "没有") || strings.HasPrefix(word, "不会")
	f.mention = !f.acts && !f.figure
	f.elsewhere = containsAny(word, words.elsewhere...)
	f.closing = containsAny(word, words.closing...)
	f.pointing = containsAny(word, words.pointing...)
	f.dangling = dangles(word)
	f.plea = f.named.Empty() && words.pleads(word)
	f.courtesy, f.agrees = words.courteous(word), words.agrees(word)
	f.answer = l.bare(i)
	f.echoes = l.echoes(start, end)
	return f
}

// figures reports whether a word holds two digits in a row, Chinese or Arabic.
func figures(word string) bool {
	n := 0
	for _, c := range word {
		if !unicode.IsDigit(c) && !strings.ContainsRune("一二三四五六七八九十百两半", c) {
			n = 0
			continue
		}
		if n++; n >= 2 {
			return true
		}
	}
	return false
}

// bare returns the sign of clause i if it is nothing but an answer, else 0.
func (l *leaner) bare(i int) int {
	r, is := l.s.r, &l.s.e.style.is
	start, end := r.ClauseSpan(i)
	runes := r.Text().Runes()
	word := string(runes[start:end])
	switch {
	case is.words.assents(word):
		return 1
	case is.words.dissents(word):
		return -1
	}
	sign, answers, at, rest := 1, 0, start, 0
	for _, q := range r.Cues(i) {
		topics := q.Senses.And(l.s.e.style.topics)
		if !topics.Empty() || !q.Senses.Meets(&is.answers) && !q.Senses.Meets(&is.empty) {
			return 0
		}
		if q.Senses.Meets(&is.negations) {
			sign = -sign
		}
		if q.Senses.Meets(&is.answers) {
			answers++
		}
		rest += contents(runes[at:max(at, q.Start)])
		at = max(at, q.End)
	}
	if answers == 0 || rest+contents(runes[at:end]) > 0 {
		return 0
	}
	return sign
}

// contents counts the characters that are more than grammar.
func contents(runes []rune) int {
	n := 0
	for _, c := range runes {
		if unicode.IsLetter(c) && !strings.ContainsRune(grammar, c) {
			n++
		}
	}
	return n
}

// grammar are characters without a meaning of their own.
const grammar = "的了是在这那都也就还吧呢哦哈啊呀嘛个么样"

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
		if unicode.Is(unicode.Han, c) && !strings.ContainsRune(grammar+"你您我们有没不可以能要给吗会到一下好什怎", c) {
			n++
		}
	}
	return n == 2
}
