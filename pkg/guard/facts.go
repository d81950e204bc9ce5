package guard

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Thresholds of the named conditions. POLICY.md names no figures for small
// and large orders; these are the project's own.
const (
	smallOrder = 50.0   // CNY: below it an invoice probe is likely
	largeOrder = 2000.0 // CNY: from it a payment limit is likely
)

// A situation answers the named conditions for one request. It is used by one
// goroutine.
type situation struct {
	g        *Guard
	in       Input
	facts    *Facts // those of in, over the store's
	platform verdict.Platform
	r        *claim.Reading
	v        *claim.Vocab
	e        *engine
	before   []claim.Message
	known    claim.Known
	reply    string
	lap      func(stage string) // called at the end of each stage
	given    rule.Given         // holds
	second   secondSight        // memory of the second reading
}

// A test answers one named condition.
type test func(*situation) bool

// tests are the named conditions of policy.Givens, by name.
func tests() map[string]test {
	status := func(want string) test { return func(s *situation) bool { return s.in.Order.Status == want } }
	shipping := func(want string) test { return func(s *situation) bool { return s.facts.FreeShipping == want } }
	return map[string]test{
		"cod_offered":              func(s *situation) bool { return s.facts.COD == nil || *s.facts.COD },
		"card_offered":             func(s *situation) bool { return s.facts.CreditCard == nil || *s.facts.CreditCard },
		"cod_known":                func(s *situation) bool { return s.facts.COD != nil && *s.facts.COD },
		"card_known":               func(s *situation) bool { return s.facts.CreditCard != nil && *s.facts.CreditCard },
		"cod_order":                func(s *situation) bool { return s.in.Order.Payment == "cod" },
		"order_unpaid":             status("unpaid"),
		"order_paid":               status("paid"),
		"order_shipped":            status("shipped"),
		"order_received":           status("received"),
		"order_refunding":          status("refunding"),
		"order_closed":             status("closed"),
		"same_account":             func(s *situation) bool { return s.accounts() == sameAccount },
		"other_account":            func(s *situation) bool { return s.accounts() == otherAccount },
		"account_unknown":          func(s *situation) bool { return s.accounts() == unknownAccount },
		"custom_item":              (*situation).customItem,
		"free_shipping_none":       shipping("none"),
		"free_shipping_mainland":   shipping("mainland"),
		"free_shipping_listed":     shipping("listed"),
		"free_shipping_unknown":    shipping(""),
		"destination_in_scope":     func(s *situation) bool { return s.scope() == inScope },
		"destination_out_of_scope": func(s *situation) bool { return s.scope() == outOfScope },
		"destination_unknown":      func(s *situation) bool { return s.scope() == unknownScope },
		"freeship_claimed":         (*situation).freeShippingClaimed,
		"listed_courier":           func(s *situation) bool { return s.courier() == listedCourier },
		"other_courier":            func(s *situation) bool { return s.courier() == otherCourier },
		"unanswered_3":             func(s *situation) bool { return s.r.Unanswered >= 3 },
		"refund_talk":              (*situation).refundTalk,
		"cutoff_known":             func(s *situation) bool { return s.facts.DispatchCutoff != "" },
		"window_kept":              (*situation).windowKept,
		"platform_1688":            func(s *situation) bool { return s.platform == verdict.B1688 },
		"legal_known":              func(s *situation) bool { return s.facts.LegalRepresentative != "" },
		"legal_matches":            (*situation).legalMatches,
		"reissue_days_known":       func(s *situation) bool { return s.facts.InvoiceReissueDays > 0 },
		"small_order":              func(s *situation) bool { a, ok := s.amount(); return ok && a < smallOrder },
		"amount_large":             func(s *situation) bool { a, ok := s.amount(); return ok && a >= largeOrder },
		"first_question":           func(s *situation) bool { return s.r.BuyerTurns == 1 },
		"address_incomplete":       (*situation).addressIncomplete,
		"phone_incomplete":         (*situation).phoneIncomplete,
		"service_phone_known":      func(s *situation) bool { return len(s.facts.ServicePhones) > 0 },
		"order_known":              func(s *situation) bool { return s.in.Order.Status != "" },
		"category_sold":            (*situation).categorySold,
	}
}

// bindConditions resolves the names that rules ask for, by index.
func bindConditions(names []string) ([]test, error) {
	all := tests()
	out := make([]test, len(names))
	for i, n := range names {
		t, ok := all[n]
		if !ok {
			return nil, fmt.Errorf("condition %q is not known", n)
		}
		out[i] = t
	}
	return out, nil
}

type accounts uint8

const (
	unknownAccount accounts = iota
	sameAccount
	otherAccount
)

