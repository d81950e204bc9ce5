package policy

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestVocabulary(t *testing.T) {
	tables := map[string]map[string]string{
		"Builtin": Builtin(), "Slots": Slots(), "Givens": Givens(), "RewriteSlots": RewriteSlots(),
		"moods": moodNames, "parties": partyNames, "origins": originNames,
	}
	for name, table := range tables {
		if len(table) == 0 {
			t.Errorf("%s is empty", name)
		}
		for word, meaning := range table {
			if strings.TrimSpace(meaning) == "" {
				t.Errorf("%s: %s has no meaning", name, word)
			}
			if !wordID.MatchString(word) && !ruleID.MatchString(word) && word != "1688" {
				t.Errorf("%s: %q is not a name that files can use", name, word)
			}
		}
	}
	for _, kind := range []string{"topic.", "act.", "cue."} {
		for _, word := range slices.Concat(slices.Collect(maps.Keys(builtin)), slices.Collect(maps.Keys(slotNames))) {
			if strings.HasPrefix(word, kind) {
				t.Errorf("%s could be declared by a pack", word)
			}
		}
	}
	for sense, slot := range foundSenses {
		if slotNames[slot] == "" {
			t.Errorf("%s is found by %s, which is no slot", sense, slot)
		}
	}
}

func TestVocabularyIsCopied(t *testing.T) {
	for _, table := range []func() map[string]string{Builtin, Slots, Givens, RewriteSlots} {
		clear(table())
		if len(table()) == 0 {
			t.Error("a caller can change the vocabulary")
		}
	}
}
