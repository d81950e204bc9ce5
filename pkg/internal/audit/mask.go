package audit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/guard"
)

// What a mask puts in the place of what it hides.
const (
	maskNumber  = "〔号码〕"
	maskID      = "〔账号〕"
	maskLink    = "〔链接〕"
	maskAddress = "〔地址〕"
	maskName    = "〔姓名〕"
)

// masks are applied in order: the ones that hold others first.
//
//nolint:gochecknoglobals // compiled once
var masks = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`), maskID},
	{regexp.MustCompile(`(?i)\bhttps?://\S+|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|shop|vip|cc|io)(?:/\S*)?\b`), maskLink},
	// 江苏省南京市…区…路12号3栋402室: at least two of the levels in a row.
	{regexp.MustCompile(`(?:\p{Han}{2,8}?(?:省|自治区|市|区|县|镇|乡|街道|村)){1,5}(?:[\p{Han}\d０-９]{1,12}?(?:路|街|道|巷|弄|胡同|小区|大厦|广场|花园|号楼|号|栋|幢|座|单元|层|楼|室))+`), maskAddress},
	{regexp.MustCompile(`(?:[\p{Han}]{2,8}(?:路|街|巷|弄|胡同|小区|大厦|花园))[\d０-９]+(?:号楼|号|栋|幢|弄|座|单元|室|层|楼)+(?:[\d０-９]+(?:号|栋|幢|座|单元|室|层|楼)?)*`), maskAddress},
	// Numbers in any digits, also broken up.
	{regexp.MustCompile(`(?:[+＋]?[\d０-９①-⑨⓪][\s\-—－_.·,，、/]{0,2}){5,}`), maskNumber},
	{regexp.MustCompile(`(?:[零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖][\s\-—－_.·,，、/]{0,2}){6,}`), maskNumber},
	// Accounts: Latin names with a digit or an underscore.
	{regexp.MustCompile(`[A-Za-z][\w-]*[\d_][\w-]{2,}|\b[A-Za-z]+_[\w-]+`), maskID},
	{regexp.MustCompile(`((?:收[货件]人|姓名|联系人|名字)(?:是|叫|为)?[:：\s]?)\p{Han}{2,4}`), "${1}" + maskName},
}

// residue is what must not be left when a text counts as masked.
var residue = regexp.MustCompile(`[\d０-９]{5,}`)

// mask returns the reply of in without numbers, ids, links, addresses and the
// names that the request itself gives away. ok is false where something is
// left that should not be, or masking failed; then the text is "".
func mask(in *guard.Input) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	text = in.Reply
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.Map(visible, text)
	for _, n := range known(in) {
		text = strings.ReplaceAll(text, n.value, n.with)
	}
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.with)
	}
	if residue.MatchString(text) {
		return "", false
	}
	return text, true
}

// visible takes out what could hide a number from the patterns: characters
// without a glyph, and combining marks such as those of emoji digits.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) {
		return -1
	}
	return r
}

// secret is something that the request says about a person.
type secret struct{ value, with string }

// known returns what the request says about persons, the longest first where
// one may hold another.
func known(in *guard.Input) []secret {
	var out []secret
	add := func(value, with string) {
		if utf8.RuneCountInString(value) >= 2 {
			out = append(out, secret{value, with})
		}
	}
	if r := in.Order.Recipient; r != nil {
		add(r.Address, maskAddress)
		add(r.Name, maskName)
		add(r.Phone, maskNumber)
	}
	add(in.Order.ID, maskNumber)
	add(in.Order.Buyer, maskID)
	add(in.Conversation.Buyer, maskID)
	add(in.Conversation.Agent, maskID)
	add(in.Facts.LegalRepresentative, maskName)
	return out
}