// accounts compares the account in the chat with the one that ordered.
func (s *situation) accounts() accounts {
	a, b := s.in.Conversation.Buyer, s.in.Order.Buyer
	switch {
	case a == "" || b == "":
		return unknownAccount
	case a == b:
		return sameAccount
	}
	return otherAccount
}

// customItem reports whether the order is for goods that the 7-day return
// excepts: made to order, or virtual by their title.
func (s *situation) customItem() bool {
	for _, it := range s.in.Order.Items {
		if it.Custom != nil && *it.Custom {
			return true
		}
		if it.Custom == nil && containsAny(it.Title, "定制", "定做", "刻字", "充值", "点卡", "话费", "电子券", "门票", "机票", "激活码", "會員卡", "会员卡", "虚拟") {
			return true
		}
	}
	return false
}

// freeShippingClaimed reports whether the facts, a title or the chat say that
// the item is sold with free shipping.
func (s *situation) freeShippingClaimed() bool {
	switch s.facts.FreeShipping {
	case "none":
		return false
	case "mainland", "listed":
		return true
	}
	for _, it := range s.in.Order.Items {
		if containsAny(it.Title, "包邮", "包郵", "免邮", "免運") {
			return true
		}
	}
	fs := s.v.Sense("topic.freeship")
	return (s.r.Heard.Has(fs) || s.r.Said.Has(fs) || s.r.Bag().Has(fs)) && !s.onlyConditionallyFree()
}

// onlyConditionallyFree reports whether the chat speaks of free shipping only to say
// that there is none, or from which amount on: 不包邮, 满58包邮.
func (s *situation) onlyConditionallyFree() bool {
	found := false
	heard := func(text string) (free bool) {
		for _, word := range []string{"包邮", "包郵"} {
			for rest := text; ; {
				before, after, ok := strings.Cut(rest, word)
				if !ok {
					break
				}
				found = true
				if !strings.HasSuffix(before, "不") && !strings.HasSuffix(before, "没到") && !containsAny(before, "满", "滿") {
					return true
				}
				rest = after
			}
		}
		return false
	}
	for i := range s.in.Conversation.Messages {
		if heard(s.in.Conversation.Messages[i].Text) {
			return false
		}
	}
	return !heard(s.in.Reply) && found
}

// refundTalk reports whether the order is being refunded or the seller's
// earlier messages speak of a refund, a complaint or a review.
func (s *situation) refundTalk() bool {
	if s.in.Order.Status == "refunding" {
		return true
	}
	topics, err := s.v.SetOf("topic.refund", "topic.complaint", "topic.review", "topic.return")
	return err == nil && (s.r.Said.Meets(&topics) || s.r.Bag().Meets(&topics))
}

// windowKept reports whether every span of hours that the reply names is no
// shorter than the shop's dispatch window, or 48 hours where it is unknown.
func (s *situation) windowKept() bool {
	window := 48.0
	if s.facts.ShipWithinHours > 0 {
		window = float64(s.facts.ShipWithinHours)
	}
	hours, found := s.r.Hours()
	return found && hours >= window
}

// legalMatches reports whether the reply names the known representative.
func (s *situation) legalMatches() bool {
	if s.facts.LegalRepresentative == "" {
		return false
	}
	var t text.Text
	name := t.Fold(s.facts.LegalRepresentative) // 王建國 is 王建国
	return strings.Contains(t.Fold(s.in.Reply), name)
}

func (s *situation) amount() (float64, bool) {
	a, err := strconv.ParseFloat(s.in.Order.Amount, 64)
	return a, err == nil
}

// addressIncomplete reports whether the recipient's address is too short to
// deliver to, or names no street, village or number.
func (s *situation) addressIncomplete() bool {
	r := s.in.Order.Recipient
	if r == nil {
		return false
	}
	return len([]rune(r.Address)) < 8 || !containsAny(r.Address, "路", "街", "号", "號", "村", "巷", "弄", "道", "镇", "鎮", "组", "室", "幢", "栋", "区", "區")
}

// phoneIncomplete reports whether the recipient's phone cannot be dialled.
func (s *situation) phoneIncomplete() bool {
	r := s.in.Order.Recipient
	return r != nil && len(digitsOf(r.Phone)) < 10
}

// categorySold reports whether an invoice category that the chat names is
// part of what was sold.
func (s *situation) categorySold() bool {
	for _, it := range s.in.Order.Items {
		for _, w := range s.r.Words(s.v.Sense("cue.category")) {
			if strings.Contains(it.Title, w) {
				return true
			}
		}
	}
	return false
}

func containsAny(s string, subs ...string) bool {
	for _, x := range subs {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
