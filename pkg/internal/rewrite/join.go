package rewrite

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marks of Chinese and Western punctuation by what a join does with them.
const (
	commas    = "，,、;；"
	questions = "？?"
	stops     = "。．.!！"
	dots      = "…‥·"
	openers   = "（(「『【[《“‘\"'"
	closers   = "）)」』】]》”’\"'"
	blanks    = " 　\t"
)

// comma is the comma that the reply uses.
func (p *proposer) comma() string {
	if strings.Contains(p.orig, ",") && !strings.Contains(p.orig, "，") {
		return ","
	}
	return "，"
}

// behind returns where the clause before r ends.
func (p *proposer) behind(r region) int {
	if r.first == 0 {
		return 0
	}
	return p.clauses[r.first-1].End
}

// ahead returns where the clause after r starts.
func (p *proposer) ahead(r region) int {
	if r.last+1 == len(p.clauses) {
		return len(p.orig)
	}
	return p.clauses[r.last+1].Start
}

// fitted is the edit that puts text in place of r, joined to both sides: the
// comma that the original left out, no list comma, no question mark behind a
// statement, no half of a pair of brackets.
func (p *proposer) fitted(r region, text string) Edit {
	e := p.edit(r)
	e.Text = text + p.tail(r, text) + p.symbols(r)
	p.balance(&e, r)
	p.joinBefore(&e, r)
	p.joinAfter(&e, r)
	if c := p.comma(); c != "，" {
		e.Text = strings.ReplaceAll(e.Text, "，", c)
	}
	return e
}

func (p *proposer) joinBefore(e *Edit, r region) {
	from := p.behind(r)
	gap := p.orig[from:e.Start]
	if before, size := utf8.DecodeLastRuneInString(gap); before == '、' {
		e.Start -= size
		e.Text = "，" + e.Text
		return
	}
	if before, _ := utf8.DecodeLastRuneInString(p.orig[:e.Start]); e.Start > 0 && (wordy(before) || strings.ContainsRune("）)」』】]》”’", before)) {
		e.Text = "，" + e.Text
	}
}

func (p *proposer) joinAfter(e *Edit, r region) {
	to := p.ahead(r)
	gap := p.orig[e.End:max(to, e.End)]
	mark := strings.TrimLeft(gap, blanks)
	ends := to >= len(p.orig)
	first, _ := utf8.DecodeRuneInString(mark)
	switch {
	case mark != "" && (strings.ContainsRune(questions, first) || strings.ContainsRune(dots, first) || strings.HasPrefix(mark, "..")):
		rest := strings.TrimLeft(mark, questions+stops+dots)
		e.End += len(gap) - len(rest)
		if !ends {
			e.Text += "。"
		}
	case first == '、' && mark != "":
		e.End += len(gap) - len(mark) + len("、")
		e.Text += "，"
	case gap == "" && !ends:
		if after, _ := utf8.DecodeRuneInString(p.orig[e.End:]); wordy(after) || strings.ContainsRune("（(「『【[《“‘", after) {
			e.Text += "，"
		}
	}
}

// balance grows e over the bracket whose partner it takes away, and over the
// blanks before it.
func (p *proposer) balance(e *Edit, r region) {
	open, closed := unpaired(p.orig[e.Start:e.End])
	for ; open > 0; open-- {
		gap := p.orig[e.End:p.ahead(r)]
		rest := strings.TrimLeft(gap, blanks)
		c, size := utf8.DecodeRuneInString(rest)
		if rest == "" || !strings.ContainsRune(closers, c) {
			break
		}
		e.End += len(gap) - len(rest) + size
	}
	for ; closed > 0; closed-- {
		gap := p.orig[p.behind(r):e.Start]
		rest := strings.TrimRight(gap, blanks)
		c, size := utf8.DecodeLastRuneInString(rest)
		if rest == "" || !strings.ContainsRune(openers, c) {
			break
		}
		e.Start -= len(gap) - len(rest) + size
	}
}

// unpaired counts the opening and closing brackets of s without a partner.
func unpaired(s string) (open, closed int) {
	for _, c := range s {
		switch {
		case c == '"' || c == '\'':
			if open > 0 {
				open--
			} else {
				open++
			}
		case strings.ContainsRune(openers, c):
			open++
		case strings.ContainsRune(closers, c) && open > 0:
			open--
		case strings.ContainsRune(closers, c):
			closed++
		}
	}
	return open, closed
}

// tail returns the closing particle that the replacement of r keeps.
func (p *proposer) tail(r region, text string) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	if strings.ContainsRune("哦哈呢呀吧啊喔噢哟", last) {
		return ""
	}
	return p.clauses[r.last].Tail
}

// symbols returns the emoji that stand between the clauses of r. One beside a
// stub of a clause was put into a word to hide it.
func (p *proposer) symbols(r region) string {
	var b strings.Builder
	for i := r.first; i < r.last; i++ {
		if p.stub(i) || p.stub(i+1) {
			continue
		}
		for _, c := range p.orig[p.clauses[i].End:p.clauses[i+1].Start] {
			if pictorial(c) {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// stub reports whether clause i has two characters or fewer.
func (p *proposer) stub(i int) bool {
	return utf8.RuneCountInString(p.orig[p.clauses[i].Start:p.clauses[i].End]) <= 2
}

// pictorial reports whether c is an emoji or a part of one.
func pictorial(c rune) bool {
	return unicode.Is(unicode.So, c) || unicode.Is(unicode.Sk, c) && c > 0xFF || c == 0x200D || c == 0xFE0F
}

// dropped is the edit that takes r out, with the comma that joined it to the
// clause before, or with the marks behind it where nothing did.
func (p *proposer) dropped(r region) Edit {
	e := p.edit(r)
	e.Text = p.symbols(r)
	p.balance(&e, r)
	from := p.behind(r)
	to := p.ahead(r)
	before, after := p.orig[from:e.Start], p.orig[e.End:to]
	trimmed := strings.TrimRight(before, commas+blanks)
	switch {
	case r.first == 0, trimmed == before && before != "":
		e.End += len(after) - len(strings.TrimLeft(after, commas+questions+stops+dots+"~～\n"+blanks))
	default:
		e.Start -= len(before) - len(trimmed)
		p.unasked(&e, after, to)
	}
	return e
}

// unasked takes the question mark away that belonged to what e takes out and
// puts a comma where its neighbours would run together.
func (p *proposer) unasked(e *Edit, after string, to int) {
	ends := to >= len(p.orig)
	mark := strings.TrimLeft(after, blanks)
	first, _ := utf8.DecodeRuneInString(mark)
	switch {
	case mark != "" && strings.ContainsRune(questions, first):
		e.End += len(after) - len(strings.TrimLeft(mark, blanks+questions))
		if !ends {
			e.Text += "。"
		}
	case after == "" && !ends:
		e.Text += p.comma()
	}
}

// wordy reports whether r is a letter or digit, so that a comma is missing
// beside it.
func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
