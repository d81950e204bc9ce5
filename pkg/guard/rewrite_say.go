package guard

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rewrite"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
)

// A saying is a safe wording of a rule, resolved once for all replies.
type saying struct {
	def         *policy.Say
	given       []condition
	traditional string
	topics      claim.Set // what it is about, to choose among a rule's wordings
	slots       []slot
}

// A condition is a named test and the answer that is wanted.
type condition struct {
	test test
	want bool
}

// A slot is a place of a wording that a fact fills.
type slot struct {
	name  string // with its braces
	value func(*situation) string
}

// slots are the facts of policy.RewriteSlots, by name. An empty value is an
// unknown fact.
func slots() map[string]func(*situation) string {
	return map[string]func(*situation) string{
		"reissue_days": func(s *situation) string { return positive(s.facts.InvoiceReissueDays) },
		"service_phone": func(s *situation) string {
			if len(s.facts.ServicePhones) == 0 {
				return ""
			}
			return s.facts.ServicePhones[0]
		},
		"legal_representative": func(s *situation) string { return s.facts.LegalRepresentative },
		"amount":               func(s *situation) string { return s.in.Order.Amount },
		"ship_hours":           func(s *situation) string { return positive(s.facts.ShipWithinHours) },
		"cutoff":               func(s *situation) string { return s.facts.DispatchCutoff },
	}
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// newSayings resolves the wordings of r. topics are those that r's family of
// rules is about, and the cues that r asks for.
func newSayings(e *engine, topics claim.Set, r *policy.Rule) ([]saying, error) {
	out := make([]saying, 0, len(r.Rewrites))
	for i := range r.Rewrites {
		def := &r.Rewrites[i]
		say := saying{def: def, traditional: text.ToTraditional(def.Text)}
		for _, g := range def.Given {
			name, negated := strings.CutPrefix(g, "!")
			t, ok := e.named[name]
			if !ok {
				return nil, fmt.Errorf("rewrite of %s: condition %q is not known", r.ID, name)
			}
			say.given = append(say.given, condition{t, !negated})
		}
		plain := def.Text // with the slots filled, to read what it is about
		for name, value := range slots() {
			if s := "{" + name + "}"; strings.Contains(def.Text, s) {
				say.slots = append(say.slots, slot{s, value})
				plain = strings.ReplaceAll(plain, s, "1")
			}
		}
		slices.SortFunc(say.slots, func(a, b slot) int { return strings.Compare(a.name, b.name) })
		reading := e.reader.Read(plain, nil, &claim.Known{})
		say.topics = reading.Bag().And(topics)
		e.reader.Release(reading)
		out = append(out, say)
	}
	return distinct(out), nil
}

// distinct leaves to each wording the topics that not all of them share: only
// those tell which one fits better.
func distinct(says []saying) []saying {
	if len(says) == 0 {
		return says
	}
	shared := says[0].topics
	for i := range says {
		shared = shared.And(says[i].topics)
	}
	for i := range says {
		for _, t := range shared.All() {
			says[i].topics.Remove(t)
		}
	}
	return says
}

// fits reports whether the wording's conditions hold for s.
func (y *saying) fits(s *situation, asked bool) bool {
	if y.def.Asked != nil && *y.def.Asked != asked {
		return false
	}
	for _, c := range y.given {
		if c.test(s) != c.want {
			return false
		}
	}
	return true
}

// bound counts the conditions of the wording: the more hold, the better it
// fits.
func (y *saying) bound() int {
	n := len(y.given) + len(y.slots)
	if y.def.Asked != nil {
		n++
	}
	return n
}

// text fills the slots. It reports false if a fact is unknown.
func (y *saying) text(s *situation, st style) (string, bool) {
	t := y.def.Text
	if st.traditional {
		t = y.traditional
	}
	if st.you != "" {
		t = strings.ReplaceAll(t, "您", st.you)
	}
	for _, sl := range y.slots {
		v := sl.value(s)
		if v == "" {
			return "", false
		}
		t = strings.ReplaceAll(t, sl.name, v)
	}
	return t, true
}

// A style is the manner of the reply that its rewrite keeps.
type style struct {
	traditional bool
	you         string // 你 or 妳 where the reply says so and never 您
}

func (s *situation) style() style {
	st := style{traditional: s.r.Text().Traditional()}
	if strings.Contains(s.reply, "您") {
		return st
	}
	for _, you := range []string{"妳", "你"} {
		if strings.Contains(s.reply, you) {
			st.you = you
			break
		}
	}
	return st
}

// wording collects the wordings of o's rule that the context allows: first
// those with the most conditions, among them those that speak of what the
// buyer asks and of what offends, else in the order of the file. One whose
// fact is not known is left out.
func (s *situation) wording(o *offence, st style) rewrite.Wording {
	r := &s.e.rules[o.rule]
	w := rewrite.Wording{Escort: r.NoRewrite != ""}
	type candidate struct {
		text  string
		bound int // conditions that it asks for
		near  int // what it shares with what the buyer asks, twice, and with what offends
	}
	var list []candidate
	for i := range s.e.style.says[o.rule] {
		y := &s.e.style.says[o.rule][i]
		if !y.fits(s, o.asked) {
			continue
		}
		t, ok := y.text(s, st)
		if !ok {
			continue
		}
		if y.def.Whole {
			w.Whole = append(w.Whole, t)
			continue
		}
		offends, named, asked := y.topics.And(o.topics), y.topics.And(o.named), y.topics.And(s.r.Asked)
		list = append(list, candidate{text: t, bound: y.bound(), near: offends.Len() + named.Len() + 2*asked.Len()})
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Or(b.bound-a.bound, b.near-a.near) })
	for _, c := range list {
		w.Variants = append(w.Variants, c.text)
	}
	return w
}
