package guard_test

import (
	"context"
	"fmt"

	"github.com/replyguard/replyguard/configs"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/policy"
)

func mustGuard() *guard.Guard {
	pack, err := policy.Load(configs.Pack)
	if err != nil {
		panic(err)
	}
	g, err := guard.New(pack, guard.Config{})
	if err != nil {
		panic(err)
	}
	return g
}

// A reply is judged by itself or in its conversation: the same words are fine
// after one question and cost six points after another.
func ExampleGuard_Check() {
	g := mustGuard()
	for _, question := range []string{"这款有异味吗", "有发票吗"} {
		res, err := g.Check(context.Background(), guard.Input{
			Reply: "亲，没有哦",
			Conversation: guard.Conversation{Messages: []guard.Message{
				{From: guard.Buyer, Text: question},
			}},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(question, res.Decision)
		for _, v := range res.Violations {
			fmt.Println(v.Rule, v.Penalty.Points, v.Spans[0].Text)
		}
	}
	// Output:
	// 这款有异味吗 allow
	// 有发票吗 block
	// invoice.refuse 6 没有
}

// Facts of the shop decide what a word costs.
func ExampleInput() {
	g := mustGuard()
	no := false
	for _, facts := range []guard.Facts{{}, {COD: &no}} {
		res, err := g.Check(context.Background(), guard.Input{Reply: "本店不支持货到付款的", Facts: facts})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(res.Decision)
	}
	// Output:
	// block
	// allow
}
