package claim

import "strings"

// concedes reports whether it is a 可以 or the like behind 也.
func (p *predicator) concedes(it *item) bool {
	r := p.r.text.Runes()
	return r[it.start] == '也' || r[it.start-1] == '也'
}

// cannot reports whether it, a word such as 用的 that says that something is
// needed, stands right behind a word that says it cannot be: 没法用的.
func (p *predicator) cannot(it *item) bool {
	if !p.pend.present || p.pend.end != it.start || p.pend.signs[0] > 0 || p.pend.end-p.pend.start < 2 {
		return false
	}
	r := p.r.text.Runes()[it.start:it.end]
	return len(r) == 2 && r[0] == '用'
}

// actBehind reports whether an act begins inside item k, a topic that begins
// inside the word before it: 支持 in 不支持退 behind 怎么会不, 退换 in 不能退换 behind 就不能.
func (p *predicator) actBehind(k int) bool {
	for j := k + 1; j < p.c.hi && p.r.items[j].start < p.r.items[k].end; j++ {
		if acts := p.r.items[j].senses.And(p.r.is.acts); !acts.Empty() {
			return true
		}
	}
	return false
}

// actNext reports whether an act follows item k at once: 发 in 不想赔本发.
func (p *predicator) actNext(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	acts := next.senses.And(p.r.is.acts)
	return !acts.Empty() && next.start == p.r.items[k].end && p.pend.signs[0] < 0
}

// takes reports whether the topic it is what the pending words say is not to be
// used as or taken for: 不能当收款码用.
func (p *predicator) takes(it *item) bool {
	if p.pend.signs[0] > 0 || it.start != p.pend.end+1 || it.end >= p.c.end {
		return false
	}
	switch p.r.text.Runes()[p.pend.end] {
	case '当', '拿', '作':
		return true
	}
	return false
}

// deniesWhole reports whether the pending 不是 governs more than the topic at
// item k: in 不是信用卡不能用 it turns the negation behind it.
func (p *predicator) deniesWhole(k int) bool {
	it := &p.r.items[k]
	if p.pend.answer != p.r.is.deny || p.pend.end != it.start || k+1 >= p.c.hi {
		return false
	}
	next := &p.r.items[k+1]
	return next.start == it.end && (next.is(p.r.is.negBefore) || next.is(p.r.is.no))
}

// manner reports whether item k, a topic, only says how or where the act close
// behind it is done: 不会私下找您收钱, 不要去官网拍.
func (p *predicator) manner(k int) bool {
	if p.pend.signs[0] > 0 || !p.r.items[k].is(p.r.is.offline) && !p.r.items[k].is(p.r.is.noreason) && !p.goesTo(k) && !p.byMeansOf(k) {
		return false
	}
	for j := k + 1; j < p.c.hi && p.r.items[j].start-p.r.items[k].end <= 3; j++ {
		if acts := p.r.items[j].senses.And(p.r.is.acts); !acts.Empty() {
			return true
		}
	}
	return false
}

// byMeansOf reports whether item k stands right behind 不用: 不用手机打.
func (p *predicator) byMeansOf(k int) bool {
	return p.pend.end == p.r.items[k].start && p.pend.end-p.pend.start >= 2 && p.r.text.Runes()[p.pend.end-1] == '用'
}

// goesTo reports whether item k is a place that one goes to: 去官网.
func (p *predicator) goesTo(k int) bool {
	r, at := p.r.text.Runes(), p.r.items[k].start
	return r[at] == '去' || at > p.c.start && r[at-1] == '去'
}

// copula reports whether an agreement may as well be the verb to be: 是, 对,
// 那是.
func (p *predicator) copula(it *item) bool {
	return it.end-it.start == 1 || p.r.text.Runes()[it.end-1] == '是'
}

// alone reports whether item k begins its clause and nothing but particles
// and forms of address stand behind it.
func (p *predicator) alone(k int) bool {
	it := &p.r.items[k]
	if it.start != p.c.start || p.r.unknown(p.c, it.end, p.c.end) > 0 {
		return false
	}
	if it.end-it.start == 1 && it.end == p.c.end && it.end < p.r.text.Len() && p.r.text.GapBefore(it.end) == 0 {
		return false // 是 in 是请您在页面付
	}
	for j := k + 1; j < p.c.hi; j++ {
		if o := &p.r.items[j]; !o.is(p.r.is.particle) && !o.is(p.r.is.address) && !o.is(p.r.is.agree) {
			return false
		}
	}
	return true
}

