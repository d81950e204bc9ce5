package text

import (
	"slices"
	"testing"
	"unicode/utf8"
)

func TestToTraditional(t *testing.T) {
	for _, tt := range []struct{ simplified, want string }{
		{"", ""},
		{"亲", "親"},
		{"abc 123 😊", "abc 123 😊"},
		{"发票可以开具的，如未随货，后期给您补寄", "發票可以開具的，如未隨貨，後期給您補寄"},
		{"邮费由我们承担", "郵費由我們承擔"},
		{"里面", "裡面"},
		{"后期", "後期"},
		{"价格面议", "價格面議"},
		{"发货", "發貨"},
		{"头发", "頭髮"},
		{"请尽快联系客服", "請儘快聯繫客服"},
		{"只要一只", "只要一隻"},
		{"这款不能干洗", "這款不能乾洗"},
		{"平台和台湾", "平台和台灣"},
		{"系统关系", "系統關係"},
		{"定制的商品", "定製的商品"},
		{"我们会尽量为您争取", "我們會儘量為您爭取"},
		{"签收后有问题请联系旺旺", "簽收後有問題請聯繫旺旺"},
		{"已是繁體，發票", "已是繁體，發票"},
		{"\xff坏", "\xff壞"},
		{"回复", "回覆"},
		{"复制", "複製"},
		{"恢复正常", "恢復正常"},
		{"支付宝", "支付寶"},
		{"店铺首页的公示里", "店鋪首頁的公示裡"},
	} {
		if got := ToTraditional(tt.simplified); got != tt.want {
			t.Errorf("ToTraditional(%q) = %q, want %q", tt.simplified, got, tt.want)
		}
	}
}

// TestTraditionalTables checks what lookupTrad relies on.
func TestTraditionalTables(t *testing.T) {
	for n := 1; n <= maxPhrase; n++ {
		table := tradTable(n)
		entry := 2 * n * hanWidth
		if table == "" || len(table)%entry != 0 {
			t.Fatalf("the table of length %d has %d bytes, want a multiple of %d", n, len(table), entry)
		}
		var keys []string
		for i := 0; i < len(table); i += entry {
			keys = append(keys, table[i:i+entry/2])
			if rs := utf8.RuneCountInString(table[i : i+entry]); rs != 2*n {
				t.Fatalf("entry %q has %d characters, want %d", table[i:i+entry], rs, 2*n)
			}
		}
		if !slices.IsSorted(keys) || len(slices.Compact(keys)) != len(table)/entry {
			t.Errorf("the table of length %d is not sorted or holds a key twice", n)
		}
	}
}

func BenchmarkToTraditional(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ToTraditional("发票可以开具的，按实付商品金额开，如未随货，后期给您补寄，邮费由我们承担")
	}
}
