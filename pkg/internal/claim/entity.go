package claim

import (
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

// Known is what entities are compared with. Phones are digits only; hosts are
// lower case. The zero Known knows nothing.
type Known struct {
	ServicePhones []string
	OwnLinks      []string
	OrderName     string
	OrderPhone    string
	OrderAddress  string
}

// hints are what surrounds a message that tells a number from other figures.
type hints struct {
	lead   string // digits that the seller's messages right before consist of
	phones bool   // a telephone is talked about
}

// platformHosts are the platforms' own domains and what belongs to them;
// links there are nobody's other shop (POLICY.md, contact.other_shop).
func platformHosts() []string {
	return []string{
		"taobao.com", "tmall.com", "tmall.hk", "1688.com", "alibaba.com", "alipay.com",
		"tb.cn", "cainiao.com", "alicdn.com", "gov.cn", "12315.cn",
	}
}

// appendEntities finds phones, accounts, links, addresses of e-mail and plain
// numbers among the characters, and what of the order's recipient is told.
//
// h holds what else helps to tell a number from figures of another kind.
func appendEntities(dst []item, t *text.Text, is *builtins, k *Known, h hints) []item {
	n := len(dst)
	dst = appendDigits(dst, t, is, k, h)
	if t.ASCII() {
		dst = appendPieces(dst, n, t, is, h)
		dst = appendLatin(dst, t, is, k)
	}
	dst = appendRecipient(dst, t, is, k)
	for i := n; i < len(dst); i++ {
		if topic := is.topicOf(&dst[i]); topic != 0 {
			dst[i].senses.Add(topic)
		}
	}
	return dst
}

// topicOf returns the topic that an entity is about by itself, or 0. They
// stand in policy's foundSenses.
func (b *builtins) topicOf(it *item) Sense {
	switch {
	case it.is(b.orderPhone), it.is(b.orderName), it.is(b.orderAddress):
		return b.recipient
	case it.is(b.phone):
		return b.phoneTopic
	case it.is(b.email):
		return b.messenger
	case it.is(b.link):
		return b.othershop
	case it.is(b.bankcard):
		return b.transfer
	}
	return 0
}

// A digitRun is a run of digits, in figures or Chinese, with the separators
// inside it that people put into phone numbers.
type digitRun struct {
	start, end int
	buf        [24]byte
	n          int  // digits in buf; more than fit are counted
	apart      bool // written with breaks or in Chinese figures
	cut        bool // a break that is not allowed ended it, and not a character
}

// inNumbers are the separators that people put into a phone number.
const inNumbers = text.Space | text.Emoji | text.Zero | text.Dot | text.Other

func (d *digitRun) mobile() bool { return d.n == 11 && isMobile(string(d.buf[:d.n])) }

func (d *digitRun) add(c byte) {
	if d.n < len(d.buf) {
		d.buf[d.n] = c
	}
	d.n++
}

// digitOf returns the ASCII digit that r stands for where numbers are spelled
// out one by one.
func digitOf(r rune) (byte, bool) {
	if isDigit(r) {
		return byte(r), true
	}
	v, unit, ok := numeral(r)
	if !ok || unit || r == '几' || r == '半' || r == '俩' || r == '两' || r == '仨' {
		return 0, false
	}
	return byte('0' + int(v)), true
}

// nextRun reads the digit run that starts at i. Separators that allowed has
// may stand inside it.
func nextRun(t *text.Text, i int, allowed text.Gap) digitRun {
	r := t.Runes()
	d := digitRun{start: i, end: i}
	for j := i; j < len(r); j++ {
		c, ok := digitOf(r[j])
		if !ok {
			if r[j] == '-' && j > i && j+1 < len(r) {
				if _, next := digitOf(r[j+1]); next {
					continue
				}
			}
			break
		}
		if j > i {
			g := t.GapBefore(j)
			if g&^allowed != 0 {
				d.cut = true
				break
			}
			d.apart = d.apart || g != 0
		}
		d.apart = d.apart || !isDigit(r[j])
		d.add(c)
		d.end = j + 1
	}
	return d
}

func appendDigits(dst []item, t *text.Text, is *builtins, k *Known, h hints) []item {
	r := t.Runes()
	for i := 0; i < len(r); {
		if !isDigit(r[i]) && !is.numerals.may(r[i]) {
			i++
			continue
		}
		if _, ok := digitOf(r[i]); !ok {
			i++
			continue
		}
		d := nextRun(t, i, inNumbers)
		if d.cut {
			if wide := nextRun(t, i, inNumbers|text.Comma); wide.mobile() {
				d = wide // 一三八，零零一三，八零零零
			}
		}
		if it, ok := phoneItem(&d, t, is, k, h); ok {
			dst = append(dst, it)
			i = d.end
			continue
		}
		if d.apart && d.n >= 5 && !isDigit(r[d.start]) {
			dst = append(dst, numberItem(&d, is)) // 三三二二一一零
			i = d.end
			continue
		}
		i = skipFigures(r, i)
		if i > d.start {
			g := plainRun(r, d.start, i)
			if it, ok := phoneItem(&g, t, is, k, h); ok {
				dst = append(dst, it)
			} else if g.n >= 5 {
				dst = append(dst, numberItem(&g, is))
			}
			continue
		}
		i++
	}
	return dst
}

// skipFigures returns the end of the ASCII figures that begin at i.
func skipFigures(r []rune, i int) int {
	for i < len(r) && isDigit(r[i]) {
		i++
	}
	return i
}

func plainRun(r []rune, start, end int) digitRun {
	d := digitRun{start: start, end: end}
	for _, c := range r[start:end] {
		d.add(byte(c))
	}
	return d
}

// phoneItem classifies a digit run as a phone number of some kind.
func phoneItem(d *digitRun, t *text.Text, is *builtins, k *Known, h hints) (item, bool) {
	if d.n > len(d.buf) || d.n < leastPhone && len(k.ServicePhones) == 0 {
		return item{}, false
	}
	digits := string(d.buf[:d.n])
	it := item{start: d.start, end: d.end, term: -1, hidden: d.apart && !hyphenOnly(t, d) || spelled(t, d.start, d.end)}
	r := t.Runes()
	if d.start > 0 && isASCIIAlnum(r[d.start-1]) && t.GapBefore(d.start) == 0 ||
		d.end < len(r) && t.GapBefore(d.end) == 0 && isLetter(r[d.end]) {
		return item{}, false // part of a code
	}
	switch {
	case tellsPhone(digits, k.OrderPhone):
		it.senses.Add(is.orderPhone)
		it.senses.Add(is.phone)
	case slices.Contains(k.ServicePhones, digits):
		it.senses.Add(is.ownPhone)
	case isHotline(digits):
		it.senses.Add(is.hotline)
	case isMobile(digits), isLandline(digits, d.end-d.start > d.n || d.apart || h.phones):
		it.senses.Add(is.phone)
	case isBankCard(digits):
		it.senses.Add(is.bankcard)
	default:
		return item{}, false
	}
	return it, true
}

// leastPhone is how many digits tell of a number at least, a service phone of
// the shop's own apart.
const leastPhone = 4

// tellsPhone reports whether digits are the phone, or give it away: its last
// four or more, or its first seven or more.
func tellsPhone(digits, phone string) bool {
	if len(phone) < 7 || len(digits) < leastPhone {
		return false
	}
	return strings.HasSuffix(phone, digits) || len(digits) >= 7 && strings.HasPrefix(phone, digits)
}

func hyphenOnly(t *text.Text, d *digitRun) bool {
	for i := d.start; i < d.end; i++ {
		if i > d.start && t.GapBefore(i) != 0 || !isDigit(t.Runes()[i]) && t.Runes()[i] != '-' {
			return false
		}
	}
	return true
}

func isMobile(d string) bool {
	return len(d) == 11 && d[0] == '1' && d[1] >= '3' || len(d) == 13 && strings.HasPrefix(d, "861") && d[3] >= '3'
}

// isLandline reports whether d is a number with its area code, or a 400 or
// 800 number. Figures in one run that begin with 0 are more often an article's
// number, so they need a hyphen or talk of telephones.
func isLandline(d string, told bool) bool {
	if len(d) == 10 && (strings.HasPrefix(d, "400") || strings.HasPrefix(d, "800")) {
		return true
	}
	return told && len(d) >= 10 && len(d) <= 12 && d[0] == '0' && d[1] != '0'
}

// isHotline reports whether d is a public short number: couriers, banks,
// operators and authorities have five or six digits from 95, 96, 10, 11, 12.
func isHotline(d string) bool {
	if len(d) < 5 || len(d) > 6 {
		return false
	}
	switch d[:2] {
	case "95", "96":
		return true
	case "10", "11", "12":
		return len(d) == 5
	}
	return false
}

func isBankCard(d string) bool {
	return len(d) >= 16 && len(d) <= 19 && strings.HasPrefix(d, "62")
}

func numberItem(d *digitRun, is *builtins) item {
	it := item{start: d.start, end: d.end, term: -1}
	it.senses.Add(is.number)
	return it
}

// appendLatin finds links, e-mail addresses and account names.
func appendLatin(dst []item, t *text.Text, is *builtins, k *Known) []item {
	r := t.Runes()
	for i := 0; i < len(r); {
		if r[i] > 127 || !isASCIIAlnum(r[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(r) && r[end] < 128 && t.GapBefore(end) == 0 {
			end++
		}
		start := i
		word := string(r[i:end])
		if colon := strings.LastIndexByte(word, ':'); colon >= 0 && !strings.Contains(word, "://") {
			start, word = i+colon+1, word[colon+1:] // v:xiaomei
		}
		if s, ok := latinSense(word, is, k); ok {
			it := item{start: start, end: end, term: -1}
			it.senses.Add(s)
			dst = append(dst, it)
		}
		i = end
	}
	return dst
}

func latinSense(s string, is *builtins, k *Known) (Sense, bool) {
	switch {
	case strings.Contains(s, "@") && strings.Contains(s[strings.Index(s, "@"):], "."):
		return is.email, true
	case isLink(s):
		if ownHost(hostOf(s), k) {
			return is.ownLink, true
		}
		return is.link, true
	case isAccount(s):
		return is.id, true
	}
	return 0, false
}

// isLink reports whether s is a URL or a bare domain name.
func isLink(s string) bool {
	if strings.HasPrefix(s, "http:") || strings.HasPrefix(s, "https:") || strings.HasPrefix(s, "www.") {
		return true
	}
	host := hostOf(s)
	dot := strings.LastIndexByte(host, '.')
	if dot < 1 || dot+3 > len(host) {
		return false
	}
	for _, c := range host[dot+1:] {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return strings.ContainsAny(host[:dot], "abcdefghijklmnopqrstuvwxyz") || len(host[:dot]) > 2
}

func hostOf(s string) string {
	if i := strings.Index(s, "://"); i >= 0 {
		s = s[i+3:]
	}
	if i := strings.IndexAny(s, "/?#:"); i >= 0 {
		s = s[:i]
	}
	return s
}

func ownHost(host string, k *Known) bool {
	under := func(domain string) bool {
		d := hostOf(strings.ToLower(domain))
		return d != "" && (host == d || strings.HasSuffix(host, "."+d))
	}
	return slices.ContainsFunc(k.OwnLinks, under) || slices.ContainsFunc(platformHosts(), under)
}

// isAccount reports whether s looks like the name of an account: five
// characters or more that begin with a letter and hold a digit, a hyphen or
// an underscore, or six letters or more.
func isAccount(s string) bool {
	s = strings.TrimRight(s, ".-_:")
	if len(s) < 5 || len(s) > 24 || !isLetter(rune(s[0])) {
		return false
	}
	for _, c := range s {
		if !isASCIIAlnum(c) && c != '_' && c != '-' {
			return false
		}
	}
	return len(s) >= 6 || strings.ContainsAny(s, "0123456789_-")
}

// appendRecipient finds what the message tells of the order's recipient: the
// name or the given name, four digits or more of the phone, three characters
// or more of the address.
func appendRecipient(dst []item, t *text.Text, is *builtins, k *Known) []item {
	r := t.Runes()
	if n := []rune(k.OrderName); len(n) >= 2 {
		given := n[max(0, len(n)-2):]
		if at := indexRunes(r, given); at >= 0 {
			dst = append(dst, found(at, at+len(given), is.orderName))
		} else if len(n) >= 2 {
			if at := indexRunes(r, append([]rune("姓"), n[0])); at >= 0 {
				dst = append(dst, found(at, at+2, is.orderName))
			}
		}
	}
	if k.OrderAddress != "" {
		if start, end := longestShared(r, []rune(k.OrderAddress)); end-start >= 3 {
			dst = append(dst, found(start, end, is.orderAddress))
		}
	}
	return dst
}

func found(start, end int, s Sense) item {
	it := item{start: start, end: end, term: -1}
	it.senses.Add(s)
	return it
}

func indexRunes(r, sub []rune) int {
	for i := 0; i+len(sub) <= len(r); i++ {
		if slices.Equal(r[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}

// longestShared returns the longest stretch of r that also stands in other.
// Stretches inside the first six characters of an address, its province and
// city, tell little and are passed over unless they run on.
func longestShared(r, other []rune) (start, end int) {
	for i := range r {
		for j := range other {
			n := 0
			for i+n < len(r) && j+n < len(other) && r[i+n] == other[j+n] {
				n++
			}
			if n > end-start && j+n > 6 {
				start, end = i, i+n
			}
		}
	}
	return start, end
}

// appendPieces finds a mobile number that is told in two or three pieces,
// 前面是1380013，后四位8000, in either order, or whose beginning stands in
// the messages before.
func appendPieces(dst []item, from int, t *text.Text, is *builtins, h hints) []item {
	for i := from; i < len(dst); i++ {
		if dst[i].is(is.phone) {
			return dst
		}
	}
	var runs []digitRun
	r := t.Runes()
	for i := 0; i < len(r); {
		if !isDigit(r[i]) {
			i++
			continue
		}
		end := skipFigures(r, i)
		runs = append(runs, plainRun(r, i, end))
		i = end
	}
	if len(runs) == 0 || len(runs) > 3 {
		return dst
	}
	var joined, reversed []byte
	for i := range runs {
		if runs[i].n > 9 {
			return dst
		}
		joined = append(joined, runs[i].buf[:runs[i].n]...)
	}
	for _, d := range slices.Backward(runs) {
		reversed = append(reversed, d.buf[:d.n]...)
	}
	first := string(runs[0].buf[:runs[0].n])
	whole := h.phones && len(runs) > 1 && (mobileDigits(string(joined)) || mobileDigits(string(reversed)))
	if !whole && (h.lead == "" || !mobileDigits(h.lead+first)) {
		return dst
	}
	it := item{start: runs[0].start, end: runs[len(runs)-1].end, term: -1, hidden: true}
	if !whole {
		it.end = runs[0].end
	}
	it.senses.Add(is.phone)
	return append(dst, it)
}

func mobileDigits(s string) bool { return len(s) == 11 && isMobile(s) }

// trailingDigits returns the digits that the messages consist of, if they
// hold nothing else: the pieces of a number told over several messages.
func trailingDigits(ms []reading) string {
	var out []byte
	for i := range ms {
		for _, c := range ms[i].text.Runes() {
			if !isDigit(c) {
				return ""
			}
			out = append(out, byte(c))
		}
	}
	return string(out)
}
