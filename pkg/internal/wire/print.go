package wire

import (
	"fmt"
	"strings"

	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// Printer renders results in lines that a person reads.
type Printer struct {
	Color bool // ANSI colours and underlined spans; else spans stand in [[ ]]
}

// ANSI sequences of the printer.
const (
	ansiReset     = "\x1b[0m"
	ansiBold      = "\x1b[1m"
	ansiDim       = "\x1b[2m"
	ansiUnderline = "\x1b[4m"
	ansiRed       = "\x1b[31m"
	ansiGreen     = "\x1b[32m"
	ansiYellow    = "\x1b[33m"
)

// AppendAnswer appends r, the verdict on reply, whose spans are in bytes.
func (p Printer) AppendAnswer(dst []byte, reply string, r *guard.Result) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", p.paint(decisionColor(r.Decision)+ansiBold, fmt.Sprintf("%-5s %3d", r.Decision, r.Score)), p.Mark(reply, r))
	for i := range r.Violations {
		p.finding(&b, &r.Violations[i])
	}
	if r.Exposure != nil && r.Exposure.Consequence != "" {
		fmt.Fprintf(&b, "  处罚 %d → %d 分：%s\n", r.Exposure.Before, r.Exposure.After, r.Exposure.Consequence)
	}
	if r.Rewrite != nil {
		fmt.Fprintf(&b, "  %s %s\n", p.paint(ansiGreen, "改写"), r.Rewrite.Text())
	} else if r.NoRewrite != "" {
		fmt.Fprintf(&b, "  %s %s\n", p.paint(ansiGreen, "建议"), r.NoRewrite)
	}
	for _, t := range r.Traps {
		fmt.Fprintf(&b, "  %s %s %s\n", p.paint(ansiYellow, "留意"), t.Trap, t.Advice)
		if t.SafeReply != "" {
			fmt.Fprintf(&b, "    可回复：%s\n", t.SafeReply)
		}
	}
	return append(dst, b.String()...)
}

func (p Printer) finding(b *strings.Builder, f *guard.Finding) {
	fmt.Fprintf(b, "  %s %s %s %d", p.paint(decisionColor(f.Decision), f.Rule), f.Name, f.Decision, f.Score)
	if pen := f.Penalty; pen.Points > 0 || pen.Money != "" {
		b.WriteString(" · ")
		if pen.Points > 0 {
			fmt.Fprintf(b, "%d 分 ", pen.Points)
		}
		if pen.Money != "" {
			b.WriteString(pen.Money + " ")
		}
		fmt.Fprintf(b, "%s（%s）", pen.Basis, pen.Source)
	}
	b.WriteByte('\n')
	if f.Reason != "" {
		fmt.Fprintf(b, "    %s\n", f.Reason)
	}
	if f.Explain != nil {
		p.explain(b, f.Explain)
	}
}

func (p Printer) explain(b *strings.Builder, e *guard.Explanation) {
	fmt.Fprintf(b, "    %s %s (%s)\n", p.paint(ansiDim, "claim"), e.Claim, e.Origin)
	for _, c := range e.Cues {
		fmt.Fprintf(b, "    %s %s = %s", p.paint(ansiDim, "cue"), c.Term, c.Sense)
		if c.Evasive {
			b.WriteString(" (evasive spelling)")
		}
		b.WriteByte('\n')
	}
	for _, s := range e.Steps {
		fmt.Fprintf(b, "    %s %+d %s\n", p.paint(ansiDim, "score"), s.Delta, s.Why)
	}
	for _, s := range e.Silenced {
		fmt.Fprintf(b, "    %s %s by %s\n", p.paint(ansiDim, "silenced"), s.Rule, s.By)
	}
}

// Mark returns reply in one line with the evidence of all violations
// marked; the spans of r are in bytes.
func (p Printer) Mark(reply string, r *guard.Result) string {
	level := make([]verdict.Decision, len(reply)+1) // Allow: not marked
	for i := range r.Violations {
		f := &r.Violations[i]
		for _, s := range f.Spans {
			for at := max(0, s.Start); at < min(s.End, len(reply)); at++ {
				level[at] = max(level[at], f.Decision)
			}
		}
	}
	var b strings.Builder
	for at := 0; at < len(reply); {
		end := at + 1
		for end < len(reply) && level[end] == level[at] {
			end++
		}
		b.WriteString(p.piece(reply[at:end], level[at]))
		at = end
	}
	return strings.ReplaceAll(b.String(), "\n", "⏎")
}

func (p Printer) piece(text string, d verdict.Decision) string {
	switch {
	case d == verdict.Allow:
		return text
	case p.Color:
		return ansiUnderline + decisionColor(d) + text + ansiReset
	default:
		return "[[" + text + "]]"
	}
}

func (p Printer) paint(style, text string) string {
	if !p.Color {
		return text
	}
	return style + text + ansiReset
}

func decisionColor(d verdict.Decision) string {
	switch d {
	case verdict.Block:
		return ansiRed
	case verdict.Warn:
		return ansiYellow
	case verdict.Allow:
		return ansiGreen
	}
	return ""
}
