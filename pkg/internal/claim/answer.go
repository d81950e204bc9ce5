package claim

import "strings"

// grants reports whether p says in so many words that something can be: 能退, 可以.
func (x *interpreter) grants(p *predication) bool {
	return p.polarity() > 0 && strings.ContainsRune("能可", x.m.text.Runes()[p.start])
}

// adds reports whether p only adds to what an earlier clause has granted, without
// setting itself off against it: 能退，咱不整那磨叽事儿.
func (x *interpreter) adds(p *predication) bool {
	return p.polarity() < 0 && (p.act == 0 || x.general(p)) && !x.c.contrast && !x.c.bag.Has(x.is.only) && !x.m.bag.Has(x.is.repair)
}

// answerTo closes the open claim q with p. Agreement and denial keep or turn
// the polarity asked; every other answer sets the outer polarity and keeps
// what the modal word of the question governs (能不走支付宝吗 → 不能).
func (x *interpreter) answerTo(p *predication, q *Claim) {
	is := x.is
	if !x.plausible(p, q.Topic) {
		return
	}
	act := p.act
	if x.general(p) && q.Act != 0 && q.Act != is.buy && !x.sameKind(q.Act, act) {
		act = q.Act
	}
	if act == 0 && q.Act != is.buy { // 我拍的也有发票吧: buying is not what is asked
		act = q.Act
	}
	outer, inner := p.polarity(), q.Inner
	kind := p.answer
	if p.act == 0 && p.inner < 0 && inner < 0 && x.m.lacks(p) && kind != is.agree && kind != is.deny {
		inner = Positive // 没不让 to 不会不让走吧: says both negations itself
	}
	if q.wont && inner < 0 && kind == is.no && p.polarity() < 0 && !x.wont(p) && !x.m.lacks(p) {
		inner = Positive // 不给了 to 不会不给减吧
	}
	if q.shopPays && p.party == NoParty && (p.act == is.bear || p.act == 0 && kind != is.agree && kind != is.deny) {
		outer = -outer // 你们出可以吗 → 不行: then the buyer pays
	}
	if q.confirm && q.Polarity > 0 && p.act == 0 && p.polarity() < 0 && kind == is.no && x.m.lacks(p) {
		kind = is.deny // 是不是只给公司开 → 没有呀
	}
	if q.confirm && q.Polarity < 0 && !q.lacks && p.act == 0 && p.polarity() < 0 && kind == is.no && x.lacksOnly(p) {
		kind = is.deny // 是不是断码了 → 没有呀
	}
	if q.spent && p.act == 0 && kind == is.no && x.notYet(p) {
		kind = is.deny // 还没 to 卖完了吗
	}
	if q.needs && p.act == 0 && p.polarity() < 0 && (kind == is.deny || kind == is.no && x.lacksOnly(p)) && !x.costly(q) {
		return // 唔系 to 系咪一定要公司: it need not be
	}
	if q.wont && !q.confirm && (kind == is.deny || kind == is.no && (x.wont(p) || x.lacksOnly(p) && !q.lacks && q.tag)) {
		kind = is.agree // 不会, 哪能 to 不会给我取消吧: it will not
		if p.polarity() < 0 {
			turned := *p
			turned.outer = -p.outer
			p = &turned
		}
	}
	if kind == is.yes && p.act == 0 && p.polarity() > 0 && q.Mood == Assert && !q.tag && q.Polarity < 0 && q.Party == ByBuyer && q.Act != is.provide {
		kind = is.agree // 好 to 我不转账了; but 有的 to 没有发票我就不买了
	}
	if kind == is.agree && q.Mood == Assert && q.Act == 0 && !q.tag {
		return // 嗯嗯 to what only names a topic agrees to nothing
	}
	if kind == is.deny && q.Act == 0 && q.Mood == Report {
		return // 没那回事 to 有人说到付的单老取消 denies what is told, not what it is told of
	}
	if kind == is.deny && q.only {
		return // 是不是只给公司开 → 不是: no restriction, not no invoice
	}
	guessed := kind == is.agree && q.wont && x.guessed(p)
	switch kind {
	case is.agree:
		outer = q.Polarity * q.Inner
		if guessed {
			outer = -outer // 说中了 to 不会没货吧: what was feared is so
		}
		if p.polarity() < 0 {
			outer = -outer
		}
	case is.deny:
		outer = -q.Polarity * q.Inner
		if x.agreed || p.echo {
			outer = Negative // 嗯不是: agrees that it is not
		}
	case is.noNeed:
		act = is.charge
	case is.need:
		if x.costly(q) {
			act = is.charge
		}
	}
	if p.act != 0 {
		inner = Positive
	}
	if act == 0 {
		act = is.provide
	}
	if act == is.bear {
		act = is.charge
		if p.party == ByShop || p.party == ByOther {
			outer = -outer
		}
	}
	if x.relieved(p) {
		act = is.charge
	}
	c := x.claim(q.Topic, act, outer, inner, Answer, p.start, p.end)
	c.Party = p.party
	if p.act == 0 && p.party == NoParty && q.Party == ByBuyer {
		c.Party = ByBuyer // 那我自己关了 → 好的
	}
	c.bare = p.act == 0
	c.denies = p.act == 0 && (p.answer == is.deny || p.twice || q.spent && x.lacksOnly(p))
	x.agreed = p.act == 0 && p.answer == is.agree
	x.m.claims = append(x.m.claims, c)
}