// governs reports whether an answer word is followed at once by something
// that it negates or stresses: an act, a negator, a modal word or a topic.
func (p *predicator) governs(k int) bool {
	if k+1 >= p.c.hi {
		return false
	}
	is, it, next := p.r.is, &p.r.items[k], &p.r.items[k+1]
	if it.end-it.start > 2 && p.r.text.Runes()[it.end-1] == '的' {
		return false // 不是的有货
	}
	if gap := p.r.unknown(p.c, it.end, next.start); next.start-it.end > 2 || gap > 0 && !p.wont(it) && !(p.howCould(it) && next.senses.Meets(&is.parties)) {
		return false // an adverb may stand behind 不会: 不会偷偷给我关了; 咋能喊您出
	}
	acts := next.senses.And(is.acts)
	acts.Remove(is.block)
	if p.excludes(it) && it.term != next.term && (next.is(is.no) || next.is(is.negAfter)) {
		return true // 不会没开通, 哪有用不了的道理
	}
	if !acts.Empty() || next.is(is.negBefore) || next.is(is.yes) || p.r.isTopic(next) {
		return true
	}
	between := next.is(is.filler) || next.is(is.hedge) || next.senses.Meets(&is.parties) || next.start < it.end
	return between && k+2 < p.c.hi && p.governs(k+1)
}

// excludes reports whether it is a denial that turns whatever stands behind
// it: 不会, 不可能, 哪有.
func (p *predicator) excludes(it *item) bool {
	r := p.r.text.Runes()[it.start:it.end]
	switch {
	case it.is(p.r.is.deny):
		return len(r) <= 3
	case it.is(p.r.is.no):
		return len(r) == 3 && r[0] == '不' && r[1] == '可' && r[2] == '能'
	}
	return false
}

// wont reports whether it is 不会.
func (p *predicator) wont(it *item) bool {
	r := p.r.text.Runes()
	return it.end-it.start == 2 && (r[it.start] == '不' || r[it.start] == '勿') && r[it.start+1] == '会'
}

// howCould reports whether it is 咋能, 哪能 or the like.
func (p *predicator) howCould(it *item) bool {
	r := p.r.text.Runes()
	if it.end-it.start != 2 || r[it.start+1] != '能' {
		return false
	}
	switch r[it.start] {
	case '咋', '哪', '怎', '岂':
		return true
	}
	return false
}

// reach is how many unknown characters may stand between the pending words
// and their act. Behind 没有 they are what there is none of: 没有半包的都退回来.
func (p *predicator) reach() int {
	if r := p.r.text.Runes(); p.pend.n == 1 && p.pend.signs[0] < 0 && p.pend.end-p.pend.start <= 2 && r[p.pend.start] == '没' {
		if last := r[p.pend.end-1]; last == '让' || last == '叫' {
			return 2 // 没让人收过款
		}
		return 0
	}
	return 2
}

// without reports whether item k, 不用, stands before a way to reach somebody or to
// pay, which is then not made use of.
func (p *predicator) without(k int) bool {
	it := &p.r.items[k]
	if p.r.buyer || p.r.text.Runes()[it.end-1] != '用' || k+2 >= p.c.hi {
		return false
	}
	way, act := &p.r.items[k+1], &p.r.items[k+2]
	if way.start != it.end || act.start != way.end || !act.senses.Meets(&p.r.is.contactSet) && !act.is(p.r.is.pay) {
		return false
	}
	return way.is(p.r.is.phoneTopic) || way.senses.Meets(&p.r.is.channels) || way.is(p.r.is.card)
}

// deniesMistake returns the last item of a denied mistake that begins with the
// negator it: 没发漏, 没少开. It returns 0 where it is no such thing.
func (p *predicator) deniesMistake(it *item) int {
	runes := p.r.text.Runes()
	if p.r.buyer || runes[it.start] != '没' && runes[it.start] != '冇' || it.end+1 >= p.c.end {
		return 0
	}
	a, b := runes[it.end], runes[it.end+1]
	if !strings.ContainsRune(mistakes, a) && !strings.ContainsRune(mistakes+"岔混反", b) {
		return 0
	}
	last := 0
	for k := p.c.lo; k < p.c.hi; k++ {
		o := &p.r.items[k]
		if o.start < it.end || o.start > it.end+1 {
			continue
		}
		if o.end > it.end+2 || !o.senses.Meets(&p.r.is.acts) && !o.is(p.r.is.past) {
			return 0
		}
		last = k
	}
	return last
}

// mistakes are what is said before or behind a verb for doing it wrong.
const mistakes = "少多错漏重"

