package claim

import (
	"slices"
	"unicode"
)

// repeated finds the question of the buyer's turn that the clause takes up by
// repeating a word of it: to 鱼竿配鱼线吗，发票有没有, 鱼线没有配 answers the first. It
// returns the range of that question's claims among the open ones, and false
// where the clause repeats nothing, or something of more than one question.
// Only words that the lexicon does not have are looked for.
func (x *interpreter) repeated() (from, to int, ok bool) {
	r := x.r
	if x.buyer || r.nCarry > 0 || r.nBuyer == 0 || x.m.unknown(x.c, x.c.start, x.c.end) < 2 {
		return 0, 0, false
	}
	asking := 0
	for i := range r.buyer[:r.nBuyer] {
		for j := range r.buyer[i].clauses {
			if r.buyer[i].clauses[j].asked {
				asking++
			}
		}
	}
	if asking < 2 {
		return 0, 0, false
	}
	msg, at := -1, -1
	for i := range r.buyer[:r.nBuyer] {
		m := &r.buyer[i]
		for j := range m.clauses {
			if c := &m.clauses[j]; x.repeats(m, c) {
				if msg >= 0 || !c.asked {
					return 0, 0, false
				}
				msg, at = i, j
			}
		}
	}
	if msg < 0 {
		return 0, 0, false
	}
	from, to = r.openOf(msg, at)
	return from, to, true
}

// repeats reports whether two characters in a row that no item of the clause
// covers stand in c, a clause of m, as well.
func (x *interpreter) repeats(m *reading, c *clause) bool {
	own, their := x.m.text.Runes(), m.text.Runes()[c.start:c.end]
	k := x.c.lo
	for i := x.c.start; i+1 < x.c.end; i++ {
		for k < x.c.hi && x.m.items[k].end <= i {
			k++
		}
		if k < x.c.hi && x.m.items[k].start <= i+1 || !content(own[i]) || !content(own[i+1]) {
			continue
		}
		for j := range their {
			if j+1 < len(their) && slices.Equal(their[j:j+2], own[i:i+2]) {
				return true
			}
		}
	}
	return false
}

// content reports whether r is a Han character that means something by itself.
func content(r rune) bool { return unicode.Is(unicode.Han, r) && !functional(r) }

// openOf returns the range of the open claims that clause at of the buyer's
// message msg has made.
func (r *Reading) openOf(msg, at int) (from, to int) {
	from = -1
	for i := range r.open {
		q := &r.open[i]
		if q.Clause < 0 {
			msg--
			continue
		}
		if msg == 0 && q.Clause == at {
			if from < 0 {
				from = i
			}
			to = i + 1
		}
	}
	return max(from, 0), to
}

// within returns the claims of open[from:to] that p can answer: all for a bare
// answer, those of the same kind of act for an act of its own.
func (x *interpreter) within(from, to int, p *predication) (int, int) {
	for from < to && p.act != 0 && !x.sameKind(x.r.open[from].Act, p.act) {
		from++
	}
	for to > from && p.act != 0 && !x.sameKind(x.r.open[to-1].Act, p.act) {
		to--
	}
	return from, to
}

// echoed returns the side whose words the clause repeats, if it says nothing
// else besides restricting to it: 只剩白的 to 黑的跟白的都还有吗.
func (x *interpreter) echoed() side {
	if x.r.sides.words[0] == nil {
		return 0
	}
	var word [longestEcho]rune
	n := 0
	runes := x.m.text.Runes()
	k := x.c.lo
	for i := x.c.start; i < x.c.end; i++ {
		for k < x.c.hi && x.m.items[k].end <= i {
			k++
		}
		if k < x.c.hi && x.m.items[k].start <= i {
			switch it := &x.m.items[k]; {
			case it.is(x.is.only), it.is(x.is.particle), it.is(x.is.address), it.is(x.is.filler):
				continue
			case it.senses.Meets(&x.is.acts), it.senses.Meets(&x.is.polar), x.m.isTopic(it) && !x.m.light(k) && !(x.r.sides.choice && it.is(x.is.receipt)):
				return 0 // but 收据 to 收据还是发票 picks it
			}
		}
		if n == len(word) {
			return 0
		}
		word[n] = runes[i]
		n++
	}
	if n == 0 || !x.c.bag.Has(x.is.only) && (!x.r.sides.choice || n < 2) {
		return 0
	}
	a, b := contains(x.r.sides.words[0], word[:n]), contains(x.r.sides.words[1], word[:n])
	switch {
	case a && !b:
		return first
	case b && !a:
		return second
	}
	return 0
}

// contains reports whether word stands in runes.
func contains(runes, word []rune) bool {
	for i := 0; i+len(word) <= len(runes); i++ {
		if slices.Equal(runes[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

// takenUp reports whether the clause grants what the buyer's last clause asks
// by taking up its verb, whether or not the lexicon has it: 划啦 to 给划掉呗, 管 to
// 写别的管不. A verb denied is no answer: 不限 to 只限市区吗 grants it.
func (x *interpreter) takenUp() bool {
	r := x.r
	if x.buyer || r.nBuyer == 0 || len(r.open) == 0 || x.c.mood != Assert && x.c.mood != Offer {
		return false
	}
	word, ok := x.onlyWord()
	if !ok {
		return false
	}
	m := &r.buyer[r.nBuyer-1]
	if len(m.clauses) == 0 {
		return false
	}
	last := &m.clauses[len(m.clauses)-1]
	their := m.text.Runes()[last.start:last.end]
	for i := 0; i+2 < len(their); i++ {
		if their[i] == word && their[i+2] == word && (their[i+1] == '不' || their[i+1] == '唔') {
			return true // 算 to 算不算全网最好的
		}
	}
	if len(their) == 0 || !last.asked && !urges(their[len(their)-1]) && !asks(their[len(their)-1]) {
		return false
	}
	for i := len(their) - 2; i >= max(0, len(their)-1-longestEcho); i-- {
		if their[i] == word {
			return true
		}
	}
	return false
}

// answered reports whether the clause answers what is open by a word of its
// own: an answer, or an act that was asked for.
func (x *interpreter) answered() bool {
	for i := range x.m.preds {
		if p := &x.m.preds[i]; p.act == 0 || x.openAct(p.act) {
			return true
		}
	}
	return false
}

// onlyWord returns the one character that is all that the clause says besides
// particles and forms of address, and whether there is no more.
func (x *interpreter) onlyWord() (rune, bool) {
	runes := x.m.text.Runes()
	from, to := x.c.start, x.c.end
	for k := x.c.lo; k < x.c.hi; k++ {
		switch it := &x.m.items[k]; {
		case !it.is(x.is.particle) && !it.is(x.is.address):
		case it.start == from:
			from = it.end
		case it.start < to:
			to = it.start
		}
	}
	for to > from && (functional(runes[to-1]) || urges(runes[to-1])) {
		to--
	}
	if to-from != 1 || !content(runes[from]) {
		return 0, false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; it.start < to && it.end > from && (x.m.isTopic(it) || it.senses.Meets(&x.is.parties) || it.senses.Meets(&x.is.slots)) {
			return 0, false
		}
	}
	return runes[from], true
}

// urges reports whether r is a particle that ends a request or grants it.
func urges(r rune) bool {
	switch r {
	case '呗', '吧', '嘛', '哈', '咯', '喽', '噻', '撒', '哩', '啵':
		return true
	}
	return false
}

// asks reports whether r is a particle that ends a question.
func asks(r rune) bool { return r == '吗' || r == '不' || r == '没' || r == '啵' }
