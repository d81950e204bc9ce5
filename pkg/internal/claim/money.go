package claim

// plausible reports whether a word of two acts may mean the act of p about
// topic: 手续费您出 is bearing and 票我们不出 is not providing; 收八个点 is collecting
// and 信用卡我们收 is accepting.
func (x *interpreter) plausible(p *predication, topic Sense) bool {
	if p.item < 0 || p.act == 0 {
		return true
	}
	switch p.act {
	case x.is.bear:
		return x.aboutMoney(p, topic)
	case x.is.provide:
		return !(x.ambiguous(p) && x.aboutMoney(p, topic)) && !(x.accepts(p) && (x.amount() || x.costs(topic)))
	case x.is.pay:
		if x.m.items[p.item].is(x.is.contact) && x.c.bag.Meets(&x.is.channels) && !x.amount() {
			return false // 扫卡片加微信
		}
		return !(x.ambiguous(p) && x.aboutMoney(p, topic))
	case x.is.charge:
		if x.m.items[p.item].is(x.is.replace) && !x.priced(topic) {
			return false // 发票随时可以补
		}
		return !x.accepts(p) || x.amount() || x.is.costs.Has(topic)
	}
	return true
}

// relieved reports whether p takes away a payment that was asked about: 唔使俾,
// 一分都不用.
func (x *interpreter) relieved(p *predication) bool {
	if !p.relief || p.act != x.is.provide || x.buyer {
		return false
	}
	asked := &x.r.Asked
	return asked.Meets(&x.is.costs) || asked.Has(x.is.charge) || asked.Has(x.is.bear) || asked.Has(x.is.pay)
}

// ambiguous reports whether the word of p may mean to bear a cost as well as
// to provide or to pay: 出, 给, 付.
func (x *interpreter) ambiguous(p *predication) bool {
	it := &x.m.items[p.item]
	return it.is(x.is.bear) && (it.is(x.is.provide) || it.is(x.is.pay))
}

// accepts reports whether the word of p may mean to accept as well as to
// collect money: 收.
func (x *interpreter) accepts(p *predication) bool {
	it := &x.m.items[p.item]
	return it.is(x.is.provide) && it.is(x.is.charge)
}

// costs reports whether topic is a cost, or the freedom from one.
func (x *interpreter) costs(topic Sense) bool { return x.is.costs.Has(topic) || topic == x.is.freeship }

// priced reports whether a word such as 补, to pay more or to send again, is
// about money: topic or the clause is, or the buyer asks for it.
func (x *interpreter) priced(topic Sense) bool {
	asked := &x.r.Asked
	return x.amount() || x.is.costs.Has(topic) || topic == x.is.price || x.c.bag.Has(x.is.number) || !x.buyer && (asked.Meets(&x.is.costs) || asked.Has(x.is.charge) || asked.Has(x.is.bear) || asked.Has(x.is.money))
}

// amount reports whether the clause names money or a share.
func (x *interpreter) amount() bool {
	return x.c.bag.Has(x.is.money) || x.c.bag.Has(x.is.percent) || x.c.bag.Meets(&x.is.costs)
}

// aboutMoney reports whether a claim of p about topic is about who pays. A
// word that only ever means to bear a cost always is; an ambiguous one is
// where the topic is a cost or an amount stands in the clause.
func (x *interpreter) aboutMoney(p *predication, topic Sense) bool {
	if !x.ambiguous(p) {
		return true
	}
	v := x.m.lex.vocab
	asked := x.r.Asked.Meets(&x.is.costs) || x.r.Asked.Has(v.is.bear) || x.r.Asked.Has(v.is.charge)
	if asked && p.party != NoParty && !x.buyer {
		return true
	}
	return x.is.costs.Has(topic) || x.c.bag.Meets(&x.is.costs) || x.c.bag.Has(v.is.money) || x.c.bag.Has(v.is.percent)
}
