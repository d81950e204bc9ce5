package claim

// spread carries a warning or a report over the sentence it stands in: 有人
// 冒充我们让您加好友，千万别理 says nothing of the shop's own.
func spread(m *reading) {
	for i := range m.clauses {
		c := &m.clauses[i]
		if c.mood != Report && c.mood != Forbid {
			continue
		}
		for j := range m.claims {
			k := m.claims[j].Clause
			after := c.mood == Forbid && k > i && m.claims[j].Origin != Explicit // 千万别转账，有冒充我们的; 千万别转，转了找不回来
			warned := c.mood == Forbid && k == i+1 && m.mere(c) && m.goesWrong(&m.clauses[k])
			if m.clauses[k].sentence == c.sentence && k != i && (after || warned || m.covers(i, k)) {
				m.claims[j].Mood = c.mood
			}
		}
	}
}

// themes makes a clause that only says what the next one refuses a supposition:
// 私下给我，我不敢接. What the shop itself proposes stays proposed: 咱们换微信聊吧，这边我看不过来.
func (r *reading) themes() {
	for i := range r.claims {
		d := &r.claims[i]
		if d.Origin != Inherited || d.Polarity > 0 || d.Act != r.is.provide || d.Party != ByShop || d.Mood != Assert || !r.closes(d) {
			continue
		}
		for j := range r.claims[:i] {
			c := &r.claims[j]
			if c.Topic == d.Topic && c.Party != ByShop && c.Origin == Explicit && c.Polarity > 0 && c.Mood == Assert && c.Clause == d.Clause-1 && r.clauses[c.Clause].sentence == r.clauses[d.Clause].sentence {
				c.Mood = Condition
			}
		}
	}
}

// closes reports whether nothing but particles and forms of address stand behind
// claim c in its clause: 我不敢接, and not 我不收钱.
func (r *reading) closes(c *Claim) bool {
	cl := &r.clauses[c.Clause]
	for k := cl.lo; k < cl.hi; k++ {
		if it := &r.items[k]; it.start >= c.End && !it.is(r.is.particle) && !it.is(r.is.address) {
			return false
		}
	}
	return r.unknown(cl, c.End, cl.end) == 0
}

// spelledOut silences a bare answer that a later clause spells out the other
// way: 没有没有，邮费店里出 and 不会，票照给您开 mean what they say at length.
func (r *reading) spelledOut() {
	for i := range r.claims {
		a := &r.claims[i]
		if a.Origin != Answer || !a.bare || a.Topic == 0 || a.Mood != Assert || a.Act != r.is.charge && !a.denies {
			continue // 没有哦 refuses, whatever the next clause grants
		}
		for j := i + 1; j < len(r.claims); j++ {
			b := &r.claims[j]
			if b.Origin != Explicit || b.bare || b.Party == ByOther || b.Topic != a.Topic || b.Polarity == a.Polarity || b.Clause == a.Clause || b.Mood != Assert {
				continue
			}
			c := &r.clauses[b.Clause]
			if b.Act != a.Act && (b.Act == r.is.charge || a.Act == r.is.charge) || c.contrast || c.bag.Has(r.is.only) || c.bag.Has(r.is.day) || c.bag.Has(r.is.vague) {
				continue
			}
			a.Mood = Condition
		}
	}
}

// covers reports whether the mood of clause i reaches clause k: a warning
// without a topic of its own reaches back, a report with a third person in it
// reaches forward.
func (r *reading) covers(i, k int) bool {
	c := &r.clauses[i]
	topics := c.bag.And(r.lex.vocab.topics)
	if c.mood == Forbid {
		return k < i && topics.Empty()
	}
	return k > i && c.bag.Has(r.is.other)
}

// mere reports whether clause c says nothing but that something must not be: 可别.
func (r *reading) mere(c *clause) bool {
	topics, acts := c.bag.And(r.lex.vocab.topics), c.bag.And(r.is.acts)
	return topics.Empty() && acts.Empty() && r.unknown(c, c.start, c.end) == 0
}

// goesWrong reports whether clause c says that something is faulty or cannot be.
func (r *reading) goesWrong(c *clause) bool {
	return c.bag.Has(r.is.fault) || c.bag.Has(r.is.negAfter) || c.bag.Has(r.is.block)
}
