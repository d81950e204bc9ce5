package claim

import (
	"slices"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// Quantities: a unit term counts only behind a number, and the two together
// become one item with the slot's sense and its value.

// numerals are the characters that Chinese numbers are written with, with
// their value; 十 百 千 万 multiply.
func numeral(r rune) (value float64, unit bool, ok bool) {
	switch r {
	case '零', '〇':
		return 0, false, true
	case '一', '壹', '幺':
		return 1, false, true
	case '二', '贰', '两', '俩':
		return 2, false, true
	case '三', '叁', '仨':
		return 3, false, true
	case '四', '肆':
		return 4, false, true
	case '五', '伍':
		return 5, false, true
	case '六', '陆':
		return 6, false, true
	case '七', '柒':
		return 7, false, true
	case '八', '捌':
		return 8, false, true
	case '九', '玖':
		return 9, false, true
	case '十', '拾':
		return 10, true, true
	case '百', '佰':
		return 100, true, true
	case '千', '仟':
		return 1000, true, true
	case '万':
		return 10000, true, true
	case '几', '半':
		return 0, false, true
	}
	return 0, false, false
}

// A runeFilter tells most runes that are not of a set, quickly: may is true
// for every rune of the set and for few others.
type runeFilter [4]uint64

func (f *runeFilter) add(r rune) { f[r>>6&3] |= 1 << (r & 63) }

func (f *runeFilter) may(r rune) bool { return f[r>>6&3]&(1<<(r&63)) != 0 }

// numerals returns the filter of the characters that numeral knows.
func numerals() (f runeFilter) {
	for r := '\u3007'; r <= '\u9FFF'; r++ {
		if _, _, ok := numeral(r); ok {
			f.add(r)
		}
	}
	return f
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// numberBefore reads the number that ends at rune end. It returns where the
// number starts (end if there is none), its value, and whether it is a range
// or an approximation such as 3-5, 两三, 几.
func numberBefore(t *text.Text, end int) (start int, value float64, loose bool) {
	r := t.Runes()
	i := end
	for i > 0 && (i == end || t.GapBefore(i) == 0) && (isDigit(r[i-1]) || r[i-1] == '.' && i < end && i > 1 && isDigit(r[i-2])) {
		i--
	}
	if i < end {
		value = decimal(r[i:end])
		if i > 0 && t.GapBefore(i)&text.Dot != 0 && isDigit(r[i-1]) { // 3 - 5天
			for i--; i > 0 && t.GapBefore(i) == 0 && isDigit(r[i-1]); i-- {
			}
			return i, value, true
		}
		if i > 1 && (r[i-1] == '-' || r[i-1] == '到' || r[i-1] == '至') && isDigit(r[i-2]) {
			for i--; i > 0 && isDigit(r[i-1]); i-- {
			}
			return i, value, true
		}
		return i, value, false
	}
	for i > 0 {
		if _, _, ok := numeral(r[i-1]); !ok {
			break
		}
		i--
	}
	if i == end {
		return end, 0, false
	}
	value, loose = chinese(r[i:end])
	if i > 1 && (r[i-1] == '到' || r[i-1] == '至') {
		if _, _, ok := numeral(r[i-2]); ok {
			start, _, _ = numberBefore(t, i-1)
			return start, value, true
		}
	}
	return i, value, loose
}

func decimal(r []rune) float64 {
	v, scale := 0.0, 0.0
	for _, c := range r {
		switch {
		case c == '.':
			scale = 1
		case scale > 0:
			scale /= 10
			v += float64(c-'0') * scale
		default:
			v = v*10 + float64(c-'0')
		}
	}
	return v
}

// chinese reads a Chinese number. Neighbouring digits without a multiplier
// between them (两三, 三五) are an approximation, and so are 几 and 半.
func chinese(r []rune) (value float64, loose bool) {
	total, digit, seen := 0.0, 0.0, false
	for _, c := range r {
		v, unit, _ := numeral(c)
		switch {
		case c == '几':
			loose, digit, seen = true, 3, true
		case c == '半':
			digit, seen = digit+0.5, true
		case unit:
			if !seen {
				digit = 1
			}
			total += digit * v
			digit, seen = 0, false
		default:
			if seen {
				loose = true
			}
			digit, seen = v, true
		}
	}
	return total + digit, loose
}

// quantify turns unit items with a number before them into slots and drops
// units without one. Items stay in order of their start.
func (l *Lexicon) quantify(items []item, t *text.Text) []item {
	is := &l.vocab.is
	r := t.Runes()
	first := 0
	for first < len(items) && !items[first].senses.Meets(&is.units) {
		first++
	}
	out := items[:first]
	for _, it := range items[first:] {
		slot := is.slotOf(&it)
		if slot == 0 {
			out = append(out, it)
			continue
		}
		start, value, loose := numberBefore(t, it.start)
		if start == it.start || r[it.start] == '点' && value > 24 || r[it.start] == '号' && (value > lastDay || start > 0 && r[start-1] == '第') {
			if dropUnits(is, &it); !it.senses.Empty() {
				out = append(out, it)
			}
			continue
		}
		out = append(trimInside(out, start), quantity(is, it, slot, start, value, loose))
	}
	return out
}

// lastDay is the highest day of a month: 37号 is a size or a piece.
const lastDay = 31

// slotOf returns the slot that a unit item makes, or 0 if it is no unit.
func (b *builtins) slotOf(it *item) Sense {
	switch {
	case it.is(b.unitMoney):
		return b.money
	case it.is(b.unitPercent):
		return b.percent
	case it.is(b.unitHour), it.is(b.unitDay):
		return b.hours
	case it.is(b.unitClock):
		return b.clock
	}
	return 0
}

func dropUnits(b *builtins, it *item) {
	for _, s := range []Sense{b.unitMoney, b.unitPercent, b.unitHour, b.unitDay, b.unitClock} {
		it.senses.Remove(s)
	}
}

// trimInside removes the items that a number starting at start swallows.
func trimInside(items []item, start int) []item {
	for len(items) > 0 && items[len(items)-1].start >= start {
		items = items[:len(items)-1]
	}
	return items
}

func quantity(b *builtins, it item, slot Sense, start int, value float64, loose bool) item {
	day := it.is(b.unitDay)
	dropUnits(b, &it)
	it.start = start
	it.value = value
	it.senses.Add(slot)
	if slot == b.hours {
		if day {
			it.value *= 24
		}
		if loose {
			it.senses.Remove(slot)
			it.senses.Add(b.spread)
		}
	}
	return it
}

// appendShares finds shares that no unit term stands for: 3%, 百分之三, 千分之八.
func (r *reading) appendShares(items []item) []item {
	runes := r.text.Runes()
	for i := 1; i < len(runes); i++ {
		var start, end int
		var value float64
		switch {
		case runes[i] == '%' && isDigit(runes[i-1]):
			start, value, _ = numberBefore(&r.text, i)
			end = i + 1
		case runes[i] == '之' && i > 1 && runes[i-1] == '分' && (runes[i-2] == '百' || runes[i-2] == '千'):
			for end = i + 1; end < len(runes); end++ {
				if _, _, ok := numeral(runes[end]); !ok && !isDigit(runes[end]) {
					break
				}
			}
			if end == i+1 {
				continue
			}
			start = i - 2
			value, _ = chinese(runes[i+1 : end])
		default:
			continue
		}
		it := item{start: start, end: end, term: -1, value: value}
		it.senses.Add(r.is.percent)
		items = append(items, it)
	}
	return items
}

// appendAmounts finds the numbers right behind a word of paying back or
// charging that have no unit: 给您补十五, 收您九十.
func (r *reading) appendAmounts(items []item) []item {
	runes := r.text.Runes()
	n := len(items)
	for k := range n {
		it := &items[k]
		if !it.is(r.is.refund) && !it.is(r.is.charge) && !it.is(r.is.discount) {
			continue
		}
		from := it.end
		if from < len(runes) && (runes[from] == '您' || runes[from] == '你') {
			from++
		}
		to, figures := from, 0
		for ; to < len(runes) && (to == from || r.text.GapBefore(to) == 0); to++ {
			_, _, ok := numeral(runes[to])
			if !ok && !isDigit(runes[to]) || runes[to] == '几' || runes[to] == '半' {
				break
			}
			figures++
		}
		if figures == 0 || figures == 1 && (runes[from] == '一' || runes[from] == '1') || figures > 4 {
			continue
		}
		if to < len(runes) && r.text.GapBefore(to) == 0 && !closes(runes[to]) {
			continue // 补两个
		}
		if k+1 < n && items[k+1].start < to {
			continue // a quantity already
		}
		amount := item{start: from, end: to, term: -1}
		amount.senses.Add(r.is.money)
		items = append(items, amount)
	}
	return items
}

// closes reports whether r ends what stands before it.
func closes(r rune) bool {
	switch r {
	case '吧', '呢', '哦', '啊', '哈', '的', '了', '呀', '嘛', '啦', '就', '给', '喔', '亲', '呗', '行':
		return true
	}
	return false
}

// appendDiffering marks the second of two different amounts in a message:
// 实付198，给您开298. Figures with another unit than money, and long numbers,
// are no amounts.
func (r *reading) appendDiffering(items []item) []item {
	runes := r.text.Runes()
	first := -1.0
	for i := 0; i < len(runes); {
		if !isDigit(runes[i]) {
			i++
			continue
		}
		end := i
		for end < len(runes) && (isDigit(runes[end]) || runes[end] == '.') {
			end++
		}
		if v := decimal(runes[i:end]); end-i <= 7 && v >= 10 && !r.otherUnit(items, i, end) {
			if first >= 0 && v != first {
				it := item{start: i, end: end, term: -1}
				it.senses.Add(r.is.differ)
				return append(items, it)
			}
			first = v
		}
		i = end
	}
	return items
}

// otherUnit reports whether the figures in [start, end) are part of an item
// that is no money, or of a code.
func (r *reading) otherUnit(items []item, start, end int) bool {
	runes := r.text.Runes()
	if start > 0 && isLetter(runes[start-1]) || end < len(runes) && (isLetter(runes[end]) || runes[end] == '-' || runes[end] == '%') {
		return true
	}
	for i := range items {
		if it := &items[i]; it.start <= start && end <= it.end && !it.is(r.is.money) {
			return true
		}
	}
	return false
}

// sortItems orders items by start, then the longer first.
func sortItems(items []item) {
	slices.SortStableFunc(items, func(a, b item) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
}
