package claim

import (
	"slices"
	"strings"
	"unicode"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// breaking are the gaps that end a clause. A blank breaks too, unless the
// whole text is spaced out character by character.
const breaking = text.Comma | text.Stop | text.Question | text.Newline | text.Emoji |
	text.QuoteOpen | text.QuoteClose | text.Colon | text.Bracket

// ending are the gaps that end a sentence.
const ending = text.Stop | text.Question | text.Newline

// longestClause is the length, in significant characters, at which a clause is
// cut in any case. No thought is longer, and reading a clause takes time that
// grows faster than its length.
const longestClause = 120

// A clause is the stretch of a message that carries one thought.
type clause struct {
	start, end int // significant characters
	lo, hi     int // items
	bag        Set // what its items mean
	mood       Mood
	asked      bool // marked as a question, whatever its mood
	rhetoric   bool
	hedged     bool
	theme      bool // only names what the next clause is about
	contrast   bool // opened by a word such as 不过
	stop       bool // ends its sentence
	sentence   int
}

// splitter cuts a text with its items into clauses.
type splitter struct {
	is     *builtins
	t      *text.Text
	items  []item
	lex    *Lexicon
	breaks text.Gap
	out    []clause
}

// appendClauses cuts t into clauses at punctuation and, where that is
// missing, behind clause-final particles and forms of address and before
// words that open a clause. No cut falls inside an item.
func appendClauses(dst []clause, l *Lexicon, t *text.Text, items []item) []clause {
	s := splitter{is: &l.vocab.is, t: t, items: items, lex: l, breaks: breaking | text.Space, out: dst}
	if spacedOut(t) {
		s.breaks = breaking
	}
	s.run()
	return s.out
}

// spacedOut reports whether blanks stand between most characters, so that
// they separate nothing.
func spacedOut(t *text.Text) bool {
	n, gaps := t.Len(), 0
	for i := 1; i < n; i++ {
		if t.GapBefore(i)&text.Space != 0 {
			gaps++
		}
	}
	return gaps >= 4 && gaps*2 > n
}

func (s *splitter) run() {
	n := s.t.Len()
	start, lo := 0, 0
	sentence := 0
	next := 0  // first item that starts at or behind i
	reach := 0 // where the last of the items before it ends
	for i := 1; i <= n; i++ {
		for ; next < len(s.items) && s.items[next].start < i; next++ {
			reach = max(reach, s.items[next].end)
		}
		if i < n && i < reach {
			continue // no cut falls inside an item
		}
		if i < n && i-start < longestClause && !s.mayCut(i, next) {
			continue
		}
		tooLong := i-start >= longestClause
		if i < n && !tooLong && !s.cutsAt(i, next) && !s.answersBefore(start, i, lo, next) && !s.concludes(i, lo, next) {
			continue
		}
		s.out = append(s.out, clause{start: start, end: i, lo: lo, hi: next, sentence: sentence})
		c := &s.out[len(s.out)-1]
		g := s.t.GapBefore(i)
		c.stop = i == n || g&ending != 0
		c.asked = g&text.Question != 0
		s.fill(c)
		if c.stop {
			sentence++
		}
		start, lo = i, next
	}
}

// mayCut reports whether anything stands before character i that a clause can
// end at: cutsAt is false wherever mayCut is.
func (s *splitter) mayCut(i, next int) bool {
	return s.t.GapBefore(i)&s.breaks != 0 ||
		next > 0 && s.items[next-1].end == i ||
		next < len(s.items) && s.items[next].start == i ||
		dates(s.t.Runes()[i-1]) || then(s.t.Runes()[i])
}

// cutsAt reports whether a clause ends before character i, which no item spans. next
// is the first item that starts at or behind i.
func (s *splitter) cutsAt(i, next int) bool {
	if s.t.GapBefore(i)&s.breaks != 0 || s.dated(i, next) {
		return true
	}
	behind := next > 0 && s.items[next-1].end == i
	if behind && s.endsClause(&s.items[next-1]) && !s.continues(next, i) {
		return true
	}
	if next < len(s.items) && s.items[next].start == i {
		if behind && s.items[next-1].is(s.is.negBefore) {
			return false // 不会因为
		}
		return s.opensClause(&s.items[next])
	}
	return false
}

// concludes reports whether the clause from item lo on supposes something up to
// character i, and what follows is what comes of it: 要是急|就发顺丰, and with the
// doer 要是急|我们就发顺丰. What comes of it is said as much as behind a comma. What is
// said in spite of it comes behind 也 or 都: 就算没拆|也不退.
func (s *splitter) concludes(i, lo, next int) bool {
	runes := s.t.Runes()
	at := i
	if next < len(s.items) && s.items[next].start == i {
		if it := &s.items[next]; it.is(s.is.shop) || it.is(s.is.buyer) {
			at = it.end
		}
	}
	if at >= len(runes) || !then(runes[at]) {
		return false
	}
	for k := lo; k < next; k++ {
		it := &s.items[k]
		if it.end >= i || !it.is(s.is.condition) || s.closesCondition(it) {
			continue
		}
		return runes[at] == '就' || concessive(runes[it.start:it.end])
	}
	return false
}

// then reports whether r opens what comes of a condition.
func then(r rune) bool { return r == '就' || r == '也' || r == '都' }

// concessive reports whether word supposes something in spite of which the rest
// holds.
func concessive(word []rune) bool {
	if len(word) < 2 {
		return false
	}
	switch string(word[:2]) {
	case "就算", "即使", "即便", "哪怕", "纵使", "无论", "不论", "不管", "甭管", "任凭":
		return true
	}
	return false
}

// answersBefore reports whether the clause from start up to i is one bare answer,
// run together with what follows: 好滴抬头发下, 会的会的等我忙完.
func (s *splitter) answersBefore(start, i, lo, next int) bool {
	if next != lo+1 || s.items[lo].start != start || s.items[lo].end != i {
		return false
	}
	it := &s.items[lo]
	if !it.is(s.is.yes) && !it.is(s.is.agree) && !it.is(s.is.deny) && !it.is(s.is.need) && !it.is(s.is.noNeed) {
		return false
	}
	runes := s.t.Runes()
	switch runes[i] {
	case '话', '吗', '么', '吧', '嘛', '不', '没', '时', '呢', '了':
		return false
	}
	if next < len(s.items) && s.items[next].start == i && (s.items[next].is(s.is.particle) || s.items[next].is(s.is.question)) {
		return false
	}
	switch last := runes[i-1]; last {
	case '呀', '哦', '滴', '哈', '呢', '嘞', '啊', '喔', '哒', '啦', '嗯', '恩':
		return true
	case '的':
		switch runes[i-2] {
		case '好', '是', '对', '行', '会', '以':
			return i-start <= 3
		}
	}
	return false
}

// dated reports whether the text before i is an act with 以后, 之前 or the like
// behind it: a clause that only says when something else is so.
func (s *splitter) dated(i, next int) bool {
	runes := s.t.Runes()
	if i < 3 || !dates(runes[i-1]) || runes[i-2] != '以' && runes[i-2] != '之' {
		return false
	}
	act := i - 2
	if runes[act-1] == '了' || runes[act-1] == '好' {
		act--
	}
	for k := next - 1; k >= 0 && k >= next-4; k-- {
		it := &s.items[k]
		if (it.end == act || it.end == i-2) && it.senses.Meets(&s.is.acts) {
			return true
		}
	}
	return false
}

// dates reports whether a word such as 以后 or 之前 may end in r.
func dates(r rune) bool { return r == '后' || r == '前' }

func (s *splitter) endsClause(it *item) bool {
	if it.is(s.is.particle) || it.is(s.is.address) {
		return true
	}
	return it.is(s.is.condition) && s.closesCondition(it)
}

// closesCondition reports whether a condition word stands at the end of its
// condition (…的话, …的时候) and not at its head (如果…).
func (s *splitter) closesCondition(it *item) bool {
	if it.term < 0 {
		return false
	}
	w := s.lex.text(it.term)
	return strings.HasSuffix(w, "话") || strings.HasSuffix(w, "候") || strings.HasSuffix(w, "嘅时")
}

// continues reports whether the item behind a particle belongs to it: another
// particle or a question tag.
func (s *splitter) continues(next, i int) bool {
	if next >= len(s.items) || s.items[next].start != i {
		return false
	}
	it := &s.items[next]
	return it.is(s.is.particle)
}

func (s *splitter) opensClause(it *item) bool {
	if it.is(s.is.boundary) || it.is(s.is.address) || it.is(s.is.repair) {
		return true
	}
	return it.is(s.is.condition) && !s.closesCondition(it)
}

// fill sums up what the clause's items mean.
func (s *splitter) fill(c *clause) {
	is := s.is
	for k := c.lo; k < c.hi; k++ {
		c.bag.Union(&s.items[k].senses)
	}
	if c.bag.Has(is.qq) && c.bag.Has(is.number) {
		c.bag.Add(is.qqID)
	}
	if c.bag.Has(is.wechat) && (c.bag.Has(is.id) || c.bag.Has(is.phone)) {
		c.bag.Add(is.wechatID)
	}
	if !c.bag.Has(is.category) && s.saysItself(c) {
		c.bag.Add(is.realItem)
	}
	c.asked = c.asked || c.bag.Has(is.question) || c.bag.Has(is.offer)
	c.rhetoric = c.bag.Has(is.rhetoric) && s.rhetorical(c)
	c.hedged = c.bag.Has(is.hedge)
	if c.lo < c.hi && s.items[c.lo].start == c.start {
		c.contrast = s.items[c.lo].is(is.boundary) && adversative(s.t.Runes()[c.start])
	}
	switch {
	case c.bag.Has(is.forbid):
		c.mood = Forbid
	case c.bag.Has(is.report), s.mentioned(c), s.unrelated(c), s.cited(c):
		c.mood = Report
	case c.rhetoric:
		c.mood = Assert
	case c.bag.Has(is.condition) && s.theme(c):
		c.bag.Remove(is.condition)
		c.theme = true
	case c.bag.Has(is.condition), s.dated(c.end, c.hi):
		c.mood = Condition
	case c.bag.Has(is.offer):
		c.mood = Offer
	case c.asked:
		c.mood = Question
	}
}

// saysItself reports whether the clause has a thing written or called what it is:
// 跳绳就得写跳绳, 茶叶就是茶叶.
func (s *splitter) saysItself(c *clause) bool {
	r := s.t.Runes()
	for i := c.start + 2; i+2 < c.end; i++ {
		switch r[i] {
		case '写', '开', '是':
		default:
			continue
		}
		from := i
		for from > c.start && strings.ContainsRune("就得只能要会也还当然", r[from-1]) {
			from--
		}
		to := i + 1
		if r[to] == '成' {
			to++
		}
		for n := 2; n <= 4 && from-n >= c.start && to+n <= c.end; n++ {
			if r[from-1] == r[to+n-1] && slices.Equal(r[from-n:from], r[to:to+n]) && !slices.ContainsFunc(r[from-n:from], interrogative) {
				return true // and not 您说多少就写多少
			}
		}
	}
	return false
}

// interrogative reports whether r asks or denies: a word with it names no thing.
func interrogative(r rune) bool { return strings.ContainsRune("不没多少什么啥几怎哪谁", r) }

// mentioned reports whether the clause stands in quotation marks as words that
// are written somewhere, a button's name or a status: 没写“不退不换”, 点“取消”, “售罄”两个字.
// Quotation marks alone say nothing: 只有“收据”哦.
func (s *splitter) mentioned(c *clause) bool {
	if s.t.GapBefore(c.start)&text.QuoteOpen == 0 || s.t.GapBefore(c.end)&text.QuoteClose == 0 {
		return false
	}
	r := s.t.Runes()
	before, after := string(r[max(0, c.start-4):c.start]), string(r[c.end:min(c.end+3, len(r))])
	if c.start > 0 {
		switch r[c.start-1] {
		case '着', '点', '印', '绣', '刻':
			return true
		case '写':
			return c.start > 1 && (r[c.start-2] == '没' || r[c.start-2] == '未') // 给您写“办公用品” is no mention
		}
	}
	switch {
	case strings.ContainsAny(after, "字笔行句指"):
		return true // 两个字, 那笔, 这句
	case strings.ContainsAny(after, "种样条") && strings.ContainsAny(before, "没冇无"):
		return true // 没有“特价不开票”这种规矩
	case strings.HasPrefix(after, "的") && strings.ContainsAny(before, "说写讲"):
		return true // 说“没货”的那位
	case strings.HasPrefix(after, "是"), strings.HasPrefix(after, "系"):
		return strings.ContainsAny(string(r[c.end:min(c.end+12, len(r))]), "您你他她别台统图") // “交易关闭”是平台写的
	}
	return false
}

// unrelated reports whether the clause says that something else has nothing to
// do with it: 跟聊天软件没关系, 和发票两码事.
func (s *splitter) unrelated(c *clause) bool {
	r := s.t.Runes()[c.start:c.end]
	switch {
	case len(r) < 4:
		return false
	case r[0] != '跟' && r[0] != '和' && r[0] != '与':
		return false
	case strings.ContainsRune("您你我咱", r[1]):
		return false // 跟您没关系
	}
	for k := c.lo; k < c.hi; k++ {
		if it := &s.items[k]; it.start == c.start+1 && it.senses.Meets(&s.is.parties) {
			return false // 和客服加微信没关系: nobody minds
		}
	}
	said := string(r)
	if strings.Contains(said, "也没") || strings.Contains(said, "都没") {
		return false // 跟店长加微信也没关系: it may be done
	}
	for _, w := range [...]string{"没关系", "没有关系", "没啥关系", "无关", "不相干", "不搭界", "不沾边", "两码事", "两回事", "没瓜葛"} {
		if strings.Contains(said, w) {
			return true
		}
	}
	return false
}

// cited reports whether the clause says what words are or mean: 那句不退不换是老包装上的.
func (s *splitter) cited(c *clause) bool {
	r := s.t.Runes()[c.start:c.end]
	for i := 0; i+2 < len(r) && i <= 2; i++ {
		if r[i+1] != '句' || r[i] != '那' && r[i] != '这' || r[i+2] == '话' {
			continue
		}
		for _, x := range r[i+2:] {
			if x == '是' || x == '指' || x == '系' {
				return true
			}
		}
	}
	return false
}

// adversative reports whether a word that opens a clause with r may set it off
// against what stood before. 请, 因为 and 所以 do not.
func adversative(r rune) bool {
	switch r {
	case '请', '因', '所', '麻', '烦':
		return false
	}
	return true
}

// theme reports whether the clause only names what the next one is about: 优惠券
// 的话. It supposes nothing.
func (s *splitter) theme(c *clause) bool {
	named := false
	for k := c.lo; k < c.hi; k++ {
		it := &s.items[k]
		topics := it.senses.And(s.lex.vocab.topics)
		acts := it.senses.And(s.is.acts)
		switch {
		case it.is(s.is.condition):
			if !s.closesCondition(it) || it.end-it.start > 3 {
				return false
			}
		case topics.Has(s.is.fault), it.is(s.is.no), it.is(s.is.yes), it.is(s.is.negBefore):
			return false // 破损的话, 没货的话: something is supposed
		case !topics.Empty() && acts.Empty():
			named = true
		case it.is(s.is.filler), it.is(s.is.particle), it.is(s.is.address):
		default:
			return false
		}
	}
	return named && unknown(s.t.Runes(), s.items, c, c.start, c.end) == 0
}

// rhetorical reports whether a rhetorical question has something to turn. 怎么会
// that stands alone denies what was asked; before an act it turns the act.
func (s *splitter) rhetorical(c *clause) bool {
	for k := c.lo; k < c.hi; k++ {
		it := &s.items[k]
		if !it.is(s.is.rhetoric) {
			continue
		}
		if !it.is(s.is.deny) {
			return true
		}
		for j := k + 1; j < c.hi; j++ {
			o := &s.items[j]
			if o.senses.Meets(&s.is.acts) || o.is(s.is.negBefore) || o.is(s.is.yes) || o.is(s.is.no) {
				return true
			}
		}
	}
	return false
}

// unknown counts the Han characters in [from, to) that no item of the clause
// covers and that mean something: function characters are not counted.
func (r *reading) unknown(c *clause, from, to int) int {
	return unknown(r.text.Runes(), r.items, c, from, to)
}

func unknown(runes []rune, items []item, c *clause, from, to int) int {
	n := 0
	k := c.lo
	for i := from; i < to; i++ {
		for k < c.hi && items[k].end <= i {
			k++
		}
		if k < c.hi && items[k].start <= i {
			continue
		}
		if unicode.Is(unicode.Han, runes[i]) && !functional(runes[i]) {
			n++
		}
	}
	return n
}

// functional reports whether r is a character of grammar that carries no
// content of its own.
func functional(r rune) bool {
	switch r {
	case '由', '让', '叫', '的', '了', '是', '在', '这', '那', '边', '里', '上', '下', '都', '也', '就', '还', '再', '又', '很', '太', '个', '们',
		'把', '被', '给', '会', '要', '得', '地', '着', '过', '和', '与', '吧', '哈', '跟', '对', '为', '之', '其', '所', '而',
		'啊', '呢', '哦', '呀', '嘛', '啦', '么', '喔', '咯', '哟', '噢', '诶', '欸', '嘞', '㗎', '嘅', '咗', '喇', '先', '才', '可', '到', '来', '去', '每':
		return true
	}
	return false
}
