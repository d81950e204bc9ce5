package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// file reads the values of a YAML file. What it does not know is a mistake.
func (l *loader) file(name string, b []byte) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	if err := d.Decode(&doc); err != nil {
		if !errors.Is(err, io.EOF) { // an empty file sets nothing
			l.mistakes = append(l.mistakes, Mistake{Where{Source: name}, strings.TrimPrefix(err.Error(), "yaml: ")})
		}
		return
	}
	if d.Decode(new(yaml.Node)) == nil {
		l.mistakes = append(l.mistakes, Mistake{Where{Source: name}, "a second document: the file has one"})
	}
	if len(doc.Content) == 1 && doc.Content[0].Tag != "!!null" {
		l.object(name, "", doc.Content[0])
	}
}

// object reads mapping n, whose settings begin with prefix.
func (l *loader) object(name, prefix string, n *yaml.Node) {
	n = target(n)
	if n.Kind != yaml.MappingNode {
		l.at(name, n, "want settings, one a line")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], target(n.Content[i+1])
		path := prefix + key.Value
		switch f := l.fields[path]; {
		case seen[path]:
			l.at(name, key, "%s is set twice", path)
		case f != nil:
			l.value(name, f, key, value)
		case l.isSection(path):
			if value.Tag != "!!null" {
				l.object(name, path+".", value)
			}
		default:
			l.at(name, key, "there is no setting %s%s", path, l.suggest(path))
		}
		seen[path] = true
	}
}

// value reads the value of f.
func (l *loader) value(name string, f *field, key, n *yaml.Node) {
	if n.Tag == "!!null" {
		return // the key alone: the default
	}
	v, err := f.decode(n)
	if err != nil {
		l.at(name, n, "%s: %v", f.path, err)
		return
	}
	l.put(f.path, v, Where{name, key.Line, key.Column})
}

// decode reads n as a value of f's type. A number is not taken for a string
// where YAML says that it is one, except that scalars may be strings.
func (f *field) decode(n *yaml.Node) (any, error) {
	if _, list := f.to.(*[]string); list {
		items := []string{}
		if n.Kind != yaml.SequenceNode {
			return nil, errors.New("want a list")
		}
		for _, item := range n.Content {
			if item = target(item); item.Kind != yaml.ScalarNode {
				return nil, errors.New("want a list of strings")
			}
			items = append(items, item.Value)
		}
		return items, nil
	}
	if n.Kind != yaml.ScalarNode {
		return nil, errors.New("want one value")
	}
	return f.parse(n.Value)
}

func (l *loader) isSection(path string) bool {
	for known := range l.fields {
		if strings.HasPrefix(known, path+".") {
			return true
		}
	}
	return false
}

// at reports a mistake at node n.
func (l *loader) at(name string, n *yaml.Node, format string, args ...any) {
	l.mistakes = append(l.mistakes, Mistake{Where{name, n.Line, n.Column}, fmt.Sprintf(format, args...)})
}

// target returns what n stands for.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}
