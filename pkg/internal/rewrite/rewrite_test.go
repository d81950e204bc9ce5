package rewrite

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// parse reads a reply in which clauses stand in brackets, each with marks
// behind its opening bracket: a digit for a wording that it offends, ! for one
// that goes along, @ for a form of address, ~哦~ for a closing particle and
// ^但是^ for a leading connective. Everything else is between clauses.
func parse(tb testing.TB, s string) (string, []Clause) {
	tb.Helper()
	var b strings.Builder
	var clauses []Clause
	sentence := 0
	for s != "" {
		open := strings.IndexByte(s, '[')
		if open < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		if strings.ContainsAny(s[:open], "。！？?!") {
			sentence++
		}
		end := strings.IndexByte(s, ']')
		c := Clause{Start: b.Len(), Sentence: sentence}
		b.WriteString(marks(&c, s[open+1:end]))
		c.End = b.Len()
		clauses = append(clauses, c)
		s = s[end+1:]
	}
	return b.String(), clauses
}

func marks(c *Clause, s string) string {
	for s != "" {
		switch r := s[0]; {
		case r >= '0' && r <= '9':
			c.Offends = append(c.Offends, int(r-'0'))
		case r == '!':
			c.Goes = true
		case r == '@':
			c.Address = true
		case r == '~':
			n := strings.IndexByte(s[1:], '~')
			c.Tail, s = s[1:1+n], s[1+n:]
		case r == '^':
			n := strings.IndexByte(s[1:], '^')
			c.Lead, s = n, s[1+n:]
		default:
			return s
		}
		s = s[1:]
	}
	return s
}

func say(variants ...string) Wording { return Wording{Variants: variants} }

