package guard

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// rewrite looks for the smallest change of the reply that the same policy
// allows in the same context, and puts it into out. Where none is found
// out.NoRewrite says what to do instead.
func (g *Guard) rewrite(ctx context.Context, s *situation, out *Result, fired []rule.Match) {
	if why := hopeless(s.e.rules, fired); why != "" {
		out.NoRewrite = why
		return
	}
	plan := s.plan(fired)
	for _, p := range rewrite.Propose(s.reply, plan.clauses, plan.wordings) {
		if ctx.Err() != nil {
			break
		}
		if s.allows(p.Text) {
			out.Rewrite = s.rewritten(p)
			return
		}
	}
	out.NoRewrite = "没有合适的改写，请换一种说法，或请主管协助"
}

// hopeless returns what to do instead where a rule says that no wording helps.
func hopeless(rules []policy.Rule, fired []rule.Match) string {
	for _, m := range fired {
		if r := &rules[m.Rule]; r.NoRewrite != "" && r.Mode == verdict.Enforce {
			return r.NoRewrite
		}
	}
	return ""
}

// allows reports whether the policy allows reply in the request's context.
func (s *situation) allows(reply string) bool {
	orig := s.reply
	defer func() { s.reply = orig }()
	s.read(reply)
	fired, _ := s.e.program.Judge(s.r, s.given)
	for _, m := range fired {
		if s.e.rules[m.Rule].Mode == verdict.Enforce {
			return false
		}
	}
	return true
}

func (s *situation) rewritten(p rewrite.Proposal) *Rewrite {
	r := &Rewrite{text: p.Text}
	units := text.NewUnits(s.reply, s.in.Options.Offsets)
	for _, e := range p.Edits {
		r.edits = append(r.edits, Edit{Span: verdict.Span{Start: units.At(e.Start), End: units.At(e.End)}, Text: e.Text})
	}
	return r
}

type plan struct {
	clauses  []rewrite.Clause
	wordings []rewrite.Wording
}

// plan tells which clauses offend, which lean on them, and what may be said
// instead.
func (s *situation) plan(fired []rule.Match) plan {
	p := plan{clauses: s.clauses()}
	order := slices.Clone(fired)
	slices.SortStableFunc(order, func(a, b rule.Match) int { return b.Score - a.Score })
	offending := map[claim.Sense]bool{}
	for _, m := range order {
		r := &s.e.rules[m.Rule]
		if r.Mode != verdict.Enforce {
			continue
		}
		p.wordings = append(p.wordings, s.wording(r))
		for _, ci := range m.Claims {
			c := &s.r.Claims()[ci]
			offending[c.Topic] = true
			k := &p.clauses[c.Clause]
			if w := len(p.wordings) - 1; !slices.Contains(k.Offends, w) {
				k.Offends = append(k.Offends, w)
			}
		}
	}
	s.lean(p.clauses, offending)
	return p
}

// clauses maps the reply's clauses to the original.
func (s *situation) clauses() []rewrite.Clause {
	n := s.r.Clauses()
	out := make([]rewrite.Clause, n)
	address, buyer := s.v.Sense("address"), s.v.Sense("party.buyer")
	for i := range n {
		from, to := s.r.Text().Bytes(s.r.ClauseSpan(i))
		out[i] = rewrite.Clause{Start: from, End: to}
		only := true
		cues := s.r.Cues(i)
		start, end := s.r.ClauseSpan(i)
		for _, q := range cues {
			only = only && (q.Senses.Has(address) || q.Senses.Has(buyer))
			start = max(start, q.End)
		}
		out[i].Address = only && len(cues) > 0 && start == end
	}
	return out
}

// lean marks the clauses that say more about an offending topic without
// naming one of their own, or that give a reason or a condition for it.
func (s *situation) lean(clauses []rewrite.Clause, offending map[claim.Sense]bool) {
	reasons, err := s.v.SetOf("cue.excuse", "cue.small_amount", "cue.special_price", "cue.platform_fee", "cue.cheaper",
		"cue.blame", "cue.pressure", "cue.unreachable", "cue.account_id", "cue.reward", "mood.condition", "entity.phone", "entity.id", "entity.qq", "entity.wechat", "entity.link", "entity.email", "money", "percent")
	if err != nil {
		return
	}
	for i, c := range s.r.Claims() {
		k := &clauses[c.Clause]
		if c.Origin != claim.Explicit && offending[c.Topic] {
			k.Leans = true
		}
		if s.r.Claims()[i].Topic == 0 || offending[c.Topic] {
			if own := s.r.Own(c.Clause); own.Meets(&reasons) {
				k.Leans = true
			}
		}
	}
}

// wording fills the slots of a rule's safe wordings. One whose fact is not
// known, or whose condition does not hold, is left out.
func (s *situation) wording(r *policy.Rule) rewrite.Wording {
	family, _, _ := strings.Cut(r.ID, ".")
	w := rewrite.Wording{Family: family}
	for i := range r.Rewrites {
		say := &r.Rewrites[i]
		if say.Asked != nil && *say.Asked != !s.r.Asked.Empty() || !s.conditionsHold(say.Given) {
			continue
		}
		if t, ok := s.fill(say.Text); ok {
			if s.r.Text().Traditional() {
				t = text.ToTraditional(t)
			}
			w.Variants = append(w.Variants, t)
		}
	}
	return w
}

func (s *situation) conditionsHold(names []string) bool {
	all := s.e.named
	for _, n := range names {
		name, negated := strings.CutPrefix(n, "!")
		if t := all[name]; t == nil || t(s) == negated {
			return false
		}
	}
	return true
}

// fill puts facts into the slots of t. It reports false if one is unknown.
func (s *situation) fill(t string) (string, bool) {
	if !strings.Contains(t, "{") {
		return t, true
	}
	ok := true
	slot := func(name, value string) {
		if strings.Contains(t, name) {
			ok = ok && value != ""
			t = strings.ReplaceAll(t, name, value)
		}
	}
	f := &s.facts
	phone := ""
	if len(f.ServicePhones) > 0 {
		phone = f.ServicePhones[0]
	}
	slot("{reissue_days}", positive(f.InvoiceReissueDays))
	slot("{service_phone}", phone)
	slot("{legal_representative}", f.LegalRepresentative)
	slot("{amount}", s.in.Order.Amount)
	slot("{ship_hours}", positive(f.ShipWithinHours))
	slot("{cutoff}", f.DispatchCutoff)
	return t, ok
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}
