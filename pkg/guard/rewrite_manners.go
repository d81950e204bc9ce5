package guard

import "github.com/replyguard/replyguard/pkg/internal/claim"

// manners are the senses and words by which rewriting tells clauses apart. A
// sense that the pack does not declare is left out.
type manners struct {
	words phrasebook

	charge                                                claim.Sense
	address, buyer, particle, wangwang, diff, superlative claim.Sense
	costs, care, light                                    claim.Set // topics
	reasons, figures, entities, cues                      claim.Set
	answers, negations, empty                             claim.Set
}

func newManners(v *claim.Vocab) manners {
	set := func(names ...string) claim.Set {
		var out claim.Set
		for _, n := range names {
			if s := v.Sense(n); s != 0 {
				out.Add(s)
			}
		}
		return out
	}
	return manners{
		words:  newPhrasebook(),
		charge: v.Sense("act.charge"), address: v.Sense("address"), buyer: v.Sense("party.buyer"), particle: v.Sense("particle"),
		wangwang: v.Sense("topic.wangwang"), diff: v.Sense("topic.diff"), superlative: v.Sense("topic.superlative"),
		costs: set("topic.tax", "topic.fee", "topic.postage", "topic.diff"),
		care: set("topic.fault", "topic.liability", "topic.aftersales", "topic.shipment", "topic.stock", "topic.gift",
			"topic.insult", "topic.threat", "topic.complaint"),
		light: set("topic.goods", "topic.order", "topic.price"),
		reasons: set("cue.excuse", "cue.small_amount", "cue.special_price", "cue.platform_fee", "cue.cheaper", "cue.blame",
			"cue.blame_soft", "cue.pressure", "cue.unreachable", "cue.account_id", "cue.reward", "cue.untaxed", "cue.lure"),
		figures:  set("money", "percent", "number", "cue.figure"),
		entities: set("entity.phone", "entity.id", "entity.qq", "entity.wechat", "entity.link", "entity.email", "entity.bankcard"),
		answers: set("answer.yes", "answer.no", "answer.agree", "answer.deny", "answer.need", "answer.noneed", "neg.before",
			"neg.after", "neg.need"),
		negations: set("answer.no", "answer.deny", "answer.noneed", "neg.before", "neg.after", "neg.need"),
		empty:     set("particle", "filler", "address", "party.buyer", "party.shop", "pronoun", "pointer", "mood.hedge"),
	}
}
