package policy

import "maps"

// The tables below are the words of the pattern language besides the senses.
// Each maps a name to what it means, in English.

// slotNames are the features that the claim reader finds without a lexicon:
// numbers, times and entities. Patterns use them like senses, entries cannot.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var slotNames = map[string]string{
	"money":                "an amount of money: 20元 五块 ¥9.9",
	"percent":              "a share: 6% 八折 十个点",
	"amounts.differ":       "two different amounts in one message: 实付198，发票开298",
	"number":               "a number that is neither money nor a share nor a time",
	"time.day":             "a definite day or moment: 今天 明天下午 周五 12号",
	"time.hours":           "a definite number of hours: 48小时 24小时内",
	"time.range":           "a range or estimate of days: 3到5天 一两天",
	"time.clock":           "a time of day: 16:00 下午四点",
	"entity.phone":         "a phone number in any spelling that is not the shop's listed one",
	"entity.qq":            "a QQ number beside a QQ cue",
	"entity.wechat":        "a WeChat id beside a WeChat cue",
	"entity.email":         "an e-mail address",
	"entity.link":          "a link to a host that is neither the platform's nor the shop's",
	"entity.bankcard":      "a bank card or account number",
	"entity.id":            "an account or number of another kind",
	"entity.hotline":       "a public hotline of a courier, a bank, the platform or an authority: 95338 12315",
	"entity.own_phone":     "one of the shop's listed service numbers (fact service_phones)",
	"entity.own_link":      "a link to the platform's own domains or the shop's own pages (fact own_links)",
	"entity.order_phone":   "the recipient's phone number of the order",
	"entity.order_name":    "the recipient's name of the order",
	"entity.order_address": "the recipient's address of the order, or a part of it",
	"spelling.hidden":      "a term spelled so as to hide it: 薇信 发piao 加V",
}

// givenNames are the conditions on facts, order and conversation that given
// may ask for; a "!" before the name negates it.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var givenNames = map[string]string{
	"cod_offered":              "cash on delivery is offered, or nothing says that it is not",
	"card_offered":             "credit cards are accepted, or nothing says that they are not",
	"cod_known":                "the fact cod says that cash on delivery is offered",
	"card_known":               "the fact credit_card says that credit cards are accepted",
	"cod_order":                "the order is paid on delivery",
	"order_unpaid":             "the order's status is unpaid",
	"order_paid":               "the order's status is paid",
	"order_shipped":            "the order's status is shipped",
	"order_received":           "the order's status is received",
	"order_refunding":          "the order's status is refunding",
	"order_closed":             "the order's status is closed",
	"same_account":             "the chat's account placed the order",
	"other_account":            "another account than the chat's placed the order",
	"account_unknown":          "it is not known which account placed the order or chats",
	"custom_item":              "an item of the order is made to order",
	"free_shipping_none":       "no item is sold with free shipping",
	"free_shipping_mainland":   "free shipping holds for the whole mainland",
	"free_shipping_listed":     "free shipping holds for the listed regions only",
	"free_shipping_unknown":    "the scope of free shipping is not known",
	"destination_in_scope":     "the destination is within the scope of free shipping",
	"destination_out_of_scope": "the destination is outside the scope of free shipping",
	"destination_unknown":      "the destination, or whether it is in scope, is not known",
	"freeship_claimed":         "the title, the facts or the chat say that the item is free shipping",
	"listed_courier":           "the courier talked about is one that free shipping uses",
	"other_courier":            "the courier talked about is not one that free shipping uses",
	"unanswered_3":             "the last three messages or more are the seller's, without an answer",
	"refund_talk":              "the conversation is about a refund, a review or a complaint",
	"cutoff_known":             "the fact dispatch_cutoff is known",
	"window_kept":              "the time named is no shorter than the shop's dispatch window",
	"platform_1688":            "the platform is 1688",
	"legal_known":              "the fact legal_representative is known",
	"legal_matches":            "the name given is the known legal representative's",
	"reissue_days_known":       "the fact invoice_reissue_days is known",
	"small_order":              "the order's amount is small",
	"first_question":           "the buyer's message is the first of the conversation",
	"address_incomplete":       "the recipient's address is incomplete",
	"phone_incomplete":         "the recipient's phone is missing or malformed",
	"amount_large":             "the order's amount is large",
	"order_known":              "the order's status is known",
	"category_sold":            "an invoice category that is named is part of what was sold",
	"service_phone_known":      "the fact service_phones is known",
}

// rewriteSlots are the facts that a rewrite may name in braces, such as
// {amount}. A rewrite with a slot whose fact is unknown is not used.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var rewriteSlots = map[string]string{
	"reissue_days":         "days within which an invoice is posted later (fact invoice_reissue_days)",
	"service_phone":        "the first of the shop's listed numbers (fact service_phones)",
	"legal_representative": "the fact legal_representative",
	"amount":               "the order's amount in CNY",
	"ship_hours":           "the shop's dispatch window in hours (fact ship_within_hours)",
	"cutoff":               "the fact dispatch_cutoff, such as 16:00",
}

// moodNames are the moods of a claim.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var moodNames = map[string]string{
	"assert":    "says that it is so; the default of a pattern",
	"offer":     "proposes it in the form of a question",
	"question":  "asks whether it is so",
	"condition": "supposes that it is so",
	"report":    "repeats somebody else's words or doings",
	"forbid":    "warns against it",
}

// partyNames are those who pay or act in a claim.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var partyNames = map[string]string{
	"buyer": "the buyer",
	"shop":  "the shop",
	"other": "anybody else",
	"none":  "nobody is named",
}

// originNames tell where a claim's topic comes from.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var originNames = map[string]string{
	"explicit":  "the claim's own clause names it",
	"inherited": "an earlier clause of the same reply names it",
	"continued": "the seller's own previous message names it",
	"answer":    "the buyer's question names it",
}

// foundSenses are declared senses that the claim reader sees in entities and
// constructions, without a term of the lexicon.
//
//nolint:gochecknoglobals // a table of the language the files are written in
var foundSenses = map[string]string{
	"topic.phone":     "entity.phone",
	"topic.qq":        "entity.qq",
	"topic.wechat":    "entity.wechat",
	"topic.messenger": "entity.email",
	"topic.othershop": "entity.link",
	"topic.transfer":  "entity.bankcard",
	"topic.recipient": "entity.order_address",
}

// Builtin returns the senses that entries and patterns may use without
// declaring them, with what each means in English.
func Builtin() map[string]string { return maps.Clone(builtin) }

// Slots returns the features that patterns may use besides senses, with what
// each means in English.
func Slots() map[string]string { return maps.Clone(slotNames) }

// Givens returns the named conditions of given, with what each means in
// English.
func Givens() map[string]string { return maps.Clone(givenNames) }

// RewriteSlots returns the facts that a rewrite may name in braces, with what
// each means in English.
func RewriteSlots() map[string]string { return maps.Clone(rewriteSlots) }
