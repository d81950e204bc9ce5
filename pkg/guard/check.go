package guard

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/internal/claim"
	"github.com/replyguard/replyguard/pkg/internal/rule"
	"github.com/replyguard/replyguard/pkg/internal/text"
	"github.com/replyguard/replyguard/pkg/policy"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Check judges in.Reply. The error is non-nil only if no decision was made:
// the context ended, in breaks a limit (ErrEmpty, ErrTooLong, ErrNotUTF8,
// ErrUnknownStore), or the engine failed (a *FaultError, which is ErrInternal).
func (g *Guard) Check(ctx context.Context, in Input) (out Result, err error) {
	defer contain(&err)
	var r Result // out stays empty unless all goes well
	if err := g.check(ctx, &in, &r); err != nil {
		return Result{}, err
	}
	return r, nil
}

// check is Check without its net: what panics here is not put back into a pool.
func (g *Guard) check(ctx context.Context, in *Input, out *Result) error {
	if err := validate(in); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := g.situation(in)
	if err != nil {
		return err
	}
	s.lap = g.stopwatch()
	s.read(s.in.Reply)
	out.Ruleset = g.Ruleset()
	fired := s.judge(out)
	s.lap("rule")
	out.Traps = s.trapsSeen()
	out.Exposure = s.exposure(out)
	if out.Decision != verdict.Allow && !s.in.Options.NoRewrite {
		lap := s.lap
		s.lap = unwatched // the texts that a rewrite tries are no checks
		g.rewrite(ctx, s, out, fired)
		lap("rewrite")
	}
	s.done()
	return nil
}

// watchEvery is how many checks one is timed of: a clock read costs as much as
// a stage of a short reply.
const watchEvery = 16

// stopwatch returns what is called at the end of each stage of one check. It
// tells the observer, if there is one and this check is timed.
func (g *Guard) stopwatch() func(stage string) {
	if g.cfg.Observe == nil || g.checks.Add(1)%watchEvery != 1 {
		return unwatched
	}
	last := g.cfg.Now()
	return func(stage string) {
		now := g.cfg.Now()
		g.cfg.Observe(stage, now.Sub(last))
		last = now
	}
}

func unwatched(string) {}

func validate(in *Input) error {
	switch {
	case in.Reply == "":
		return ErrEmpty
	case len(in.Reply) > MaxReply && utf8.RuneCountInString(in.Reply) > MaxReply:
		return ErrTooLong
	}
	return validText(in)
}

func validText(in *Input) error {
	if !utf8.ValidString(in.Reply) {
		return ErrNotUTF8
	}
	for i := range in.Conversation.Messages {
		if !utf8.ValidString(in.Conversation.Messages[i].Text) {
			return ErrNotUTF8
		}
	}
	return nil
}

// situation resolves the store and the platform of a request. It comes from a
// pool: done gives it back.
func (g *Guard) situation(in *Input) (*situation, error) {
	var p *profile
	if in.Store != "" {
		if p = g.stores[in.Store]; p == nil {
			return nil, ErrUnknownStore
		}
	}
	s, ok := g.pool.Get().(*situation)
	if !ok {
		s = &situation{g: g, lap: unwatched}
		s.given = s.holds
	}
	s.in, s.platform, s.e = *in, in.Platform, g.base
	s.facts = &s.in.Facts
	if p != nil {
		s.e, s.in.Facts = p.engine, in.Facts.over(p.facts)
	}
	s.v = s.e.vocab
	if s.platform == "" {
		s.platform = g.cfg.DefaultPlatform
	}
	s.know()
	return s, nil
}

// read reads reply in the conversation of the request.
func (s *situation) read(reply string) {
	s.release()
	msgs := s.in.Conversation.Messages
	if len(msgs) > MaxMessages {
		msgs = msgs[len(msgs)-MaxMessages:]
	}
	s.before = s.before[:0]
	for i := range msgs {
		s.before = append(s.before, claim.Message{Seller: msgs[i].From == Seller, Text: msgs[i].Text})
	}
	s.r = s.e.reader.ReadInLaps(reply, s.before, &s.known, s.lap)
	s.reply = reply
}

// release gives the reading back.
func (s *situation) release() {
	if s.r != nil {
		s.e.reader.Release(s.r)
		s.r = nil
	}
}

// done gives the situation and its reading back. It keeps nothing of the
// request but room for the next one. It must not be called after a panic, for
// what is half done then must not be used again.
func (s *situation) done() {
	s.release()
	clear(s.before[:cap(s.before)])
	s.second.clear()
	*s = situation{g: s.g, given: s.given, before: s.before[:0], second: s.second, lap: unwatched}
	s.g.pool.Put(s)
}

