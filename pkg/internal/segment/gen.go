//go:build ignore

// Gen writes words.txt, the dictionary of package segment: the most frequent
// words of gse's own Chinese dictionary, more of them where a character hides
// that the lexicon looks for, single characters with a frequency that fits
// their words, and the vocabulary of shop.txt. See NOTICE for the sources.
//
//	go run gen.go -gse "$(go list -m -f '{{.Dir}}' github.com/go-ego/gse)"
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/replyguard/replyguard/pkg/internal/text"
)

const (
	common     = 24000 // words taken for their frequency alone
	minHiding  = 15    // frequency from which a word is taken for what it hides
	shopWeight = 3000  // least frequency of a word of shop.txt that gives none
	maxRunes   = 4

	// charShare is the part of a character's occurrences in words that it
	// stands alone at least. The source has counts that are far too low for
	// some (开 12, 没 4).
	charShare = 1.0 / 12
)

// hiding are characters that are terms of a lexicon, or parts of short ones,
// so that the words which hold them for another reason are worth knowing.
const hiding = "票条开关加退发付有没钱税群号微扣补卡单点寄改返赔转收换差评库货扫码汇假真仿高邮运送店网线下包送贴查告封删撤取消延到达今明"

func main() {
	dir := flag.String("gse", "", "the folder of the module github.com/go-ego/gse")
	out := flag.String("o", "words.txt", "the file to write")
	flag.Parse()
	all := read(filepath.Join(*dir, "data/dict/zh/s_1.txt"), 0)
	if len(all) < 100000 {
		log.Fatalf("gse's dictionary has only %d words", len(all))
	}
	shop := read("shop.txt", shopWeight)
	kept := keep(all, shop)
	if err := os.WriteFile(*out, write(kept), 0o644); err != nil {
		log.Fatal(err)
	}
}

// read returns the words of file in normal form with their frequencies. A
// line is a word, or several with one frequency at the end; # begins a
// comment, and a frequency of 0 takes a word out.
func read(file string, weight float64) map[string]float64 {
	data, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	words := map[string]float64{}
	sc := bufio.NewScanner(bytes.NewReader(data))
	for sc.Scan() {
		line, _, _ := strings.Cut(sc.Text(), "#")
		f := weight
		for _, field := range slices.Backward(strings.Fields(line)) {
			if n, err := strconv.ParseFloat(field, 64); err == nil {
				f = n
				continue
			}
			t := text.Normalize(field)
			if w := string(t.Runes()); isHan(w) {
				words[w] = max(words[w], f)
			}
		}
	}
	return words
}

func isHan(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

// keep chooses the words of all, adds those of shop, and gives every
// character of them its frequency.
func keep(all, shop map[string]float64) map[string]float64 {
	order := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[b], all[a]), strings.Compare(a, b))
	})
	kept := map[string]float64{}
	for _, w := range order {
		n := utf8.RuneCountInString(w)
		if n < 2 || n > maxRunes {
			continue
		}
		if len(kept) < common || all[w] >= minHiding && strings.ContainsAny(w, hiding) {
			kept[w] = all[w]
		}
	}
	for w, f := range shop {
		if f == 0 {
			delete(kept, w)
			continue
		}
		if f == shopWeight {
			f = max(f, all[w])
		}
		kept[w] = f
	}
	inWords := map[rune]float64{}
	for w, f := range kept {
		for _, r := range w {
			inWords[r] += f
		}
	}
	for r, f := range inWords {
		c := string(r)
		if shop[c] == 0 {
			kept[c] = max(all[c], f*charShare, 2)
		}
	}
	return kept
}

// write returns the dictionary: words first by frequency, then by spelling.
func write(words map[string]float64) []byte {
	order := slices.SortedFunc(maps.Keys(words), func(a, b string) int {
		return cmp.Or(cmp.Compare(words[b], words[a]), strings.Compare(a, b))
	})
	var b bytes.Buffer
	for _, w := range order {
		fmt.Fprintf(&b, "%s %.0f\n", w, words[w])
	}
	return b.Bytes()
}
