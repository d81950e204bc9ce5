package claim

import "github.com/replyguard/replyguard/pkg/internal/text"

// pointsBack reports whether the reply takes up a question from before the
// buyer's last turn, rather than one of two that the turn asks.
func (r *Reading) pointsBack() bool {
	bag := &r.reply.bag
	return bag.Has(r.reply.is.pointer) && !(r.sides.any && bag.Meets(&r.reply.is.refs))
}

// nudges reports whether the buyer's last turn only calls for an answer: 在吗,
// or a mark or two.
func (r *Reading) nudges() bool {
	for i := range r.nBuyer {
		m := &r.buyer[i]
		if m.bag.Has(m.is.nudge) || m.text.Len() <= nudge && m.text.GapBefore(m.text.Len())&text.Question != 0 {
			return true
		}
	}
	return false
}

// nudge is the length, in significant characters, up to which a question
// without a topic only calls for an answer: 嗯？
const nudge = 2

// asksNothing reports whether the last turn names no topic and no act, or
// only nudges.
func (r *Reading) asksNothing() bool {
	for _, c := range r.open {
		if c.Topic != 0 || c.Act != 0 || c.Mood == Question || c.Mood == Offer {
			return false
		}
	}
	return true
}

// carry goes back to the buyer's latest question before the last turn that
// the seller has not spoken to since, and makes it the open one.
func (rd *Reader) carry(r *Reading, before []Message, known *Known) {
	end := ahead(before)
	saved := r.focus
	r.focus = nil
	defer func() { r.focus = saved }()
	var said Set
	for i := end - 1; i >= 0; i-- {
		if before[i].Seller {
			r.spare.reset(rd.lex, before[i].Text)
			r.spare.scan(&r.sc, known, &r.context)
			said.Union(&r.spare.bag)
			continue
		}
		m := rd.message(r, &r.carried, &r.nCarry, before[i].Text, known, true)
		topics := m.bag.And(rd.lex.vocab.topics)
		if topics.Empty() || topics.Meets(&said) {
			continue
		}
		r.open = append(r.open[:0], m.claims...)
		r.Asked.Union(&m.bag)
		return
	}
}

// ahead returns the number of messages ahead of the buyer's last turn.
func ahead(before []Message) int {
	end := len(before)
	for end > 0 && before[end-1].Seller {
		end--
	}
	for end > 0 && !before[end-1].Seller {
		end--
	}
	return end
}

// themeless reports whether the buyer's last turn names no topic: 行不, 补给我.
func (r *Reading) themeless() bool {
	for i := range r.nBuyer {
		m := &r.buyer[i]
		for k := range m.items {
			if m.isTopic(&m.items[k]) && !m.light(k) {
				return false
			}
		}
	}
	return r.nBuyer > 0
}

// resume takes the last turn as going on with the buyer's turn before it, if the
// seller has neither answered that nor spoken of its topics. What it asks stays open
// where the last turn does nothing itself: 票帮我开成1280, 您稍等, 问好没.
func (rd *Reader) resume(r *Reading, before []Message, known *Known) {
	end := ahead(before)
	var said Set
	for ; end > 0 && before[end-1].Seller; end-- {
		r.spare.reset(rd.lex, before[end-1].Text)
		r.spare.scan(&r.sc, known, &r.context)
		said.Union(&r.spare.bag)
		if r.spare.bag.Has(r.spare.is.hedge) && !putsOff(r.spare.text.Runes()) {
			return // 应该可以的: an answer, be it a vague one
		}
	}
	is := r.reply.is
	if end == 0 || said.Has(is.no) || said.Has(is.deny) || said.Has(is.negBefore) || said.Has(is.negAfter) {
		return
	}
	taken := said.Meets(&is.polar)
	for _, c := range r.open {
		taken = taken || c.Act != 0
	}
	saved := r.focus
	r.focus = nil
	defer func() { r.focus = saved }()
	for i := end - 1; i >= 0 && !before[i].Seller; i-- {
		m := rd.message(r, &r.carried, &r.nCarry, before[i].Text, known, true)
		topics := m.bag.And(rd.lex.vocab.topics)
		if topics.Meets(&said) || said.Meets(&is.polar) && (m.bag.Has(is.question) || m.bag.Has(is.offer)) {
			return
		}
		if topics.Empty() {
			continue
		}
		r.Asked.Union(&m.bag)
		if !taken {
			r.open = append(r.open[:0], m.claims...)
			taken = true
		}
	}
}

// putsOff reports whether the seller's message only says that he will ask or look.
func putsOff(runes []rune) bool {
	for _, x := range runes {
		switch x {
		case '问', '查', '看', '等':
			return true
		}
	}
	return false
}
