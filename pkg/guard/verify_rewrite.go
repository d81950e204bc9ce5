package guard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// wordings checks the safe wordings of every rule, shipped and of the stores:
// each has to be allowed by itself and as the reply of every violating example
// of its rule, and there has to be a case in which it is chosen.
func (v *verifier) wordings() {
	for i := range v.g.pack.Rules {
		r := &v.g.pack.Rules[i]
		says := v.g.base.style.says[i]
		for k := range says {
			v.saying(r, &says[k], "")
			v.chosen(r, says, k)
		}
	}
	for i := range v.g.pack.Stores {
		v.store(&v.g.pack.Stores[i])
	}
}

// store checks the wordings that a profile puts before the shipped ones.
func (v *verifier) store(st *policy.Store) {
	e := v.g.stores[st.ID].engine
	for i := range st.Rules {
		k := slices.IndexFunc(e.rules, func(r policy.Rule) bool { return r.ID == st.Rules[i].ID })
		if k < 0 || len(st.Rules[i].Rewrites) == 0 {
			continue
		}
		says := e.style.says[k]
		for j := range st.Rules[i].Rewrites {
			v.saying(&e.rules[k], &says[j], st.ID)
			v.chosen(&e.rules[k], says, j)
		}
	}
}

// saying checks one wording by itself and in the rule's examples.
func (v *verifier) saying(r *policy.Rule, y *saying, store string) {
	alone := Input{Facts: sampleFacts(Facts{}), Order: Order{Amount: "9.30"}, Store: store}
	v.allowed(r, y, alone, "by itself")
	for i := range r.Examples.Violates {
		e := &r.Examples.Violates[i]
		in, err := exampleInput(e, "")
		if err != nil {
			continue // reported with the example
		}
		if len(y.slots) > 0 {
			in.Facts = sampleFacts(in.Facts)
		}
		in.Store = store
		v.allowed(r, y, in, fmt.Sprintf("as the reply of the example in line %d", e.Pos.Line))
	}
}

// allowed reports y where the policy does not allow it as the reply of in,
// unless its conditions do not hold there.
func (v *verifier) allowed(r *policy.Rule, y *saying, in Input, where string) {
	s, err := v.g.situation(&in)
	if err != nil {
		v.report(y.def.Pos, r.ID, "%v", err)
		return
	}
	s.read("")
	text, ok := y.text(s, style{})
	ok = ok && (len(in.Conversation.Messages) == 0 || y.fits(s, y.def.Asked == nil || *y.def.Asked))
	s.done()
	if !ok {
		return
	}
	in.Reply = text
	in.Options.NoRewrite = true
	if res, err := v.g.Check(v.ctx, in); err == nil && res.Decision != verdict.Allow {
		v.report(y.def.Pos, r.ID, "the rewrite is not allowed %s: %s", where, ruleIDs(&res))
	}
}

// sampleFacts fills in what the slots of wordings name.
func sampleFacts(f Facts) Facts {
	yes := true
	return f.over(Facts{
		COD: &yes, CreditCard: &yes, ServicePhones: []string{"400-820-8820"}, LegalRepresentative: "王建国",
		InvoiceReissueDays: 7, ShipWithinHours: 48, DispatchCutoff: "16:00",
	})
}

// chosen reports wording k where no reply can lead to it.
func (v *verifier) chosen(r *policy.Rule, says []saying, k int) {
	y := &says[k]
	if a, b := exclusive(y.def.Given); a != "" {
		v.report(y.def.Pos, r.ID, "the rewrite can never be chosen: %s and %s exclude each other", a, b)
		return
	}
	before := 0
	for i := range k {
		x := &says[i]
		if x.def.Whole != y.def.Whole || !covers(x.def, y.def) {
			continue
		}
		if x.def.Text == y.def.Text {
			v.report(y.def.Pos, r.ID, "the rewrite can never be chosen: %s says the same", fmt.Sprintf("line %d", x.def.Pos.Line))
			return
		}
		if len(x.slots) == 0 && y.topics.Empty() {
			before++
		}
	}
	if before >= rewrite.MaxVariants {
		v.report(y.def.Pos, r.ID, "the rewrite can never be chosen: %d before it fit wherever it does, and no more are tried", before)
	}
}

// covers reports whether x fits wherever y does.
func covers(x, y *policy.Say) bool {
	if x.Asked != nil && (y.Asked == nil || *x.Asked != *y.Asked) {
		return false
	}
	for _, g := range x.Given {
		if !slices.Contains(y.Given, g) {
			return false
		}
	}
	return true
}

// exclusive returns two conditions of which only one can hold.
func exclusive(given []string) (a, b string) {
	groups := [][]string{
		{"order_unpaid", "order_paid", "order_shipped", "order_received", "order_refunding", "order_closed"},
		{"same_account", "other_account", "account_unknown"},
		{"free_shipping_none", "free_shipping_mainland", "free_shipping_listed", "free_shipping_unknown"},
		{"destination_in_scope", "destination_out_of_scope", "destination_unknown"},
		{"listed_courier", "other_courier"},
		{"small_order", "amount_large"},
	}
	for _, g := range groups {
		var held []string
		for _, name := range given {
			if slices.Contains(g, name) {
				held = append(held, name)
			}
		}
		if len(held) > 1 {
			return held[0], held[1]
		}
	}
	narrower := map[string]string{"cod_known": "!cod_offered", "card_known": "!card_offered", "legal_matches": "!legal_known"}
	for _, name := range given {
		if n := narrower[name]; n != "" && slices.Contains(given, n) {
			return name, n
		}
		if slices.Contains(given, "!order_known") && strings.HasPrefix(name, "order_") {
			return name, "!order_known"
		}
	}
	return "", ""
}
