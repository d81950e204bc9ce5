package claim

// act closes the pending words with the act of item k and reads a complement
// behind it.
func (p *predicator) act(k int, acts Set) int {
	is, it := p.r.is, &p.r.items[k]
	if p.locative(k) {
		return k
	}
	q := predication{start: it.start, end: it.end, outer: Positive, inner: Positive, subject: -1, object: -1, item: k}
	if p.pend.present && p.alongside(it) {
		p.pend = pending{} // 不跟箱子走: how it goes is denied, not that it does
		return k
	}
	if p.pend.present && p.r.unknown(p.c, p.pend.end, it.start) <= p.reach() {
		q.start = p.pend.start
		q.outer, q.inner = p.pend.split()
		q.modal = p.pend.modal
		q.relief = p.pend.answer == is.noNeed
		if p.pend.answer == is.need && q.polarity() > 0 && p.chained() {
			q.outer = p.serial(k) // 不会打过去要验证码
		}
	} else if p.pend.present {
		p.flush(it.start)
	}
	negates := it.is(is.negBefore) || it.is(is.no) || it.is(is.negNeed) || it.is(is.noNeed)
	switch {
	case !p.pend.present:
		q.outer = p.serial(k)
		if negates {
			q.outer = Negative // 没法补也没法退: each for itself
		}
	case negates:
		q.inner = -q.inner // 不会不给: the second governs the act
	}
	q.outer *= p.over
	p.pend = pending{}
	if p.whether(k) {
		q.end = p.r.items[k+2].end
		p.c.asked = true
		if p.c.mood == Assert {
			p.c.mood = Question
			if q.end < p.c.end && p.r.text.Runes()[q.end] == '都' {
				p.c.mood = Condition // 登不登都不影响
			}
		}
		for a := acts.First(); a != 0; a = acts.First() {
			acts.Remove(a)
			q.act = a
			p.out = append(p.out, q)
		}
		return k + 2
	}
	q.purpose = p.purpose(k, acts) && (q.polarity() > 0 || q.start == it.start)
	if topics := it.senses.And(p.r.lex.vocab.topics); !topics.Empty() {
		q.own = topics.First()
	}
	used := k
	if k+1 < p.c.hi {
		next := &p.r.items[k+1]
		if acts.Has(is.contact) && next.start == it.end && (next.senses.Meets(&is.dialled)) {
			acts = is.contactSet // 打95188
		}
		nextActs := next.senses.And(is.acts)
		if next.is(is.negAfter) && nextActs.Empty() && next.start-it.end <= 4 && p.r.unknown(p.c, it.end, next.start) <= 1 {
			if !acts.Has(is.charge) || !p.few(next.end) {
				q.outer = -q.outer // but 涨不了几块 is dearer all the same
			}
			q.end = next.end
			used = k + 1
		}
	}
	for a := acts.First(); a != 0; a = acts.First() {
		acts.Remove(a)
		q.act = a
		p.out = append(p.out, q)
	}
	return used
}

// alongside reports whether the pending negator governs only with what the act
// it is done: a preposition and a noun that the lexicon does not have stand
// between them.
func (p *predicator) alongside(it *item) bool {
	if p.pend.signs[0] > 0 || p.r.unknown(p.c, p.pend.end, it.start) == 0 {
		return false
	}
	switch p.r.text.Runes()[p.pend.end] {
	case '跟', '随':
		return true
	}
	return false
}

// chained reports whether the act before was said with 不会 or the like, which
// reaches along a chain of acts. 没看中要退 denies only the first.
func (p *predicator) chained() bool {
	if len(p.out) == 0 {
		return false
	}
	last := &p.out[len(p.out)-1]
	return last.act != 0 && last.polarity() < 0 && p.r.text.Runes()[last.start] == '不'
}

// few reports whether a small amount stands at character at: 几块, 多少.
func (p *predicator) few(at int) bool {
	r := p.r.text.Runes()
	return at < p.c.end && (r[at] == '几' || r[at] == '多')
}

// preposition reports whether item k is a word of giving that only says for
// whom the act behind it is: 给您开发票, 帮我关掉.
func (p *predicator) preposition(k int) bool {
	is, it := p.r.is, &p.r.items[k]
	if it.end-it.start != 1 || !it.is(is.provide) || k+1 >= p.c.hi {
		return false
	}
	switch p.r.text.Runes()[it.start] {
	case '给', '俾', '畀', '帮', '替':
	default:
		return false
	}
	next := &p.r.items[k+1]
	if next.start != it.end || !next.senses.Meets(&is.parties) {
		return false
	}
	if n := len(p.out); n > 0 && p.out[n-1].act != 0 && p.out[n-1].end == it.start && !p.pend.present {
		return true // 转账给你
	}
	for j := k + 2; j < p.c.hi && p.r.items[j].start-next.end <= 8; j++ {
		if acts := p.r.items[j].senses.And(is.acts); !acts.Empty() {
			return true
		}
	}
	return false
}

