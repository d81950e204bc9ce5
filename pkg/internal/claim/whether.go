package claim

import (
	"slices"
	"unicode"
)

// askedWhether reports whether item k asks in the form A-not-A: 有没有, 能不能,
// 可否. It stands where a plain 有 or 能 would stand.
func (r *reading) askedWhether(k int) bool {
	it := &r.items[k]
	w := r.text.Runes()[it.start:it.end]
	switch w[0] {
	case '有', '能', '可', '行', '得', '支', '方', '收', '给', '开', '带', '会':
	default:
		return false
	}
	for _, c := range w[1:] {
		switch c {
		case '不', '没', '冇', '唔', '否', '无', '木':
			return len(w) <= 5
		}
	}
	return false
}

// either reports whether it is a negator between the same word twice: 秒不秒杀,
// 顶级不顶级.
func (p *predicator) either(it *item) bool {
	r := p.r.text.Runes()
	if it.end-it.start != 1 {
		return false
	}
	for n := 1; n <= 3; n++ {
		if it.start-n < p.c.start || it.end+n > p.c.end {
			return false
		}
		if slices.Equal(r[it.start-n:it.start], r[it.end:it.end+n]) && unicode.Is(unicode.Han, r[it.end]) {
			return true
		}
	}
	return false
}

// eitherInside reports whether it begins with a negator and the word behind that
// stands before it as well: 不赔 in 赔不赔.
func (p *predicator) eitherInside(it *item) bool {
	r := p.r.text.Runes()
	if it.end-it.start < 2 || it.start == p.c.start || r[it.start] != '不' && r[it.start] != '唔' {
		return false
	}
	switch r[it.start+1] {
	case '会', '是', '能', '要':
		return false // 会不会不给开: a question of its own
	}
	return r[it.start-1] == r[it.start+1] && unicode.Is(unicode.Han, r[it.start-1])
}

// leavesOpen reports whether the clause leaves undecided what the A-not-A around
// it asks, as 顶级不顶级我不说 does. 秒不秒杀都没有 does not, nor does 开不开票我们没有票,
// which names again what it speaks of.
func (p *predicator) leavesOpen(it *item) bool {
	for k := p.c.lo; k < p.c.hi; k++ {
		if o := &p.r.items[k]; o.start > it.end+2 && p.r.isTopic(o) {
			return false
		}
	}
	for _, c := range p.r.text.Runes()[p.c.start:p.c.end] {
		switch c {
		case '都', '也', '均', '照', '甭', '管', '论':
			return false
		}
	}
	return p.c.mood == Assert
}

// checksWhether reports whether item k is a negator at the end of a clause of
// the seller's that says what he will look up: 我看看发了没有.
func (p *predicator) checksWhether(k int) bool {
	it := &p.r.items[k]
	if p.r.buyer || it.end < p.c.end && p.r.unknown(p.c, it.end, p.c.end) > 0 || it.end-it.start > 2 {
		return false
	}
	for j := k + 1; j < p.c.hi; j++ {
		if o := &p.r.items[j]; !o.is(p.r.is.particle) && !o.is(p.r.is.address) {
			return false
		}
	}
	for _, c := range p.r.text.Runes()[p.c.start:max(p.c.start, it.start-1)] {
		switch c {
		case '查', '看', '问', '核':
			return true
		}
	}
	return false
}

// asksAtEnd reports whether item k is a negator that only asks, 不 or 没有: it
// ends a clause of the buyer's that has said something before it, or one of the
// seller's that speaks to the buyer, with 不 or 了…没: 您介意不, 你装了没.
func (p *predicator) asksAtEnd(k int) bool {
	it := &p.r.items[k]
	if it.end-it.start > 2 || k == p.c.lo {
		return false
	}
	if !p.r.buyer {
		said := p.r.text.Runes()[p.c.start:it.end]
		last := said[len(said)-1]
		if it.end-it.start > 1 || !p.c.bag.Has(p.r.is.buyer) || last != '不' && !(last == '没' && slices.Contains(said, '了')) {
			return false // 您要的发票没
		}
	}
	if it.end-it.start == 2 && len(p.out) == 0 && !(p.pend.present && p.pend.signs[0] > 0) {
		return false // 你们没有啊 states it, 有票没有 asks
	}
	if p.r.buyer && len(p.out) == 0 && !p.pend.present && !p.topicBefore(k) {
		return false
	}
	for j := k + 1; j < p.c.hi; j++ {
		if !p.r.items[j].is(p.r.is.particle) && !p.r.items[j].is(p.r.is.address) {
			return false
		}
	}
	return p.r.unknown(p.c, it.end, p.c.end) == 0
}

// topicBefore reports whether a topic stands before item k in its clause.
func (p *predicator) topicBefore(k int) bool {
	for j := p.c.lo; j < k; j++ {
		if p.r.isTopic(&p.r.items[j]) {
			return true
		}
	}
	return false
}

// expectsYes reports whether item k is a 不是 that only asks for confirmation,
// since its clause ends in a question particle.
func (r *reading) expectsYes(c *clause, k int) bool {
	runes := r.text.Runes()
	it := &r.items[k]
	if !r.buyer || it.end-it.start != 2 || runes[it.start] != '不' || runes[it.start+1] != '是' || c.end-it.end < 2 {
		return false
	}
	switch runes[c.end-1] {
	case '吗', '么', '嘛', '咩':
		return true
	}
	return false
}

// rubsIn reports whether it is the 不是 at the end of a clause that has told
// something: 小瞧人了不是.
func (p *predicator) rubsIn(it *item) bool {
	r := p.r.text.Runes()
	return it.end-it.start == 2 && it.end == p.c.end && it.start > p.c.start && r[it.start] == '不' && r[it.start-1] == '了'
}

// whether reports whether item k asks in the form of the act, a negator and
// the act again: 开不开, 给不给.
func (p *predicator) whether(k int) bool {
	if k+2 >= p.c.hi {
		return false
	}
	a, n, b := &p.r.items[k], &p.r.items[k+1], &p.r.items[k+2]
	return n.is(p.r.is.negBefore) && n.start == a.end && b.start == n.end && n.end-n.start == 1 && a.term == b.term && a.term >= 0
}