// know sets what entities are compared with.
func (s *situation) know() {
	s.known = claim.Known{OwnLinks: s.facts.OwnLinks}
	for _, p := range s.facts.ServicePhones {
		s.known.ServicePhones = append(s.known.ServicePhones, digitsOf(p))
	}
	if r := s.in.Order.Recipient; r != nil {
		s.known.OrderName, s.known.OrderPhone, s.known.OrderAddress = r.Name, digitsOf(r.Phone), r.Address
	}
}

// holds answers the rules' conditions.
func (s *situation) holds(i int) bool { return s.e.tests[i](s) }

// judge fills the findings, the decision and the score. It returns what fired.
func (s *situation) judge(out *Result) []rule.Match {
	fired, silenced := s.fired()
	for i := range fired {
		f := s.finding(&fired[i])
		if s.e.rules[fired[i].Rule].Mode == verdict.Shadow {
			out.Shadowed = append(out.Shadowed, f)
			continue
		}
		out.Violations = append(out.Violations, f)
		out.Decision = max(out.Decision, f.Decision)
		out.Score = max(out.Score, f.Score)
	}
	order(out.Violations)
	order(out.Shadowed)
	for _, m := range silenced {
		out.Silenced = append(out.Silenced, Suppressed{Rule: s.e.rules[m.Rule].ID, By: m.By})
	}
	if s.in.Options.Explain {
		s.explain(out, fired)
	}
	return fired
}

// order sorts findings: the worst first, then by place, then by id.
func order(fs []Finding) {
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			-cmp.Compare(a.Decision, b.Decision),
			-cmp.Compare(a.Score, b.Score),
			cmp.Compare(a.Spans[0].Start, b.Spans[0].Start),
			cmp.Compare(a.Rule, b.Rule),
		)
	})
}

func (s *situation) finding(m *rule.Match) Finding {
	r := &s.e.rules[m.Rule]
	return Finding{
		Rule: r.ID, Name: r.Name, Decision: m.Decision, Score: m.Score,
		Spans: s.spans(m), Reason: r.Reason, Penalty: penalty(r, s.platform),
	}
}

// spans maps the claims of a match to the original, in the unit asked for,
// and joins those that touch.
func (s *situation) spans(m *rule.Match) []Evidence {
	type span struct{ start, end int }
	var list []span
	for _, ci := range m.Claims {
		c := &s.r.Claims()[ci]
		list = append(list, span{c.Start, c.End})
	}
	slices.SortFunc(list, func(a, b span) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var joined []span
	for _, x := range list {
		if n := len(joined); n > 0 && x.start < joined[n-1].end {
			joined[n-1].end = max(joined[n-1].end, x.end)
			continue
		}
		joined = append(joined, x)
	}
	units := text.NewUnits(s.reply, s.in.Options.Offsets)
	out := make([]Evidence, 0, len(joined))
	for _, x := range joined {
		from, to := s.r.Text().Bytes(x.start, x.end)
		out = append(out, Evidence{Span: verdict.Span{Start: units.At(from), End: units.At(to)}, Text: s.reply[from:to]})
	}
	return out
}

// penalty returns the highest figure for the platform, or the highest of all
// where the sources have none for it.
func penalty(r *policy.Rule, p verdict.Platform) verdict.Penalty {
	var best verdict.Penalty
	found := false
	for _, own := range []bool{true, false} {
		for _, x := range r.Penalties {
			if own == (x.Platform == p) && (!found || x.Points > best.Points) {
				best, found = x, true
			}
		}
		if found {
			return best
		}
	}
	return best
}

// explain adds to each finding what was read and what was silenced.
func (s *situation) explain(out *Result, fired []rule.Match) {
	for _, list := range [][]Finding{out.Violations, out.Shadowed} {
		for i := range list {
			for j := range fired {
				if s.e.rules[fired[j].Rule].ID == list[i].Rule {
					list[i].Explain = s.explanation(&fired[j], out.Silenced)
				}
			}
		}
	}
}

func (s *situation) explanation(m *rule.Match, quiet []Suppressed) *Explanation {
	c := s.r.Claims()[m.Claims[0]]
	x := &Explanation{Claim: c.Describe(s.v), Origin: c.Origin.String(), Silenced: quiet}
	for _, st := range m.Steps {
		x.Steps = append(x.Steps, ScoreStep{Why: st.Why, Delta: st.Delta})
	}
	units := text.NewUnits(s.reply, s.in.Options.Offsets)
	for _, q := range s.r.Cues(c.Clause) {
		from, to := s.r.Text().Bytes(q.Start, q.End)
		x.Cues = append(x.Cues, Cue{
			Term: q.Term, Sense: s.v.Describe(q.Senses), Evasive: q.Hidden,
			Span: verdict.Span{Start: units.At(from), End: units.At(to)},
		})
	}
	return x
}
