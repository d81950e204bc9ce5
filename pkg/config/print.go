package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// YAML returns c as a file. With comments it is the commented file that ships
// as configs/replyguard.yaml; secrets are never printed.
func (c *Config) YAML(comments bool) string {
	var b strings.Builder
	defaults := fields(Default())
	helps := map[string]string{}
	for _, s := range sections() {
		helps[s.path] = s.help
	}
	open := ""
	for i, f := range fields(c) {
		group, name, nested := strings.Cut(f.path, ".")
		indent := ""
		if nested {
			indent = "  "
		} else {
			group, name = "", f.path
		}
		if group != open {
			if comments {
				fmt.Fprintf(&b, "\n%s", comment("", helps[group]))
			}
			fmt.Fprintf(&b, "%s:\n", group)
			open = group
		}
		if comments {
			b.WriteString(comment(indent, describe(&f, &defaults[i])))
		}
		fmt.Fprintf(&b, "%s%s: %s\n", indent, name, f.shown())
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// describe returns the help of f with its unit and default.
func describe(f, def *field) string {
	s := f.help + " "
	if f.unit != "" && f.unit != "duration" {
		s += "In " + f.unit + ". "
	}
	return s + "Default: " + def.shown() + "."
}

// comment wraps text into lines that start with indent and #.
func comment(indent, text string) string {
	const width = 100
	var b strings.Builder
	line := indent + "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = indent + "#"
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}

// shown returns the value of f as it stands in a file.
func (f *field) shown() string {
	if f.secret && f.get() != "" {
		return `"***"`
	}
	switch v := f.get().(type) {
	case string:
		if v == "" || strings.ContainsAny(v, ":#{}[],&*!|>'\"%@` ") || looksTyped(v) {
			return strconv.Quote(v)
		}
		return v
	case time.Duration:
		return v.String()
	case []string:
		quoted := make([]string, len(v))
		for i, item := range v {
			quoted[i] = strconv.Quote(item)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

// looksTyped reports whether YAML would not read s as a string.
func looksTyped(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return true
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "~":
		return true
	}
	return false
}

// Markdown returns the table of all settings for the README.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, f := range fields(Default()) {
		help := f.help
		if f.unit != "" && f.unit != "duration" {
			help += " In " + f.unit + "."
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", f.path, f.shown(), strings.ReplaceAll(help, "|", "\\|"))
	}
	return b.String()
}
