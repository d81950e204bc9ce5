package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
)

// Sources say where a configuration comes from. The zero value is the defaults
// alone.
type Sources struct {
	File    string            // YAML file; "" for none
	Environ []string          // "NAME=value" lines, such as os.Environ(); others than REPLYGUARD_ ones are ignored
	Set     map[string]string // by path, from the command line
}

// Mistake is one thing that is wrong.
type Mistake struct {
	Where
	Message string
}

// Where is a place that a value comes from: a file's line and column, or the
// environment or the command line, whose Line is 0.
type Where struct {
	Source       string // file name, "environment NAME" or "setting PATH"
	Line, Column int    // from 1; 0 where the source has none
}

// String returns "file:line:column" or the source alone.
func (w Where) String() string {
	if w.Line == 0 {
		return w.Source
	}
	return fmt.Sprintf("%s:%d:%d", w.Source, w.Line, w.Column)
}

// before orders mistakes: by file, line and column, then those without a line.
func (m Mistake) before(n Mistake) int {
	return cmp.Or(
		cmp.Compare(btoi(m.Line == 0), btoi(n.Line == 0)),
		strings.Compare(m.Source, n.Source),
		cmp.Compare(m.Line, n.Line),
		cmp.Compare(m.Column, n.Column),
		strings.Compare(m.Message, n.Message),
	)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Mistakes are all that is wrong with a configuration, in order.
//
//nolint:errname // one is a Mistake, many are Mistakes; errors.AsType finds them by it
type Mistakes []Mistake

// Error lists the mistakes, one below the other.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.String() + ": " + m.Message
	}
	return strings.Join(lines, "\n")
}

// loader gathers the layers and what is wrong with them.
type loader struct {
	fields   map[string]*field
	merged   *koanf.Koanf
	origin   map[string]Where // path → where its value comes from
	mistakes Mistakes
}

// Load reads the sources, each over the one before: defaults, file,
// environment, command line. The error is either Mistakes, with every one of
// them, or says that the file can't be read.
func Load(s Sources) (*Config, error) {
	c := Default()
	l := &loader{fields: map[string]*field{}, merged: koanf.New("."), origin: map[string]Where{}}
	for _, f := range fields(c) {
		l.fields[f.path] = &f
	}
	if s.File != "" {
		b, err := os.ReadFile(s.File)
		if err != nil {
			return nil, err
		}
		l.file(s.File, b)
	}
	l.environment(s.Environ)
	l.settings(s.Set)
	if err := l.apply(); err != nil {
		return nil, err
	}
	for path, message := range relations(c) {
		l.mistake(path, message)
	}
	if len(l.mistakes) > 0 {
		slices.SortStableFunc(l.mistakes, Mistake.before)
		return nil, l.mistakes
	}
	return c, nil
}

// layer is one set of values for koanf.
type layer map[string]any

// ReadBytes is not supported: a layer is read already.
func (layer) ReadBytes() ([]byte, error) { return nil, errors.ErrUnsupported }

// Read returns the values as nested maps.
func (l layer) Read() (map[string]any, error) { return l, nil }

// put merges one value over what is there.
func (l *loader) put(path string, v any, where Where) {
	nested := v
	keys := strings.Split(path, ".")
	for _, key := range slices.Backward(keys) {
		nested = map[string]any{key: nested}
	}
	values, ok := nested.(map[string]any)
	if !ok {
		return
	}
	if err := l.merged.Load(layer(values), nil); err != nil {
		l.mistakes = append(l.mistakes, Mistake{where, err.Error()})
		return
	}
	l.origin[path] = where
}

// environment reads the variables that belong to a setting. Others with the
// prefix are left alone: Kubernetes makes such ones for a service of this name.
func (l *loader) environment(environ []string) {
	paths := map[string]string{}
	for path := range l.fields {
		paths[EnvName(path)] = path
	}
	known := koanf.New(".")
	_ = known.Load(env.Provider(".", env.Opt{
		Prefix:      "REPLYGUARD_",
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			return paths[name], value
		},
	}), nil)
	for _, path := range known.Keys() {
		l.text(path, known.String(path), Where{Source: "environment " + EnvName(path)})
	}
}

// settings reads values of the command line.
func (l *loader) settings(set map[string]string) {
	for path, value := range set {
		if l.fields[path] == nil {
			l.mistakes = append(l.mistakes, Mistake{Where{Source: "setting " + path}, "there is no such setting" + l.suggest(path)})
			continue
		}
		l.text(path, value, Where{Source: "setting " + path})
	}
}

// text parses and puts a value that is given as text.
func (l *loader) text(path, value string, where Where) {
	v, err := l.fields[path].parse(value)
	if err != nil {
		l.mistakes = append(l.mistakes, Mistake{where, err.Error()})
		return
	}
	l.put(path, v, where)
}

// apply stores the merged values and checks each.
func (l *loader) apply() error {
	for _, path := range l.merged.Keys() {
		f := l.fields[path]
		if f == nil {
			return fmt.Errorf("setting %s is not declared", path)
		}
		v := l.merged.Get(path)
		if err := f.set(v); err != nil {
			return err
		}
		if f.check == nil {
			continue
		}
		if err := f.check(v); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				l.mistake(path, line)
			}
		}
	}
	return nil
}

// mistake reports one about the setting called path, where its value stands.
func (l *loader) mistake(path, message string) {
	where := l.origin[path]
	if where == (Where{}) {
		where.Source = "setting " + path
	}
	if where.Source != "setting "+path {
		message = path + ": " + message
	}
	l.mistakes = append(l.mistakes, Mistake{where, message})
}

// suggest returns a hint at the setting that path may have been meant to be.
func (l *loader) suggest(path string) string {
	best, least := "", 3
	for known := range l.fields {
		if d := levenshtein.ComputeDistance(path, known); d < least || d == least && known < best {
			best, least = known, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
