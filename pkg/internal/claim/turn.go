package claim

import "strings"

// nameDoer silences what only says of whom a denial is: 加您微信的根本不是我们,
// 不给票的那家不是我们.
func (r *reading) nameDoer(c *clause, preds []predication) {
	runes := r.text.Runes()
	for k := c.lo; k < c.hi; k++ {
		it := &r.items[k]
		if !it.is(r.is.deny) || it.end-it.start != 2 || runes[it.start+1] != '是' {
			continue
		}
		ends := tail
		if k+1 < c.hi && r.items[k+1].is(r.is.shop) && r.items[k+1].start == it.end {
			ends = who
		}
		at := it.start
		for i := 0; i < 3 && at > c.start && !strings.ContainsRune(ends, runes[at-1]); i++ {
			at-- // 根本, 都
		}
		if at <= c.start+1 || !strings.ContainsRune(ends, runes[at-1]) {
			continue
		}
		for i := range preds {
			if p := &preds[i]; p.end <= at {
				p.thing = true
			}
		}
	}
}

// refuseSuch reads 这种事我们不做: the denial turns what its clause has said
// before, 加税点, or, where that is nothing, what was asked.
func (r *reading) refuseSuch(c *clause, preds []predication) {
	at := -1
	for k := c.lo; k < c.hi; k++ {
		if r.items[k].is(r.is.refSuch) {
			at = k
		}
	}
	if at < 0 || r.buyer {
		return
	}
	it := &r.items[at]
	denied := -1
	for i := range preds {
		if p := &preds[i]; p.polarity() < 0 && (p.start >= it.end || p.end <= it.start && it.start-p.end <= 2) {
			denied = preds[i].item
		}
	}
	unwilling := false
	for k := at + 1; k < c.hi; k++ {
		unwilling = unwilling || r.items[k].is(r.is.unwilling)
	}
	if denied < 0 && !unwilling {
		return
	}
	turned := false
	for i := range preds {
		if p := &preds[i]; p.item != denied && p.end <= it.start {
			p.outer = -p.outer
			turned = true
		}
	}
	for i := range preds {
		if p := &preds[i]; p.item == denied {
			p.thing = turned || p.act != 0 && i+1 < len(preds) && preds[i+1].item == denied
			p.act, p.answer, p.own, p.subject, p.object = 0, r.is.deny, 0, -1, -1
		}
	}
}

// neverSeen turns what a clause says never happens: 开不了票的情况没碰到过.
func (r *reading) neverSeen(c *clause, preds []predication) {
	if c.lo == c.hi {
		return
	}
	runes := r.text.Runes()
	for i := c.start + 1; i+3 <= c.end; i++ {
		if runes[i] != '的' || !(runes[i+1] == '情' && runes[i+2] == '况' || runes[i+1] == '先' && runes[i+2] == '例' || runes[i+1] == '说' && runes[i+2] == '法') {
			continue
		}
		k := c.lo
		for k+1 < c.hi && (r.items[k].senses.Meets(&r.is.parties) || r.items[k].is(r.is.address)) {
			k++
		}
		if lead := r.items[k].start; (runes[lead] == '没' || runes[lead] == '哪' || runes[lead] == '冇') && r.items[k].end <= i {
			for j := range preds {
				q := &preds[j]
				switch {
				case q.end > i:
				case q.start == lead:
					q.thing = q.polarity() < 0 && len(preds) > 1
				case q.polarity() < 0:
					q.outer = -q.outer // 没有开了票就不保的说法
				}
			}
			continue
		}
		never := false
		for _, x := range runes[i+3 : c.end] {
			never = never || x == '没' || x == '冇'
		}
		if !never {
			continue
		}
		for j := range preds {
			if q := &preds[j]; q.end <= i {
				q.outer = -q.outer
			}
		}
	}
}

