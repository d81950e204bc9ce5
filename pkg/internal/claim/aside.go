package claim

// asides marks what the clause says before the word that asks, if it says
// something of the same behind it: in 开个人抬头会不会不给开 only the latter is
// asked. What such a question says in words that the lexicon does not have, what
// it says of a mere subject, and what it only supposes (开了票是不是就不退, 不加微信也行),
// no answer is about. It notes 不会, which an answer repeats to confirm.
func (x *interpreter) asides(before int) {
	m := x.m
	asks, copula, wont, strange, supposed := -1, -1, false, false, -1
	runes := m.text.Runes()
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &m.items[k]
		if it.senses.Meets(&x.is.polar) && unlikely(runes[it.start:it.end]) {
			wont = true
		}
		if it.end-it.start == 3 && it.is(x.is.question) && runes[it.start+1] == '不' && runes[it.start] == runes[it.start+2] {
			asks = it.start // 会不会, 是不是
			strange = (runes[it.start] == '会' || runes[it.start] == '要') && m.unknown(x.c, it.end, x.c.end) > 0
			if it.end < x.c.end && runes[it.end] == '就' {
				supposed = it.start // 开了票是不是就不退
			}
		}
		if it.is(x.is.yes) && it.start > x.c.start && (runes[it.start] == '也' || runes[it.start-1] == '也') {
			supposed = it.start // 不加微信也能看视频吧
		}
		if it.end-it.start == 1 && runes[it.start] == '会' && x.c.asked && m.unknown(x.c, it.end, x.c.end) > 1 && asks < 0 && x.lastSays(k) {
			asks, strange = it.start, true // 刷卡会比较贵吗
		}
		switch {
		case it.is(x.is.question) && it.end-it.start >= 3 && runes[it.end-1] == '是':
			copula = it.start // 不会是, 是不是
		case x.c.asked && it.is(x.is.agree) && it.end-it.start == 1 && runes[it.start] == '是' && k+1 < x.c.hi && m.items[k+1].is(x.is.pronoun):
			copula = it.start // 那发票也是它的？
		}
	}
	lacking, also := x.asksForUnknown(), x.conceded()
	for i := before; i < len(m.claims); i++ {
		c := &m.claims[i]
		c.wont = wont
		if lacking && (c.Topic == x.is.goods || c.Act == x.is.provide) {
			c.aside = true // 白色有反光条吗, 开发票有最低消费吗
			continue
		}
		if c.Act == 0 && c.End <= copula || strange && c.End <= asks || c.Act != 0 && c.End <= supposed && (asks >= 0 || c.Polarity < 0) {
			c.aside = true // 开票方不会是别家吧, 刷卡会不会贵几毛
			continue
		}
		if c.Start < also && c.word > also {
			c.aside = true // 不加微信你们也给修的吧
			continue
		}
		if c.Act == 0 && c.tag && len(m.preds) == 0 && x.deniesUnknown(c.End) {
			c.aside = true // 开票的机子没坏吧
			continue
		}
		if supposed >= 0 && asks < 0 && x.supposes(before, supposed, c.Topic) {
			c.aside = true // 不加微信也行
			continue
		}
		if asks < 0 || c.Act == 0 || c.word >= asks {
			continue
		}
		for j := before; j < len(m.claims); j++ {
			if o := &m.claims[j]; o.Topic == c.Topic && o.Act != 0 && o.word >= asks {
				c.aside = true
			}
		}
	}
}

// conceded returns the place of 也 behind a topic that the clause says it does
// without, and -1 where it says no such thing.
func (x *interpreter) conceded() int {
	m := x.m
	runes := m.text.Runes()
	for k := x.c.lo; k+1 < x.c.hi; k++ {
		it := &m.items[k]
		if !it.is(x.is.negBefore) || it.end != m.items[k+1].start || !m.isTopic(&m.items[k+1]) {
			continue
		}
		for i := m.items[k+1].end; i < x.c.end; i++ {
			if runes[i] == '也' {
				return i
			}
		}
	}
	return -1
}

// supposes reports whether the clause denies an act of topic before character at,
// where it says that it will do without.
func (x *interpreter) supposes(before, at int, topic Sense) bool {
	for i := before; i < len(x.m.claims); i++ {
		if c := &x.m.claims[i]; c.Topic == topic && c.Act != 0 && c.Polarity < 0 && c.End <= at {
			return true
		}
	}
	return false
}

// lastSays reports whether no topic and no act stands behind item k in the clause.
func (x *interpreter) lastSays(k int) bool {
	for j := k + 1; j < x.c.hi; j++ {
		if it := &x.m.items[j]; x.m.isTopic(it) || it.senses.Meets(&x.is.acts) {
			return false
		}
	}
	return true
}

// deniesUnknown reports whether the clause says behind at, in words that the
// lexicon does not have, that something is not so: 没坏.
func (x *interpreter) deniesUnknown(at int) bool {
	if x.m.unknown(x.c, at, x.c.end) < 2 {
		return false
	}
	for _, r := range x.m.text.Runes()[at:x.c.end] {
		if r == '没' || r == '不' {
			return true
		}
	}
	return false
}

// asksForUnknown reports whether the clause asks whether there is something
// that the lexicon does not have: 白色有反光条吗. The goods before it are only
// where it would be.
func (x *interpreter) asksForUnknown() bool {
	m := x.m
	runes := m.text.Runes()
	for i := range m.preds {
		p := &m.preds[i]
		if p.object < 0 && p.subject >= 0 && runes[p.end-1] == '有' && (m.unknown(x.c, p.end, x.c.end) > 1 || x.cueBehind(p.end)) {
			return true
		}
	}
	return false
}

// cueBehind reports whether a word that is neither topic nor act nor one of
// grammar stands right behind at: 最低消费 in 有最低消费吗.
func (x *interpreter) cueBehind(at int) bool {
	m := x.m
	for k := x.c.lo; k < x.c.hi; k++ {
		it := &m.items[k]
		if it.start != at {
			continue
		}
		return it.end-it.start > 1 && it.is(x.is.threshold)
	}
	return false
}

// vocative reports whether the clause only addresses the buyer before or
// behind what the message says: it claims nothing.
func (x *interpreter) vocative() bool {
	if len(x.m.clauses) == 1 || !x.c.bag.Has(x.is.address) || x.m.unknown(x.c, x.c.start, x.c.end) > 0 {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; !it.is(x.is.address) && !it.is(x.is.particle) {
			return false
		}
	}
	return true
}
