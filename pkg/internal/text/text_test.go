package text

import "testing"

func TestNormalize(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"發票 開立 收據 裡面 乾淨 瞭解", "发票开立收据里面干净了解"},
		{"1️⃣3️⃣８①⑫❸", "1381123"},
	} {
		x := Normalize(tt.in)
		if got := string(x.Runes()); got != tt.want {
			t.Errorf("Normalize(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
