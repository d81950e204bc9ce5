package claim

import "slices"

// asked chooses the open claims that p answers: for an act of its own, the
// latest that asks for the same kind of act; for a bare answer, the latest
// question, or if nothing is asked the latest clause that proposes an act or
// is all that a short message says.
func (x *interpreter) asked(p *predication) (from, to int) {
	open := x.r.open
	if p.act != 0 {
		fits := func(q *Claim) bool {
			return q.Topic != 0 && (x.sameKind(q.Act, p.act) || x.paysBy(q, p.act))
		}
		i := latest(open, func(q *Claim) bool { return fits(q) && q.Mood != Assert })
		if i < 0 {
			asks := latest(open, func(q *Claim) bool { return q.Clause >= 0 && q.Mood != Assert && (q.Topic != 0 || q.unknown) }) >= 0
			i = latest(open, func(q *Claim) bool { return fits(q) && (q.Act != 0 || !asks) })
		}
		if i < 0 && x.general(p) {
			fits = func(q *Claim) bool { return q.Topic != 0 && q.Act != 0 && q.Mood != Assert }
			i = latest(open, fits) // 不支持的 to 能退货吗
		}
		if i < 0 && p.act == x.is.provide && x.c.bag.Has(x.is.pronoun) {
			fits = func(q *Claim) bool { return q.Topic != 0 && q.Topic != x.is.goods }
			i = latest(open, fits) // 那个收不了
		}
		return sameClause(open, i, fits)
	}
	whole := func(*Claim) bool { return true }
	i := latest(open, func(q *Claim) bool { return q.Clause >= 0 && q.Mood != Assert })
	if i >= 0 {
		if j := tagged(open, i); j >= 0 {
			i = j
		} else if j := x.proposed(open, i); j >= 0 {
			i = j
		}
		return sameClause(open, i, whole)
	}
	i = latest(open, func(q *Claim) bool { return q.Topic != 0 && (q.Act != 0 || q.brief || q.tag) })
	return sameClause(open, i, whole)
}

// general reports whether the act of p is one as general as 支持 or 弄, which
// stands for whatever was asked: not 收, 出 or 开, which say more.
func (x *interpreter) general(p *predication) bool {
	return p.act == x.is.provide && x.m.items[p.item].senses.And(x.is.acts) == x.is.provideSet
}

// latest returns the index of the last claim that fits, or -1.
func latest(open []Claim, fits func(*Claim) bool) int {
	for i := range slices.Backward(open) {
		if fits(&open[i]) {
			return i
		}
	}
	return -1
}

// tagged returns the claim that the question open[i] is only a tag of: 我直接
// 转给你，可以吗 asks of the clause before it. It returns -1 for a question
// with a topic or an act of its own.
func tagged(open []Claim, i int) int {
	clause := open[i].Clause
	for ; i >= 0 && open[i].Clause == clause; i-- {
		if open[i].Topic != 0 || open[i].unknown || open[i].Act != 0 && !open[i].bare {
			return -1
		}
	}
	for ; i >= 0 && open[i].Clause >= 0; i-- {
		if open[i].Topic != 0 {
			return i
		}
	}
	return -1
}

// proposed returns the last claim of a transfer proposed behind the
// question open[i], which names no topic itself: 能不能不拍，直接汇给你们. It returns
// -1 where nothing is proposed.
func (x *interpreter) proposed(open []Claim, i int) int {
	clause := open[i].Clause
	for j := i; j >= 0 && open[j].Clause == clause; j-- {
		if open[j].Topic != 0 || open[j].unknown {
			return -1
		}
	}
	last := -1
	for j := i + 1; j < len(open) && open[j].Clause >= 0; j++ {
		if q := &open[j]; (q.Topic == x.is.transfer || q.Topic == x.is.offline) && q.Act != 0 && q.Mood == Assert {
			last = j
		}
	}
	return last
}

// sameClause returns the range of claims around i that belong to one clause
// and satisfy keep. It is empty where i is -1.
func sameClause(open []Claim, i int, keep func(*Claim) bool) (from, to int) {
	if i < 0 {
		return 0, 0
	}
	from, to = i, i+1
	for from > 0 && open[from-1].Clause == open[i].Clause && keep(&open[from-1]) {
		from--
	}
	for to < len(open) && open[to].Clause == open[i].Clause && keep(&open[to]) {
		to++
	}
	return from, to
}

// paysBy reports whether act is paying and q asks whether there is that way to
// pay: 刷不了 to 支持信用卡吗.
func (x *interpreter) paysBy(q *Claim, act Sense) bool {
	return act == x.is.pay && (q.Topic == x.is.card || q.Topic == x.is.cod) && x.class(q.Act) == 1
}

// sameKind reports whether an answer with act b can close a question with act
// a: the same act, or two ways of making something available, or two ways of
// asking money; a question without an act is closed by any.
func (x *interpreter) sameKind(a, b Sense) bool {
	if a == b || a == 0 {
		return true
	}
	return x.class(a) == x.class(b) && x.class(a) != 0
}

func (x *interpreter) class(a Sense) int {
	switch a {
	case x.is.provide, x.is.issue:
		return 1
	case x.is.charge, x.is.bear:
		return 2
	}
	return 0
}
