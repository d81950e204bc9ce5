package policy

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

var wordID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// readSenses reads the declared topics, acts and cues.
func (l *loader) readSenses(name string) {
	f, n := l.root(name)
	if f == nil {
		return
	}
	s := &l.pack.Senses
	f.object(n, "the declaration of senses",
		need("topics", f.declared(&s.Topics, "topic")),
		need("acts", f.declared(&s.Acts, "act")),
		may("cues", f.declared(&s.Cues, "cue")))
}

// declared returns a reader of a mapping from ids to Chinese names.
func (f *file) declared(dst *[]Declared, kind string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode {
			f.errorf(n, "%ss: want a mapping from ids to Chinese names, not %s", kind, kindOf(n))
			f.lost = true
			return
		}
		for k, v := range pairs(n) {
			f.declare(dst, kind, k, v)
		}
	}
}

func (f *file) declare(dst *[]Declared, kind string, k, v *yaml.Node) {
	d := Declared{Pos: f.pos(k), ID: k.Value}
	full := kind + "." + d.ID
	first, twice := f.index.senses[full]
	switch {
	case k.Kind != yaml.ScalarNode || !wordID.MatchString(d.ID):
		f.errorf(k, "a %s's id is made of a-z, 0-9 and _ and begins with a letter", kind)
		f.lost = true
		return
	case twice:
		f.errorf(k, "%s %q is declared twice; the first is in line %d", kind, d.ID, first.Line)
		return
	}
	f.index.senses[full] = d.Pos
	f.str(&d.Name, "name of "+full)(v)
	*dst = append(*dst, d)
}

// warnUnusedSenses reports declared senses that no term has: nothing can ever
// be about them.
func (l *loader) warnUnusedSenses() {
	if l.index.senses == nil || l.index.meant == nil {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(l.index.senses)) {
		if !l.index.meant[id] && foundSenses[id] == "" {
			l.report(Warning, l.index.senses[id], "%s is declared, but no term of the lexicon means it", id)
		}
	}
}

// readSpellings reads the look- and sound-alikes of characters.
func (l *loader) readSpellings(name string) {
	if !l.exists(name) {
		return
	}
	f, n := l.root(name)
	if f == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		f.errorf(n, "spellings: want a mapping from one character to its spellings, not %s", kindOf(n))
		return
	}
	l.pack.Spell = make(map[rune][]string, len(n.Content)/2)
	for k, v := range pairs(n) {
		f.spelling(k, v)
	}
}

func (f *file) spelling(k, v *yaml.Node) {
	r, size := utf8.DecodeRuneInString(k.Value)
	switch {
	case k.Kind != yaml.ScalarNode || size == 0 || size != len(k.Value):
		f.errorf(k, "want one character as the key, not %q", k.Value)
		return
	case f.pack.Spell[r] != nil:
		f.errorf(k, "character %q stands twice", k.Value)
		return
	}
	list := []string{}
	f.eachOrOne(v, "spellings of "+k.Value, func(c *yaml.Node) {
		s, ok := f.text(c, "spelling")
		switch {
		case !ok:
		case s == k.Value:
			f.errorf(c, "%q is no other spelling of itself", s)
		case slices.Contains(list, s):
			f.errorf(c, "spelling %q of %s stands twice", s, k.Value)
		default:
			list = append(list, s)
		}
	})
	f.pack.Spell[r] = list
}

// readLexicon reads the entries of the shipped lexicon.
func (l *loader) readLexicon() {
	names := l.names("lexicon")
	names = slices.DeleteFunc(names, func(s string) bool {
		return s == "lexicon/senses.yaml" || s == "lexicon/spellings.yaml"
	})
	if len(names) == 0 {
		l.errorAt(start("lexicon"), "the pack has no lexicon: no file lexicon/*.yaml with entries")
	}
	for f, n := range l.roots(names) {
		f.entries(&l.pack.Lexicon, l.index.terms, nil)(n)
	}
	for _, e := range l.pack.Lexicon {
		for _, id := range e.Is {
			l.index.meant[id] = true
		}
	}
}

// entries returns a reader of a list of lexicon entries. Terms are recorded
// in own; a term that stands in own or shipped is reported.
func (f *file) entries(dst *[]Entry, own, shipped map[string]Pos) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.each(n, "the lexicon", func(c *yaml.Node) {
			e := Entry{Pos: f.pos(c)}
			if f.entry(&e, c, own, shipped) {
				*dst = append(*dst, e)
			}
			f.lost = f.lost || len(e.Is) == 0
		})
	}
}

