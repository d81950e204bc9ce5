package claim

// wantsPaying reports whether the buyer wants money transferred to him, or waits
// for some from another, and transfers none himself: 你把钱转过来, 等财务给我转账. No
// answer to that is about paying the shop.
func (r *reading) wantsPaying() bool {
	in := r.allForHim()
	for i := 0; i < len(r.claims) && !in; i++ {
		c := &r.claims[i]
		if c.Topic != r.is.transfer || c.Act != r.is.pay && !r.forHim(c.word, c.End) {
			continue
		}
		if !r.forHim(c.word, c.End) && (c.Party != ByShop || !r.towards(c)) {
			return false
		}
		in = true
	}
	for i := range r.claims {
		if c := &r.claims[i]; in && (c.Topic == r.is.transfer || c.Topic == r.is.wechat && c.Act != r.is.contact) {
			c.aside = true
		}
	}
	return in
}

// allForHim reports whether every word of a transfer is one to the buyer, whatever
// else he pays: 等财务给我转账我再付给您.
func (r *reading) allForHim() bool {
	in := false
	for i := range r.items {
		if it := &r.items[i]; it.is(r.is.transfer) {
			if !r.forHim(it.start, it.end) {
				return false
			}
			in = true
		}
	}
	return in
}

// forHim reports whether the word at at, of what ends at end, has 给我 right before
// it and names no account behind it: 给我转账, and not 给我转账账号.
func (r *reading) forHim(at, end int) bool {
	runes := r.text.Runes()
	if at+1 < len(runes) && runes[at] == '给' {
		at += 2
	}
	if at < 2 || r.text.GapBefore(at) != 0 || runes[at-2] != '给' || runes[at-1] != '我' {
		return false
	}
	for _, x := range runes[at:min(end+4, len(runes))] {
		switch x {
		case '号', '码', '方', '链', '信':
			return false
		}
	}
	return true
}

// towards reports whether what the buyer's claim tells of comes to himself: 转过来,
// 打给我.
func (r *reading) towards(c *Claim) bool {
	for _, x := range r.text.Runes()[c.Start:min(c.End+2, r.text.Len())] {
		if x == '来' || x == '我' {
			return true
		}
	}
	return false
}
