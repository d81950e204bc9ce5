package guard

import "github.com/replyguard/replyguard/pkg/verdict"

// A node is a number of points from which a platform acts (POLICY.md, node
// penalties of sources P and S).
type node struct {
	points      int
	consequence string
}

// generalNodes are the nodes of general violations. Every twelve points cost
// the same; the higher nodes add to it.
func generalNodes() []node {
	return []node{
		{12, "限制参加营销活动7天，违约金¥10,000"},
		{24, "限制参加营销活动7天，店铺监管7天，违约金¥10,000"},
		{36, "限制参加营销活动7天，违约金¥10,000"},
		{48, "限制参加营销活动7天，店铺监管28天，违约金¥10,000"},
	}
}

// seriousNodes are the nodes of serious violations.
func seriousNodes() []node {
	return []node{
		{12, "店铺屏蔽7天，违约金¥20,000"},
		{24, "下架全部商品，店铺屏蔽14天，违约金¥30,000"},
		{36, "关闭店铺21天，违约金¥40,000"},
		{48, "清退"},
	}
}

// exposure says which node the reply would reach for a shop whose points are
// known. Of several findings the one with the most points counts, serious
// before general; of several nodes crossed at once only the heaviest.
func (s *situation) exposure(out *Result) *verdict.Exposure {
	if s.facts.Points == nil {
		return nil
	}
	var worst verdict.Penalty
	for _, f := range out.Violations {
		p := f.Penalty
		if p.Points > 0 && (p.Kind == "serious" && worst.Kind != "serious" || p.Kind == worst.Kind && p.Points > worst.Points || worst.Points == 0) {
			worst = p
		}
	}
	if worst.Points == 0 {
		return nil
	}
	before, nodes := s.facts.Points.General, generalNodes()
	if worst.Kind == "serious" {
		before, nodes = s.facts.Points.Serious, seriousNodes()
	}
	x := &verdict.Exposure{Kind: worst.Kind, Before: before, After: before + worst.Points}
	for _, n := range nodes {
		if before < n.points && x.After >= n.points {
			x.Node, x.Consequence = n.points, n.consequence
		}
	}
	return x
}