func TestProposeJoins(t *testing.T) {
	invoice, receipt := say("可以开票，按实付开"), say("可以开票，正规发票")
	wangwang := say("请用旺旺联系")
	for _, tt := range []struct {
		name, reply string
		wordings    []Wording
		want        string
	}{
		{"whole reply", "[0没有发票]", []Wording{invoice}, "可以开票，按实付开"},
		{"address is kept", "[@亲]，[0没有发票]", []Wording{invoice}, "亲，可以开票，按实付开"},
		{"comma after an address", "[@亲][0没有发票]", []Wording{invoice}, "亲，可以开票，按实付开"},
		{"particle is kept", "[@亲]，[0~哦~没有哦]", []Wording{invoice}, "亲，可以开票，按实付开哦"},
		{"particle is not doubled", "[0~哦~没有哦]", []Wording{say("可以开票的哦")}, "可以开票的哦"},
		{"mark at the end stays", "[0没有发票]！", []Wording{invoice}, "可以开票，按实付开！"},
		{"tilde and emoji stay", "[0没有发票]~😊", []Wording{invoice}, "可以开票，按实付开~😊"},
		{"question mark goes", "[0给您开收据行吗]？", []Wording{invoice}, "可以开票，按实付开"},
		{"question mark becomes a stop", "[0给您开收据行吗]？[今天发货]", []Wording{invoice}, "可以开票，按实付开。今天发货"},
		{"dots become a stop", "[0没有]……[今天发货]", []Wording{invoice}, "可以开票，按实付开。今天发货"},
		{"list comma becomes a comma", "[有货]、[0没有发票]、[包邮]", []Wording{invoice}, "有货，可以开票，按实付开，包邮"},
		{"blanks stay", "[有货] [0没有发票] [包邮]", []Wording{invoice}, "有货 可以开票，按实付开 包邮"},
		{"missing commas are added", "[有货的][0没有发票][今天发]", []Wording{invoice}, "有货的，可以开票，按实付开，今天发"},
		{"western commas", "[有货],[0没有发票],[包邮]", []Wording{invoice}, "有货,可以开票,按实付开,包邮"},
		{"what leans goes", "[!小金额]，[0没有发票]，[!下次一起开]", []Wording{invoice}, "可以开票，按实付开"},
		{"what leans goes alone", "[!抱歉]，[@亲]，[0没有发票]", []Wording{invoice}, "亲，可以开票，按实付开"},
		{"said once", "[0没有发票]，[今天发]，[1开收据]", []Wording{invoice, receipt}, "可以开票，按实付开，今天发，正规发票"},
		{"nothing new", "[0没有发票]，[今天发]，[1开收据]。", []Wording{invoice, say("可以开票")}, "可以开票，按实付开，今天发。"},
		{"dropped in the middle", "[0没有发票]，[今天发]，[1开收据]，[包邮]", []Wording{invoice, say("可以开票")}, "可以开票，按实付开，今天发，包邮"},
		{"one region over a stop", "[0没有发票]。[1开收据]，[包邮]", []Wording{invoice, say("可以开票")}, "可以开票，按实付开，包邮"},
		{"dropped behind a stop", "[0没有发票]，[有货]。[1开收据]，[包邮]", []Wording{invoice, say("可以开票")}, "可以开票，按实付开，有货。包邮"},
		{"dropped question", "[0没有]，[今天发]，[1收据行吗]？[包邮]", []Wording{invoice, say("可以开票")}, "可以开票，按实付开，今天发。包邮"},
		{"two families", "[0没有发票]，[1加微信]", []Wording{invoice, wangwang}, "可以开票，按实付开。请用旺旺联系"},
		{"two short ones", "[1加微信]，[0没有发票]", []Wording{invoice, wangwang}, "请用旺旺联系，可以开票，按实付开"},
		{"connective goes", "[0没有发票]，[^但是^但是质量放心]", []Wording{invoice}, "可以开票，按实付开，质量放心"},
		{"connective run on", "[0没有发票][^但是^但是质量放心]", []Wording{invoice}, "可以开票，按实付开，质量放心"},
		{"half a quotation", "[0关注公众号]「[0小美]」，[有视频]", []Wording{wangwang}, "请用旺旺联系，有视频"},
		{"half a bracket and a blank", "[0今天必发] ( [0今天] )", []Wording{wangwang}, "请用旺旺联系"},
		{"whole brackets", "[包邮]（[0没有发票]）", []Wording{invoice}, "包邮（可以开票，按实付开）"},
		{"emoji inside", "[0没有发票]😊[!抱歉哈]", []Wording{invoice}, "可以开票，按实付开😊"},
		{"emoji that hides", "[0微]❤️[0信我]", []Wording{wangwang}, "请用旺旺联系"},
		{"name in a sentence", "[0给满分的][@宝子][0都有礼物]", []Wording{wangwang}, "请用旺旺联系"},
		{"escort comes first", "[1别想退货]，[0你这个傻子]", []Wording{{Variants: []string{"非常抱歉"}, Escort: true}, say("可以退货")}, "非常抱歉，可以退货"},
		{"spare is left out", "[01加微信转账]", []Wording{say("请在订单里付款"), {Variants: []string{"请用旺旺"}, Spare: true}}, "请在订单里付款"},
		{"address offends", "[@0张三]，[您好]", []Wording{wangwang}, "请用旺旺联系，您好"},
	} {
		reply, clauses := parse(t, tt.reply)
		got := slices.Collect(Propose(reply, clauses, tt.wordings))
		if len(got) == 0 {
			t.Errorf("%s: Propose(%q) = nothing, want %q", tt.name, tt.reply, tt.want)
			continue
		}
		if got[0].Text != tt.want {
			t.Errorf("%s: Propose(%q)[0] = %q, want %q", tt.name, tt.reply, got[0].Text, tt.want)
		}
	}
}

func TestProposeOrder(t *testing.T) {
	reply, clauses := parse(t, "[@亲]，[有货的]。[洗了不缩水]，[0没有发票]。[今天发]")
	var got []string
	for p := range Propose(reply, clauses, []Wording{{Variants: []string{"可以开票", "发票可以开"}, Whole: []string{"发票的事我帮您看"}}}) {
		got = append(got, p.Text)
	}
	want := []string{
		"亲，有货的。洗了不缩水，可以开票。今天发",
		"亲，有货的。洗了不缩水，发票可以开。今天发",
		"亲，有货的。可以开票。今天发",
		"亲，有货的。发票可以开。今天发",
		"亲，可以开票",
		"亲，发票可以开",
		"亲，发票的事我帮您看",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("proposals (-want +got):\n%s", diff)
	}
}

