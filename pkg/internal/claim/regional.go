package claim

import (
	"slices"

	"github.com/replyguard/replyguard/pkg/internal/match"
)

// plain maps characters that Cantonese, Wu and northern writers use to the
// standard ones of the same meaning, so that a term written in the standard
// language is found in theirs as well: 冇得退 as 没得退, 唔可以 as 不可以.
var plain = map[rune]rune{ //nolint:gochecknoglobals // a constant table
	'冇': '没', '唔': '不', '喺': '在', '嘅': '的', '咗': '了', '佢': '他', '俾': '给', '畀': '给', '睇': '看', '揾': '找', '哋': '们',
	'嚟': '来', '攞': '拿', '嗰': '那', '乜': '啥', '仲': '还', '勿': '不', '弗': '不', '拨': '给', '俺': '我', '恁': '您', '侬': '您', '伐': '吗',
}

// plainPairs does the same for two characters that are different only together.
var plainPairs = map[[2]rune][2]rune{ //nolint:gochecknoglobals // a constant table
	{'阿', '拉'}: {'我', '们'}, {'伊', '拉'}: {'他', '们'}, {'而', '家'}: {'现', '在'}, {'依', '家'}: {'现', '在'},
	{'点', '解'}: {'为', '啥'}, {'边', '个'}: {'哪', '个'}, {'边', '度'}: {'哪', '里'}, {'几', '多'}: {'多', '少'},
	{'听', '日'}: {'明', '天'}, {'琴', '日'}: {'昨', '天'}, {'寻', '日'}: {'昨', '天'}, {'今', '朝'}: {'今', '天'}, {'明', '朝'}: {'明', '天'},
	{'啷', '个'}: {'怎', '么'}, {'咋', '个'}: {'怎', '么'}, {'啥', '子'}: {'什', '么'}, {'辰', '光'}: {'时', '候'},
	{'物', '事'}: {'东', '西'}, {'该', '搭'}: {'这', '里'}, {'此', '地'}: {'这', '里'}, {'呢', '度'}: {'这', '里'}, {'呢', '边'}: {'这', '边'},
	{'搿', '个'}: {'这', '个'}, {'迭', '个'}: {'这', '个'}, {'格', '个'}: {'这', '个'}, {'呢', '个'}: {'这', '个'},
}

// plainLows has a bit for the ten low bits of every character that appendPlain may
// change, so that most are told apart without a look into the maps.
var plainLows = func() (set [16]uint64) { //nolint:gochecknoglobals // a constant table
	for r := range plain {
		set[r>>6&15] |= 1 << (r & 63)
	}
	for p := range plainPairs {
		set[p[0]>>6&15] |= 1 << (p[0] & 63)
	}
	return set
}()

// appendPlain appends runes in the standard language. It reports whether that
// has changed anything.
func appendPlain(dst, runes []rune) ([]rune, bool) {
	from, changed := len(dst), false
	some := false
	for _, r := range runes {
		some = some || mayBeRegional(r)
	}
	if !some {
		return dst, false
	}
	dst = append(dst, runes...)
	for i := from; i < len(dst); i++ {
		if !mayBeRegional(dst[i]) {
			continue
		}
		if r, ok := plain[dst[i]]; ok {
			dst[i], changed = r, true
			continue
		}
		if i+1 < len(dst) {
			if p, ok := plainPairs[[2]rune{dst[i], dst[i+1]}]; ok {
				dst[i], dst[i+1], changed = p[0], p[1], true
				i++
			}
		}
	}
	return dst, changed
}

func mayBeRegional(r rune) bool { return plainLows[r>>6&15]>>(r&63)&1 != 0 }

// appendRegional appends the terms that runes have only in the standard
// language. What the lexicon has as it is written is left alone, whatever it
// would mean there: 唔该 thanks, and is no 不该.
func (l *Lexicon) appendRegional(sc *scratch, runes []rune) {
	var changed bool
	if sc.plain, changed = appendPlain(sc.plain[:0], runes); !changed {
		return
	}
	n := len(sc.hits)
	sc.hits = l.auto.AppendHits(sc.hits, sc.plain)
	own, kept := sc.hits[:n], n
	for _, h := range sc.hits[n:] {
		same := slices.Equal(sc.plain[h.Start:h.End], runes[h.Start:h.End])
		if same || slices.ContainsFunc(own, func(o match.Hit) bool { return o.Start == h.Start && o.End == h.End }) {
			continue
		}
		sc.hits[kept] = h
		kept++
	}
	sc.hits = sc.hits[:kept]
}