// instrument reports whether item k says by what means the act behind it is
// done: 不用QQ联系.
func (r *reading) instrument(k int) bool {
	switch r.text.Runes()[r.items[k].start] {
	case '用', '拿', '靠', '通', '走', '上', '以', '去', '到', '在', '找', '从':
		return true
	}
	return false
}

// attributive reports whether item k, an act, qualifies what follows: it is
// tied to it by 的 and more of the clause stands behind. Where it is denied and one
// of the two speaks behind it, a sentence ended there: 积分不能用的我们没利润.
func (p *predicator) attributive(k int) bool {
	it := &p.r.items[k]
	runes := p.r.text.Runes()
	if p.r.isTopic(it) && !p.kindOf(k) || it.end+1 >= p.c.end || runes[it.end] != '的' || p.r.text.GapBefore(it.end) != 0 {
		return false
	}
	for j := k + 1; j < p.c.hi; j++ {
		if o := &p.r.items[j]; o.start <= it.end && o.end > it.end {
			return false // 的 is part of a word: 的话, 的哦
		}
	}
	if p.pend.present && k+1 < p.c.hi {
		if o := &p.r.items[k+1]; o.start == it.end+1 && (o.is(p.r.is.shop) || o.is(p.r.is.buyer)) {
			return false
		}
	}
	for j := k + 1; j < p.c.hi; j++ {
		if o := &p.r.items[j]; !o.is(p.r.is.particle) && !o.is(p.r.is.question) && !o.is(p.r.is.address) {
			return true
		}
	}
	return p.r.unknown(p.c, it.end+1, p.c.end) > 0 || k+1 < p.c.hi && it.is(p.r.is.bear) // and not 是单独寄的吗
}

// kindOf reports whether item k, a topic and an act, only says what kind of order
// or goods is refused: 转账的单我们不接.
func (p *predicator) kindOf(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	it, next := &p.r.items[k], &p.r.items[k+1]
	if next.start != it.end+1 || !next.is(p.r.is.order) && !next.is(p.r.is.goods) || next.senses.Meets(&p.r.is.acts) {
		return false
	}
	for j := k + 2; j < p.c.hi; j++ {
		if o := &p.r.items[j]; o.is(p.r.is.negBefore) || o.is(p.r.is.negAfter) || o.is(p.r.is.no) {
			return true // and not 转账的单我们先发
		}
	}
	return false
}

// purpose reports whether the acts of item k are what the payment right
// before them is for: in 加钱开票 only the charging is denied or asked.
func (p *predicator) purpose(k int, acts Set) bool {
	if len(p.out) == 0 || !acts.Has(p.r.is.issue) && !acts.Has(p.r.is.provide) {
		return false
	}
	last := &p.out[len(p.out)-1]
	return (last.act == p.r.is.charge || last.act == p.r.is.bear) && p.r.items[k].start-last.end <= 1
}

// serial returns the sign that item k takes over from the act before it:
// negation reaches along a chain of acts (不会要求您扫码转账), and an act that
// names a thing is the object of the one before (不接受转账). A topic, a new
// actor or unknown words in between break the chain.
func (p *predicator) serial(k int) Polarity {
	if len(p.out) == 0 {
		return Positive
	}
	last := &p.out[len(p.out)-1]
	it := &p.r.items[k]
	pays := it.is(p.r.is.charge) || it.is(p.r.is.bear)
	if last.act == 0 && last.polarity() < 0 && p.r.isTopic(it) && it.start-last.end <= 1 && last.answer == p.r.is.no {
		return Negative // 不出开票
	}
	collects := (last.act == p.r.is.charge || last.act == p.r.is.bear) && !p.r.items[last.item].is(p.r.is.provide) // 收 may accept
	if last.act == 0 || last.polarity() > 0 || !pays && collects || it.start-last.end > 5 || p.r.unknown(p.c, last.end, it.start) > 2 {
		return Positive
	}
	for _, c := range p.r.text.Runes()[last.end:max(last.end, it.start)] {
		if c == '也' || c == '照' {
			return Positive // 不用盖章也有效
		}
	}
	for j := last.item + 1; j < k; j++ {
		between := &p.r.items[j]
		if between.start >= last.end && (p.r.isTopic(between) && !p.r.instrument(last.item) && !(last.act == p.r.is.provide && between.end == it.start) || between.is(p.r.is.shop) || between.is(p.r.is.boundary)) {
			return Positive
		}
	}
	return Negative
}

// locative reports whether item k is 上 behind the thing that something is on:
// 单子上都注明了.
func (p *predicator) locative(k int) bool {
	it := &p.r.items[k]
	runes := p.r.text.Runes()
	if it.end-it.start != 1 || runes[it.start] != '上' || it.start == p.c.start || p.r.text.GapBefore(it.start) != 0 || !content(runes[it.start-1]) {
		return false
	}
	if k == p.c.lo || p.r.items[k-1].end != it.start {
		return true
	}
	return p.thing(&p.r.items[k-1])
}
