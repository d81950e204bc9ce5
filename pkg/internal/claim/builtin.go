package claim

// builtins are the senses that the reader itself gives a meaning to, resolved
// once. Their names and meanings stand in policy.Builtin.
type builtins struct {
	mask, negBefore, negAfter, negNeed                          Sense
	yes, no, agree, deny, need, noNeed                          Sense
	question, offer, rhetoric, condition, report, forbid, hedge Sense
	elseDoes, only, help, past, pronoun                         Sense
	buyer, shop, other                                          Sense
	day, vague                                                  Sense
	unitMoney, unitPercent, unitHour, unitDay, unitClock        Sense
	particle, address, pointer, repair, boundary                Sense
	light, filler                                               Sense
	refFirst, refSecond, refOther, refBoth, refSuch             Sense

	money, percent, number, differ, hours, spread, clock       Sense
	phone, qqID, wechatID, email, link, bankcard, hotline      Sense
	ownPhone, ownLink, orderPhone, orderName, orderAddress, id Sense

	provide, issue, charge, bear, block, closing, contact, pay, buy  Sense
	qq, wechat, phoneTopic, messenger                                Sense
	othershop, recipient, transfer, goods, price, nudge, substitute  Sense
	fault, refund, discount, unwilling, offline, freeship, replace   Sense
	sendable, card, threshold, realItem, category, cod, excuse       Sense
	compensation, receipt, reward, order, noreason, insult, giveBack Sense
	hidden                                                           Sense

	polar  Set // senses that answer or negate
	speaks Set // senses that a predication can be made of, or that end one
	units  Set // of amounts and times

	numerals runeFilter

	acts    Set
	parties Set
	onlySet Set // mood.only

	provideSet Set // act.provide
	contactSet Set // act.contact
	countable  Set // units that no dictionary word hides behind a number
	channels   Set // messengers and groups
	dialled    Set // what one calls: numbers of all kinds
	leftSet    Set // ref.left
	refs       Set // what stands for one of two things asked about
	slots      Set // what answers how much, when, where and which
	costs      Set // topics that are a cost: tax, fees, postage
}

func bindBuiltins(v *Vocab) builtins {
	n := v.Sense
	b := builtins{
		mask: n("mask"), negBefore: n("neg.before"), negAfter: n("neg.after"), negNeed: n("neg.need"),
		yes: n("answer.yes"), no: n("answer.no"), agree: n("answer.agree"), deny: n("answer.deny"),
		need: n("answer.need"), noNeed: n("answer.noneed"),
		question: n("mood.question"), offer: n("mood.offer"), rhetoric: n("mood.rhetoric"),
		condition: n("mood.condition"), report: n("mood.report"), forbid: n("mood.forbid"),
		hedge: n("mood.hedge"), elseDoes: n("mood.else"), only: n("mood.only"), help: n("mood.help"), past: n("mood.past"), pronoun: n("pronoun"),
		buyer: n("party.buyer"), shop: n("party.shop"), other: n("party.other"),
		day: n("time.day"), vague: n("time.vague"),
		unitMoney: n("unit.money"), unitPercent: n("unit.percent"), unitHour: n("unit.hour"), unitDay: n("unit.day"), unitClock: n("unit.clock"),
		particle: n("particle"), address: n("address"), pointer: n("pointer"),
		repair: n("repair"), boundary: n("boundary"), light: n("light"), filler: n("filler"),
		refFirst: n("ref.first"), refSecond: n("ref.second"), refOther: n("ref.other"), refBoth: n("ref.both"), refSuch: n("ref.such"),
		money: n("money"), percent: n("percent"), number: n("number"), differ: n("amounts.differ"), hours: n("time.hours"), spread: n("time.range"), clock: n("time.clock"),
		phone: n("entity.phone"), qqID: n("entity.qq"), wechatID: n("entity.wechat"), email: n("entity.email"),
		link: n("entity.link"), bankcard: n("entity.bankcard"), hotline: n("entity.hotline"),
		ownPhone: n("entity.own_phone"), ownLink: n("entity.own_link"), orderPhone: n("entity.order_phone"),
		orderName: n("entity.order_name"), orderAddress: n("entity.order_address"), id: n("entity.id"),
		hidden:  n("spelling.hidden"),
		provide: n("act.provide"), issue: n("act.issue"), charge: n("act.charge"), bear: n("act.bear"), block: n("act.block"),
		closing: n("act.close"), contact: n("act.contact"), pay: n("act.pay"), buy: n("act.buy"),
		qq: n("topic.qq"), wechat: n("topic.wechat"), phoneTopic: n("topic.phone"),
		messenger: n("topic.messenger"),
		othershop: n("topic.othershop"), recipient: n("topic.recipient"), transfer: n("topic.transfer"), goods: n("topic.goods"), fault: n("topic.fault"), offline: n("topic.offline"), freeship: n("topic.freeship"), replace: n("act.replace"), unwilling: n("cue.unwilling"), refund: n("act.refund"), discount: n("topic.discount"), price: n("topic.price"), nudge: n("cue.nudge"), substitute: n("cue.substitute"),
		sendable: n("cue.sendable"), card: n("topic.card"), threshold: n("cue.threshold"), cod: n("topic.cod"), realItem: n("cue.real_item"), category: n("cue.category"), excuse: n("cue.excuse"), compensation: n("topic.compensation"), receipt: n("topic.receipt"), order: n("topic.order"), noreason: n("topic.noreason"), insult: n("topic.insult"), giveBack: n("act.return"), reward: n("cue.reward"),
	}
	for _, s := range []Sense{b.negBefore, b.negAfter, b.negNeed, b.yes, b.no, b.agree, b.deny, b.need, b.noNeed} {
		b.polar.Add(s)
	}
	b.numerals = numerals()
	b.acts = v.acts
	b.speaks = b.polar
	b.speaks.Union(&v.acts)
	b.speaks.Union(&v.topics)
	b.speaks.Add(b.boundary)
	b.speaks.Add(b.question)
	for _, s := range []Sense{b.unitMoney, b.unitPercent, b.unitHour, b.unitDay, b.unitClock} {
		b.units.Add(s)
	}
	b.parties.Add(b.buyer)
	b.parties.Add(b.shop)
	b.parties.Add(b.other)
	b.onlySet.Add(b.only)
	b.provideSet.Add(b.provide)
	b.contactSet.Add(b.contact)
	for _, s := range []Sense{b.unitMoney, b.unitPercent, b.unitClock} {
		b.countable.Add(s)
	}
	for _, s := range []Sense{b.qq, b.wechat, b.messenger, n("topic.group")} {
		if s != 0 {
			b.channels.Add(s)
		}
	}
	for _, s := range []Sense{b.phone, b.hotline, b.ownPhone, b.orderPhone, n("cue.public")} {
		b.dialled.Add(s)
	}
	b.leftSet.Add(n("ref.left"))
	for _, s := range []Sense{b.refFirst, b.refSecond, b.refOther, b.refBoth} {
		b.refs.Add(s)
	}
	for _, t := range []Sense{
		b.money, b.percent, b.number, b.hours, b.clock, b.spread, b.day, b.vague,
		b.phone, b.qqID, b.wechatID, b.email, b.link, b.bankcard, b.id, b.orderName, b.orderAddress, b.orderPhone,
	} {
		if t != 0 {
			b.slots.Add(t)
		}
	}
	for _, t := range []string{"tax", "fee", "postage", "diff"} {
		if s := n("topic." + t); s != 0 {
			b.costs.Add(s)
		}
	}
	return b
}