// potential reports whether it is 得 between a verb that the lexicon does not have
// and its complement: 背得了.
func (p *predicator) potential(it *item) bool {
	runes := p.r.text.Runes()
	if it.end-it.start != 1 || runes[it.start] != '得' || it.start == p.c.start || it.end >= p.c.end || !strings.ContainsRune("了着起住下很好快慢多少高低太挺真特蛮", runes[it.end]) {
		return false
	}
	for k := p.c.lo; k < p.c.hi; k++ {
		if o := &p.r.items[k]; o.end == it.start {
			return false
		}
	}
	return content(runes[it.start-1])
}

// neverRunsOut reports whether item k, a word such as 缺 or 断, stands before 不了: what
// it says does not happen.
func (p *predicator) neverRunsOut(k int) bool {
	it := &p.r.items[k]
	return it.end-it.start == 1 && k+1 < p.c.hi && p.r.items[k+1].is(p.r.is.negAfter) && p.r.items[k+1].start == it.end && p.r.isTopic(it)
}

// deniesThing reports whether item k is a 不是 right before a word that is neither
// topic nor act, nor one of grammar: 不是摆设. It answers nothing.
func (p *predicator) deniesThing(k int) bool {
	next := p.behindIsNot(k)
	return next != nil && next.end-next.start > 1 && p.thing(next)
}

// deniesDoer reports whether item k is a 不是 right before a party and words that
// the lexicon does not have: 不是我们赚. It denies who does that, and answers nothing.
func (p *predicator) deniesDoer(k int) bool {
	next := p.behindIsNot(k)
	if next == nil || !next.senses.Meets(&p.r.is.parties) {
		return false
	}
	if p.ofSomebody(k, next) {
		return true
	}
	return (k+2 == p.c.hi || p.r.items[k+2].is(p.r.is.particle)) && p.r.unknown(p.c, next.end, p.c.end) > 0
}

// ofSomebody reports whether nothing but 的 or the like stands behind next, a party
// right behind item k: 不是别家的, 不是我们的号.
func (p *predicator) ofSomebody(k int, next *item) bool {
	runes := p.r.text.Runes()
	if p.r.items[k].start == p.c.start || next.end >= p.c.end || runes[next.end] != '的' {
		return false
	}
	for j := k + 2; j < p.c.hi; j++ {
		if o := &p.r.items[j]; o.start >= next.end && !o.is(p.r.is.particle) && !o.is(p.r.is.address) {
			return false
		}
	}
	return true
}

// behindIsNot returns the item that stands right behind item k if that is the
// seller's 不是, and nil otherwise.
func (p *predicator) behindIsNot(k int) *item {
	it := &p.r.items[k]
	r := p.r.text.Runes()
	if p.r.buyer || it.end-it.start != 2 || r[it.start] != '不' || r[it.start+1] != '是' || k+1 >= p.c.hi {
		return nil
	}
	next := &p.r.items[k+1]
	if next.start != it.end || p.r.text.GapBefore(next.start) != 0 {
		return nil
	}
	return next
}

// thing reports whether it is a word for something that claims do not tell
// apart: neither topic, act, answer nor party, no time or amount, and no word
// of grammar.
func (p *predicator) thing(it *item) bool {
	is := p.r.is
	if it.senses.Meets(&is.acts) || it.senses.Meets(&is.polar) || it.senses.Meets(&is.parties) || it.senses.Meets(&is.slots) || p.r.isTopic(it) {
		return false
	}
	for _, s := range [...]Sense{is.particle, is.address, is.filler, is.question, is.boundary, is.only, is.pronoun, is.past, is.condition, is.hedge, is.light, is.offer} {
		if it.is(s) {
			return false
		}
	}
	return true
}

// deniesItem reports whether the pending negator stands right before a third
// party, something to send, an excuse, or, behind 不, an effort: 没有第三方, 没视频,
// 没请假, 不催. It says that there is none of that, or that it is not so, and
// answers nothing. What may as well be the reason of a refusal does not count:
// 没有特价的.
func (p *predicator) deniesItem() bool {
	is := p.r.is
	for k := p.c.lo; k < p.c.hi; k++ {
		it := &p.r.items[k]
		if it.start < p.pend.end {
			continue
		}
		if it.start > p.pend.end || p.r.text.GapBefore(it.start) != 0 || it.is(is.elseDoes) {
			return false
		}
		if it.senses.Meets(&is.acts) || it.senses.Meets(&is.polar) || p.r.isTopic(it) {
			return false
		}
		mere := p.pend.end-p.pend.start == 1 && p.r.text.Runes()[p.pend.start] == '不'
		return it.is(is.other) || it.is(is.sendable) || it.is(is.excuse) && !mere || mere && (it.is(is.hedge) || p.thing(it) && !it.is(is.excuse))
	}
	return false
}