func TestProposeNothing(t *testing.T) {
	escort := Wording{Variants: []string{"非常抱歉"}, Escort: true}
	for _, tt := range []struct {
		name, reply string
		wordings    []Wording
	}{
		{"no clause", "", nil},
		{"nothing offends", "[有货]", []Wording{say("可以开票")}},
		{"no variant and nothing else", "[@亲]，[0没有发票]", []Wording{{}}},
		{"an escort alone", "[@亲]，[0你这个傻子]", []Wording{escort}},
	} {
		reply, clauses := parse(t, tt.reply)
		if got := slices.Collect(Propose(reply, clauses, tt.wordings)); len(got) > 0 {
			t.Errorf("%s: Propose(%q) = %q, want nothing", tt.name, tt.reply, got[0].Text)
		}
	}
	reply, clauses := parse(t, "[0你这个傻子]，[今天发货]")
	if got := slices.Collect(Propose(reply, clauses, []Wording{escort})); len(got) == 0 || got[0].Text != "非常抱歉，今天发货" {
		t.Errorf("Propose with something left = %v, want the escort and what is left", got)
	}
}

// FuzzPropose checks for any clauses and gaps that edits are in order, lie on
// character boundaries, do not overlap and give the text.
func FuzzPropose(f *testing.F) {
	f.Add("[@亲]，[!小金额][0没有发票]？「[1可以收据]」、[^但是^但是包邮]😊", uint8(3))
	f.Add("[0没有]……[1加我]，[@宝]，[!抱歉]", uint8(1))
	f.Fuzz(func(t *testing.T, s string, spare uint8) {
		if !utf8.ValidString(s) || strings.Count(s, "[") != strings.Count(s, "]") || !balanced(s) {
			t.Skip()
		}
		reply, clauses := parse(t, s)
		for i := range clauses {
			clauses[i].Offends = only(clauses[i].Offends, 3)
			if clauses[i].Start == clauses[i].End {
				t.Skip()
			}
		}
		wordings := []Wording{say("可以开票，按实付开", "发票可以开"), say("请用旺旺联系"), {Variants: []string{"非常抱歉"}, Escort: spare&1 > 0, Spare: spare&2 > 0}}
		for p := range Propose(reply, clauses, wordings) {
			at := 0
			for _, e := range p.Edits {
				if e.Start < at || e.End < e.Start || e.End > len(reply) || !utf8.ValidString(reply[:e.Start]) || !utf8.ValidString(reply[e.End:]) {
					t.Fatalf("Propose(%q): edit %+v is out of order or bounds", s, e)
				}
				at = e.End
			}
			if got := Apply(reply, p.Edits); got != p.Text {
				t.Fatalf("Apply(%q) = %q, want %q", reply, got, p.Text)
			}
			if !utf8.ValidString(p.Text) {
				t.Fatalf("Propose(%q) cut a character: %q", s, p.Text)
			}
		}
	})
}

// balanced reports whether s is in the notation of parse.
func balanced(s string) bool {
	depth := 0
	for i, c := range s {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		case '~', '^':
			if depth > 0 && strings.Count(s[i:strings.IndexByte(s[i:], ']')+i], string(c))%2 == 1 && strings.Count(s[:i], string(c))%2 == 0 {
				return false
			}
		}
		if depth < 0 || depth > 1 {
			return false
		}
	}
	return depth == 0
}

func only(list []int, below int) []int {
	var out []int
	for _, x := range list {
		if x < below {
			out = append(out, x)
		}
	}
	return out
}

func BenchmarkPropose(b *testing.B) {
	reply, clauses := parse(b, "[@亲]，[有货的]，[!小金额][0没有发票]，[1可以收据]。[今天发]")
	wordings := []Wording{say("可以开票，按实付开", "发票可以开"), say("可以开票")}
	b.ReportAllocs()
	for b.Loop() {
		for range Propose(reply, clauses, wordings) {
			break // the first is the usual one
		}
	}
}