func (f *file) entry(e *Entry, n *yaml.Node, own, shipped map[string]Pos) bool {
	var note string
	ok := f.object(n, "the entry",
		need("is", func(v *yaml.Node) { f.eachOrOne(v, "is", func(c *yaml.Node) { f.entrySense(e, c) }) }),
		need("terms", f.termList(&e.Terms, "terms", own, shipped)),
		may("not", f.termList(&e.Not, "not", map[string]Pos{}, nil)),
		may("weak", f.flag(&e.Weak, "weak")),
		may("word", f.flag(&e.Word, "word")),
		may("spell", f.flag(&e.Spell, "spell")),
		may("note", f.str(&note, "note")))
	if ok {
		f.checkMask(n, e)
		f.checkLookAlikes(e)
	}
	return ok
}

// checkMask reports a mask that is to mean something besides.
func (f *file) checkMask(n *yaml.Node, e *Entry) {
	if slices.Contains(e.Is, "mask") && (len(e.Is) > 1 || len(e.Not) > 0) {
		f.errorf(n, "a mask covers words and means nothing: it has no other sense and no look-alikes")
	}
}

// checkLookAlikes reports look-alikes that are terms of e themselves.
func (f *file) checkLookAlikes(e *Entry) {
	if len(e.Not) == 0 {
		return
	}
	terms := map[string]bool{}
	for _, t := range e.Terms {
		terms[f.fold(t.Text)] = true
	}
	for _, t := range e.Not {
		if terms[f.fold(t.Text)] {
			f.errorAt(t.Pos, "%q is both a term and a look-alike of this entry", t.Text)
		}
	}
}

// entrySense reads one sense of an entry.
func (f *file) entrySense(e *Entry, n *yaml.Node) {
	id, ok := f.text(n, "is")
	if !ok {
		return
	}
	switch {
	case slices.Contains(e.Is, id):
		f.errorf(n, "sense %q stands twice", id)
	case slotNames[id] != "" && builtin[id] == "":
		f.errorf(n, "%q is found by the claim reader itself; terms cannot mean it", id)
	default:
		f.checkSense(n, id, f.senseIDs)
		e.Is = append(e.Is, id)
	}
}

// checkSense reports id unless it is declared or built in.
func (f *file) checkSense(n *yaml.Node, id string, legal func() []string) bool {
	if builtin[id] != "" || f.index.senses == nil {
		return true
	}
	if _, ok := f.index.senses[id]; ok {
		return true
	}
	f.errorf(n, "unknown sense %q%s", id, suggest(id, legal()))
	return false
}

// senseIDs returns all declared and built-in senses, sorted.
func (l *loader) senseIDs() []string {
	ids := slices.AppendSeq(slices.Collect(maps.Keys(builtin)), maps.Keys(l.index.senses))
	slices.Sort(ids)
	return ids
}

// termList returns a reader of terms.
func (f *file) termList(dst *[]Term, what string, own, shipped map[string]Pos) func(*yaml.Node) {
	return func(n *yaml.Node) {
		f.eachOrOne(n, what, func(c *yaml.Node) {
			s, ok := f.text(c, "term")
			if !ok || !f.checkTerm(c, s) || !f.firstTerm(c, s, own, shipped) {
				return
			}
			*dst = append(*dst, Term{Pos: f.pos(c), Text: s})
		})
	}
}

// checkTerm reports a term that could never match as it is written.
func (f *file) checkTerm(n *yaml.Node, s string) bool {
	f.terms++
	switch {
	case f.terms == MaxTerms+1:
		f.errorf(n, "the pack has more than %d terms", MaxTerms)
		return false
	case f.terms > MaxTerms:
		return false
	case n.Style&yaml.DoubleQuotedStyle != 0 && strings.IndexFunc(s, hidden) >= 0 || strings.ContainsAny(s, "\n\t"):
		f.errorf(n, "the term holds an invisible or control character")
	case s != strings.TrimSpace(s):
		f.errorf(n, "the term begins or ends with a space")
	case utf8.RuneCountInString(s) > MaxTerm:
		f.errorf(n, "the term has %d characters; at most %d", utf8.RuneCountInString(s), MaxTerm)
	case f.fold(s) == "":
		f.errorf(n, "the term is nothing but separators: nothing of it is left in the normal form")
	default:
		return true
	}
	return false
}

// firstTerm records s and reports whether it is new.
func (f *file) firstTerm(n *yaml.Node, s string, own, shipped map[string]Pos) bool {
	key := f.fold(s)
	for _, terms := range []map[string]Pos{own, shipped} {
		if p, ok := terms[key]; ok {
			shown := strconv.Quote(s)
			if key != s {
				shown += ", in normal form " + strconv.Quote(key) + ","
			}
			f.errorf(n, "term %s stands already at %s:%d:%d; a term has one place, with all its senses", shown, p.File, p.Line, p.Column)
			return false
		}
	}
	own[key] = f.pos(n)
	return true
}

// fold returns the normal form in which terms are matched, and so compared.
func (l *loader) fold(s string) string { return l.text.Fold(s) }
