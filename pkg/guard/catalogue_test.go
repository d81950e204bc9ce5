package guard_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// catalogue lists every rule of POLICY.md with its decision and the points of
// its sources, as platform and figure.
func catalogue() map[string]string {
	return map[string]string{
		"invoice.refuse": "block tmall 6 tmall 6 taobao 6", "invoice.special_price": "block tmall 6 tmall 6",
		"invoice.surcharge": "block tmall 6 tmall 6 tmall 6", "invoice.postage": "block tmall 6 tmall 6 taobao 6",
		"invoice.stall": "block tmall 6 tmall 6", "invoice.wrong_item": "block tmall 6 tmall 6",
		"invoice.wrong_issuer": "block tmall 6 tmall 6", "invoice.wrong_amount": "block tmall 6",
		"invoice.company_only": "block tmall 6 tmall 6", "invoice.receipt_only": "block tmall 6 tmall 6 tmall 6",
		"invoice.voids_aftersales": "block tmall 6", "invoice.not_issued": "block tmall 6",
		"cod.refuse": "block tmall 6 tmall 6 tmall 4 taobao 4", "cod.surcharge": "block tmall 6",
		"cod.close": "block tmall 6 tmall 6 taobao 4", "cod.restrict": "block tmall 6",
		"card.refuse": "block tmall 6 tmall 4", "card.fee": "block tmall 6 tmall 4",
		"payment.offline_induce": "block tmall 12 tmall 12 taobao 2", "payment.offline_agree": "block tmall 6 tmall 6",
		"payment.refuse_escrow": "block tmall 6", "payment.refuse_means": "block taobao 4",
		"contact.qq": "block tmall 6 taobao 2", "contact.wechat": "block tmall 6 taobao 2", "contact.phone": "block tmall 6 taobao 2",
		"contact.other": "block tmall 6 taobao 2", "contact.offline_trade": "block tmall 6", "contact.other_shop": "block taobao 2",
		"free_shipping.surcharge": "block tmall 6 tmall 4 tmall 4", "privacy.disclose": "block tmall 6 tmall 6 taobao 6",
		"order.close": "block tmall 6 tmall 1 tmall 1 taobao 4", "order.price_mismatch": "block tmall 4",
		"shipping.out_of_stock": "block tmall 6 1688 12", "shipping.refuse": "block 1688 12 1688 24 1688 60 taobao 4",
		"shipping.hard_promise": "warn tmall 4 taobao 4", "shipping.fake": "block taobao 4",
		"aftersales.refuse_return": "block tmall 12", "aftersales.refuse_liability": "block tmall 12",
		"aftersales.refuse_guarantee": "block tmall 12", "aftersales.refuse_gift": "block taobao 4",
		"promise.unqualified": "warn tmall 4 taobao 4", "promise.break": "block tmall 4 taobao 4", "authenticity.deny": "block tmall 12",
		"harassment.frequency": "block taobao 12", "harassment.abuse": "block taobao 12", "review.pressure": "block taobao 12",
		"review.bribe": "warn", "brushing.solicit": "block taobao 12", "license.refuse": "block", "advert.superlative": "warn", "tone.curt": "warn",
	}
}

func trapIDs() []string {
	return strings.Fields(`trap.invoice_probe trap.invoice_mismatch trap.offline_contact trap.offline_payment trap.close_order
		trap.cod_probe trap.ship_today trap.courier trap.bundle_limit trap.cross_account trap.legal_person trap.extend_receipt
		trap.extortion trap.suspicious_order`)
}

func TestCatalogueIsShipped(t *testing.T) {
	pack := mustGuard().Policy()
	want := catalogue()
	for i := range pack.Rules {
		r := &pack.Rules[i]
		spec, ok := want[r.ID]
		if !ok {
			t.Errorf("%s is no rule of POLICY.md", r.ID)
			continue
		}
		delete(want, r.ID)
		fields := strings.Fields(spec)
		if r.Decision.String() != fields[0] {
			t.Errorf("%s decides %s, POLICY.md says %s", r.ID, r.Decision, fields[0])
		}
		if v, c := len(r.Examples.Violates), len(r.Examples.Complies); v < 6 || c < 6 {
			t.Errorf("%s has %d violating and %d complying examples, want 6 of each", r.ID, v, c)
		}
		if r.Reason == "" || r.Name == "" {
			t.Errorf("%s has no name or no reason", r.ID)
		}
		checkFigures(t, r.ID, fields[1:], r.Penalties)
	}
	for id := range want {
		t.Errorf("%s of POLICY.md has no rule", id)
	}
	have := map[string]bool{}
	for i := range pack.Traps {
		have[pack.Traps[i].ID] = true
	}
	for _, id := range trapIDs() {
		if !have[id] {
			t.Errorf("%s of POLICY.md is not shipped", id)
		}
	}
}

// checkFigures compares the points of a rule's sources with the catalogue's,
// in any order.
func checkFigures(t *testing.T, id string, want []string, got []verdict.Penalty) {
	t.Helper()
	left := map[string]int{}
	for i := 0; i+1 < len(want); i += 2 {
		left[want[i]+" "+want[i+1]]++
	}
	for _, p := range got {
		if p.Points == 0 {
			continue // the source names the violation and no figure
		}
		left[string(p.Platform)+" "+strconv.Itoa(p.Points)]--
	}
	for figure, n := range left {
		if n > 0 {
			t.Errorf("%s lacks the figure %s of POLICY.md", id, figure)
		}
		if n < 0 {
			t.Errorf("%s has the figure %s, which POLICY.md has not", id, figure)
		}
	}
}

func TestExamplesOfTheRules(t *testing.T) {
	for _, p := range mustGuard().Verify(context.Background()) {
		t.Error(p)
	}
}

// TestInvoiceFraud holds the two dialogues that the project began with: the
// sentence that costs six points, in Traditional and in Simplified.
func TestInvoiceFraud(t *testing.T) {
	g := mustGuard()
	for _, tt := range []struct{ buyer, reply, first, second string }{
		{"有沒有發票，需要報銷", "小金額沒有發票，可以提供收據，下次累積一起開吧", "沒有發票", "可以提供收據"},
		{"有没有发票，需要报销", "小金额没有发票，可以提供收据，下次累积一起开吧", "没有发票", "可以提供收据"},
	} {
		res, err := g.Check(context.Background(), guard.Input{
			Reply:        tt.reply,
			Conversation: guard.Conversation{Messages: []guard.Message{{From: guard.Buyer, Text: tt.buyer}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if res.Decision != verdict.Block {
			t.Errorf("%s: %s, want block", tt.reply, res.Decision)
		}
		found := map[string]guard.Finding{}
		for _, f := range res.Violations {
			found[f.Rule] = f
		}
		for rule, text := range map[string]string{"invoice.refuse": tt.first, "invoice.receipt_only": tt.second} {
			f, ok := found[rule]
			if !ok {
				t.Errorf("%s: %s does not fire", tt.reply, rule)
				continue
			}
			if f.Penalty.Points != 6 || f.Spans[0].Text != text || string([]rune(tt.reply)[f.Spans[0].Start:f.Spans[0].End]) != text {
				t.Errorf("%s: %s costs %d on %q, want 6 on %q", tt.reply, rule, f.Penalty.Points, f.Spans[0].Text, text)
			}
		}
		if res.Rewrite == nil {
			t.Errorf("%s: no rewrite: %s", tt.reply, res.NoRewrite)
		}
	}
}