// guessed reports whether p says that the buyer has guessed right: 说中了, 让您猜着了.
func (x *interpreter) guessed(p *predication) bool {
	s := string(x.m.text.Runes()[p.start:p.end])
	for _, w := range [...]string{"说中", "说着", "猜中", "猜着", "猜对", "言中", "讲中", "估中"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// notYet reports whether p is 还没 or 没有 and all that its clause says.
func (x *interpreter) notYet(p *predication) bool {
	runes := x.m.text.Runes()
	if x.m.unknown(x.c, p.end, x.c.end) > 0 || p.start > x.c.start {
		return false
	}
	for i := p.start; i < p.end; i++ {
		switch runes[i] {
		case '没', '未', '冇', '有', '还', '仲':
		default:
			return false
		}
	}
	return true
}

// costly reports whether q, or what else the buyer's turn asks, is about money:
// only then is 要的 a charge. 要出示取件码不 → 要的 is none.
func (x *interpreter) costly(q *Claim) bool {
	is := x.is
	asked := &x.r.Asked
	return q.Act == is.charge || q.Act == is.bear || q.Act == is.pay || q.Act == 0 || is.costs.Has(q.Topic) ||
		asked.Meets(&is.costs) || asked.Has(is.charge) || asked.Has(is.bear) || asked.Has(is.money) || asked.Has(is.pay)
}

// lacksOnly reports whether p is 没, 没有 or the like and all that its clause says.
func (x *interpreter) lacksOnly(p *predication) bool {
	if !x.m.lacks(p) || p.end-p.start > 2 || p.start != x.c.start || x.m.unknown(x.c, p.end, x.c.end) > 0 {
		return false
	}
	for k := x.c.lo; k < x.c.hi; k++ {
		if it := &x.m.items[k]; it.start >= p.end && !it.is(x.is.particle) && !it.is(x.is.address) {
			return false
		}
	}
	return true
}

// wont reports whether p is 不会.
func (x *interpreter) wont(p *predication) bool {
	return unlikely(x.m.text.Runes()[p.start:p.end])
}

// unlikely reports whether r begins with 不会, 不至于 or the like, which an answer
// repeats to confirm.
func unlikely(r []rune) bool {
	return len(r) >= 2 && (r[0] == '不' && (r[1] == '会' || r[1] == '至') || r[0] == '唔' && (r[1] == '会' || r[1] == '至'))
}