// neverSaid turns a refusal right behind 没说过 or the like: 没说过不行, 没写不能退.
func (r *reading) neverSaid(preds []predication) {
	runes := r.text.Runes()
	for i := range preds {
		q := &preds[i]
		if q.polarity() > 0 || r.buyer || !strings.ContainsRune("不没冇", runes[q.start]) {
			continue
		}
		at := q.start
		for at > 0 && (runes[at-1] == '过' || runes[at-1] == '您') {
			at--
		}
		if at < 2 || !strings.ContainsRune("说讲写", runes[at-1]) {
			continue
		}
		at -= 2
		for at > 0 && (runes[at] == '有' || runes[at] == '人' || runes[at] == '谁' || runes[at] == '跟') {
			at--
		}
		if runes[at] == '没' || runes[at] == '冇' || runes[at] == '未' {
			q.outer = -q.outer
		}
	}
}

// refusedNext reports whether clause i ends in 这种事 or the like and the next one
// of its sentence, which names nothing itself, says that it is not done: 扫码付钱这
// 种事，我们不会叫您做.
func (r *reading) refusedNext(i int) bool {
	if i+1 >= len(r.clauses) || r.clauses[i].sentence != r.clauses[i+1].sentence {
		return false
	}
	c, next := &r.clauses[i], &r.clauses[i+1]
	if c.lo == c.hi || !r.items[c.hi-1].is(r.is.refSuch) || r.items[c.hi-1].end != c.end {
		return false
	}
	denied := false
	for k := next.lo; k < next.hi; k++ {
		it := &r.items[k]
		if r.isTopic(it) {
			return false
		}
		denied = denied || it.is(r.is.negBefore) || it.is(r.is.negNeed) || it.is(r.is.no) || it.is(r.is.deny) || it.is(r.is.unwilling)
	}
	return denied
}

// concede silences what a clause only concedes: in 没带也能修 nobody says that
// it was not brought.
func (r *reading) concede(c *clause, preds []predication) {
	runes := r.text.Runes()
	for i := range preds {
		p := &preds[i]
		if r.buyer {
			continue
		}
		if p.polarity() > 0 {
			if p.act != 0 && p.end < c.end && runes[p.end] == '了' && r.punished(c, p.end) {
				p.thing = true // 收了要挨罚
			}
			if i+1 < len(preds) && preds[i+1].polarity() < 0 && preds[i+1].start == p.end+1 && runes[p.end] == '也' {
				p.thing = true // 有也不敢给您
			}
			continue
		}
		if r.justSo(c, p.end) && p.act != 0 {
			p.thing = true // 没洗过就行
			continue
		}
		for j := i + 1; j < len(preds); j++ {
			q := &preds[j]
			if q.item == p.item || q.polarity() < 0 || q.start <= p.end {
				continue
			}
			for at := p.end; at < q.start; at++ {
				if runes[at] == '就' && (q.act == r.is.replace || q.act == r.is.refund || q.act == r.is.giveBack) {
					p.thing = true // 不合适就退
				}
				if runes[at] == '也' || runes[at] == '照' {
					p.thing = true
				}
			}
		}
	}
}

// justSo reports whether clause c ends in 就行 or the like behind at, which makes
// what stands before it a condition.
func (r *reading) justSo(c *clause, at int) bool {
	runes := r.text.Runes()
	end := c.end
	for end > at+2 && strings.ContainsRune("的了哈啊呀啦喇哦㗎吧", runes[end-1]) {
		end--
	}
	if end-at < 2 {
		return false
	}
	switch runes[end-1] {
	case '行', '得', '好', '成', '中', '以':
	default:
		return false
	}
	for i := max(at, end-3); i < end-1; i++ {
		if runes[i] == '就' {
			return true
		}
	}
	return false
}

// punished reports whether clause c says behind at that something is ruled out.
func (r *reading) punished(c *clause, at int) bool {
	for k := c.lo; k < c.hi; k++ {
		if it := &r.items[k]; it.start > at && it.is(r.is.block) && !it.weak {
			return true
		}
	}
	return false
}
