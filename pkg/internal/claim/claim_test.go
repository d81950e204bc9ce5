package claim

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/replyguard/replyguard/pkg/policy"
)

// testSenses and testLexicon are a language small enough to see what the
// reader does with it; the shipped lexicon is tested by the rules' examples.
func testSenses() policy.Senses {
	declared := func(ids ...string) []policy.Declared {
		var out []policy.Declared
		for _, id := range ids {
			out = append(out, policy.Declared{ID: id, Name: id})
		}
		return out
	}
	return policy.Senses{
		Topics: declared("invoice", "receipt", "tax", "card", "wechat", "qq", "transfer", "order", "shipment", "goods", "postage",
			"escrow", "fake", "phone", "recipient", "fault", "insult", "noreason"),
		Acts: declared("provide", "issue", "charge", "bear", "close", "ship", "arrive", "contact", "pay", "block", "return", "refund", "give"),
		Cues: declared("excuse", "nudge"),
	}
}

func testLexicon() []policy.Entry {
	list := func(is string, terms ...string) policy.Entry {
		e := policy.Entry{Is: strings.Fields(is)}
		for _, t := range terms {
			e.Terms = append(e.Terms, policy.Term{Text: t})
		}
		return e
	}
	not := func(e policy.Entry, words ...string) policy.Entry {
		for _, w := range words {
			e.Not = append(e.Not, policy.Term{Text: w})
		}
		return e
	}
	weak := func(e policy.Entry) policy.Entry { e.Weak = true; return e }
	spell := func(e policy.Entry) policy.Entry { e.Spell = true; return e }
	return []policy.Entry{
		spell(not(list("topic.invoice", "发票"), "发票夹")),
		weak(list("topic.invoice", "票")),
		list("topic.receipt", "收据"), list("topic.tax", "税点"), list("topic.card", "信用卡"), list("topic.postage", "邮费"),
		spell(list("topic.wechat", "微信")), not(list("topic.qq", "qq"), "qq糖"), list("topic.order light", "这单"), list("topic.order", "订单"),
		list("topic.goods", "这款"), list("topic.escrow", "支付宝"), list("topic.fake", "高仿"), list("topic.fault", "异味"), list("topic.phone", "手机号"),
		list("topic.transfer act.pay", "转账"), list("topic.invoice act.issue", "开票"),
		list("act.provide", "提供", "支持", "接受", "用", "走"), list("act.issue act.provide", "开"), list("act.provide act.bear", "出"),
		list("act.provide", "给"), list("act.charge", "另收", "加钱"), list("act.bear", "承担"), list("act.close", "关闭", "取消"),
		list("act.ship", "发货", "发"), list("act.contact", "加"), list("act.pay", "付"), list("act.block", "不允许"),
		list("neg.before", "不", "没有", "不会", "不能", "没"), list("neg.after", "不了", "不到"), list("neg.need", "不用", "不需要"),
		list("answer.yes", "可以", "能", "有"), list("answer.no", "没法子", "免了"), list("answer.agree", "对的", "嗯", "是"), list("answer.deny", "不是"),
		list("answer.need", "要的"), list("answer.noneed", "不要钱"), list("cue.excuse", "维修", "没说过"), list("act.provide act.charge", "收"), list("party.shop answer.noneed", "算我的"),
		list("mood.question", "吗", "有没有", "多少", "谁", "是不是"), list("mood.offer", "行吗", "好吗"), list("mood.rhetoric", "怎么会"),
		list("mood.condition", "如果", "的话", "就算"), list("mood.report", "您说", "有人"), list("mood.forbid", "请勿"), list("mood.hedge", "尽量"), list("mood.else", "自己"),
		list("party.buyer", "您"), list("party.shop", "我们"), list("party.other", "快递"),
		list("time.day", "明天"), list("unit.money", "元", "块"), list("unit.percent", "个点"), list("unit.hour", "小时"), list("unit.day", "天"), list("unit.clock", "点"),
		list("particle", "哦", "呢", "的"), list("address", "亲"), list("boundary", "不过", "因为"), list("pointer", "刚才"), list("cue.nudge", "在吗"),
		list("mask", "没有问题", "不好意思"),
		list("ref.first", "前者", "第一个"), list("ref.second", "后者", "第二个"), list("ref.other", "另外那个"), list("ref.both", "两样"), list("ref.such", "这种事"),
		list("mood.only", "只", "只有", "只剩"), list("mood.help", "随时", "有什么问题"), list("mood.past", "前两天"), list("pronoun", "那个"),
		list("answer.yes topic.invoice", "支持开票"), list("answer.no neg.before topic.wechat", "没用微信"), list("answer.no neg.before topic.qq", "没用qq"), weak(list("topic.tax", "票税点")), list("act.contact", "找"), list("party.buyer", "您们"),
		list("act.return topic.fault", "退货"), list("act.refund", "补"), list("act.give", "送"), list("answer.yes", "好滴", "行", "没错"), list("answer.deny", "不会的", "没这规矩", "怎能", "不至于"),
		list("answer.no", "唔得", "断"), list("answer.no topic.goods", "缺", "卖完了"), list("answer.need", "一定要"), list("party.shop", "这儿"), list("topic.insult", "傻子"), list("topic.noreason", "无理由"),
		list("answer.agree", "说中了"), list("act.contact", "上"), list("topic.goods", "这款"),
	}
}

func testReader(tb testing.TB) *Reader {
	tb.Helper()
	v, err := NewVocab(testSenses())
	if err != nil {
		tb.Fatal(err)
	}
	words := slices.Values([]string{"出来", "开心", "发现", "给力"})
	lex, err := CompileLexicon(v, testLexicon(), map[rune][]string{'微': {"薇", "v"}}, words)
	if err != nil {
		tb.Fatal(err)
	}
	return NewReader(lex, nil)
}

// talk makes a conversation of lines that begin with b: or s:.
func talk(lines string) []Message {
	var out []Message
	for l := range strings.SplitSeq(lines, "/") {
		if from, text, ok := strings.Cut(l, ":"); ok {
			out = append(out, Message{Seller: strings.TrimSpace(from) == "s", Text: text})
		}
	}
	return out
}

// read returns the claims of a reply that are about something, each once.
func read(rd *Reader, before []Message, reply string, k *Known) []string {
	r := rd.Read(reply, before, k)
	defer rd.Release(r)
	var out []string
	for _, c := range r.Claims() {
		if s := c.Describe(rd.lex.vocab); c.Topic != 0 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func TestRead(t *testing.T) {
	rd := testReader(t)
	tests := []struct {
		name, before, reply string
		want                []string // every one must be among the claims
		not                 []string // none may be
	}{
		{name: "bare negator and its object", reply: "没有发票", want: []string{"{invoice, provide, negative}"}},
		{name: "topic before", reply: "发票我们没有哦", want: []string{"{invoice, provide, negative, by shop}"}},
		{name: "negated act", reply: "发票不提供", want: []string{"{invoice, provide, negative}"}},
		{name: "complement", reply: "发票开不了", want: []string{"{invoice, issue, negative}"}},
		{name: "complement of an unknown verb", reply: "发票弄不了", want: []string{"{invoice, provide, negative}"}},
		{name: "refusal by itself", reply: "发票就免了", want: []string{"{invoice, provide, negative}"}},
		{name: "granted", reply: "可以开发票的", want: []string{"{invoice, issue, positive}"}, not: []string{"{invoice, provide, negative}"}},
		{name: "double negation", reply: "发票不会不给您开", want: []string{"{invoice, issue, positive}"}, not: []string{"{invoice, issue, negative}"}},
		{name: "rhetoric", reply: "怎么会没有发票呢", want: []string{"{invoice, provide, positive}"}},
		{name: "unknown word is not refused", reply: "发票不掉色", not: []string{"{invoice, provide, negative}"}},
		{name: "mask", reply: "发票没有问题", not: []string{"{invoice, provide, negative}"}},
		{name: "look-alike", reply: "发票夹没有了", not: []string{"{invoice, provide, negative}"}},
		{name: "look-alike of another topic", reply: "qq糖可以", not: []string{"{qq, provide, positive}"}},
		{name: "inside an ordinary word", reply: "发票出来了", not: []string{"{invoice, provide, positive}"}},
		{name: "condition", reply: "如果没有发票", want: []string{"{invoice, provide, negative, condition}"}},
		{name: "what comes of a condition", reply: "如果能用就加微信", want: []string{"{wechat, contact, positive}"}},
		{name: "what somebody does of a condition", reply: "如果能用我们就加微信", want: []string{"{wechat, contact, positive, by shop}"}},
		{name: "nothing supposed before 就", reply: "如果就加微信", want: []string{"{wechat, contact, positive, condition}"}},
		{name: "condition gives the topic", reply: "开票的话另收8块", want: []string{"{invoice, charge, positive, inherited}"}},
		{name: "a clause of time", reply: "订单取消以后发票给您开", want: []string{"{order, close, positive, condition}", "{invoice, issue, positive}"}},
		{name: "report", reply: "您说没有发票", want: []string{"{invoice, provide, negative, report, by buyer}"}},
		{name: "warning", reply: "请勿转账", want: []string{"{transfer, pay, positive, forbid}"}},
		{name: "question", reply: "有发票吗", want: []string{"{invoice, provide, positive, question}"}},
		{name: "offer", reply: "加微信好吗", want: []string{"{wechat, contact, positive, offer}"}},
		{name: "the buyer bears", reply: "税点您承担", want: []string{"{tax, charge, positive, by buyer}"}},
		{name: "the shop bears", reply: "税点我们承担", want: []string{"{tax, charge, negative, by shop}"}},
		{name: "not the buyer", reply: "税点不需要您承担", want: []string{"{tax, charge, negative, by buyer}"}},
		{name: "ambiguous word on a cost", reply: "邮费您出", want: []string{"{postage, charge, positive, by buyer}"}, not: []string{"{postage, provide, positive, by buyer}"}},
		{name: "ambiguous word on a paper", reply: "发票我们不出", want: []string{"{invoice, provide, negative, by shop}"}},
		{name: "prohibition", reply: "不允许加微信", want: []string{"{wechat, contact, negative}"}},
		{name: "act as a thing", reply: "转账我们不接受", want: []string{"{transfer, provide, negative, by shop}"}, not: []string{"{transfer, pay, positive, by shop}"}},
		{name: "light topic gives way", reply: "这款不支持信用卡", want: []string{"{card, provide, negative}"}},
		{name: "for whom is not who", reply: "帮您取消订单", want: []string{"{order, close, positive}"}},
		{name: "who does it", reply: "您自己取消订单", want: []string{"{order, close, positive, by buyer}"}},
		{name: "home topic", reply: "我们不发货", want: []string{"{shipment, ship, negative, by shop}"}},
		{name: "pinyin", reply: "没有fapiao", want: []string{"{invoice, provide, negative}"}},
		{name: "sound-alike", reply: "加薇信", want: []string{"{wechat, contact, positive}"}},
		{name: "inserted", reply: "没有发·票", want: []string{"{invoice, provide, negative}"}},
		{name: "traditional", reply: "沒有發票", want: []string{"{invoice, provide, negative}"}},
		{name: "phone", reply: "打13800138000", want: []string{"{phone, positive}"}},
		{name: "phone in Chinese figures", reply: "幺三八零零幺三八零零零", want: []string{"{phone, positive}"}},
		{name: "waybill is no phone", reply: "单号73138001380001", not: []string{"{phone, positive}"}},
		{name: "object right behind", reply: "收据不提供发票", want: []string{"{invoice, provide, negative}"}},
		{name: "own topic is not shared", reply: "发票转账", not: []string{"{invoice, pay, positive}"}},
		{name: "turned by its end", reply: "发票不给您开是没法子的", want: []string{"{invoice, issue, positive}"}},
		{name: "phone in pieces", before: "b:怎么找你/s:138/s:0013", reply: "8000", want: []string{"{phone, positive}"}},

		{name: "answered no", before: "b:有发票吗", reply: "没有哦", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "answered yes", before: "b:有发票吗", reply: "有的", want: []string{"{invoice, provide, positive, answer}"}},
		{name: "agreed to a negative", before: "b:不能用信用卡吗", reply: "对的", want: []string{"{card, provide, negative, answer}"}},
		{name: "denied a negative", before: "b:不能用信用卡吗", reply: "不是", want: []string{"{card, provide, positive, answer}"}},
		{name: "granted what was doubted", before: "b:不能用信用卡吗", reply: "可以", want: []string{"{card, provide, positive, answer}"}},
		{name: "modal over negation", before: "b:能不走支付宝吗", reply: "不能哦", want: []string{"{escrow, provide, positive, answer}"}},
		{name: "asked at the end", before: "b:发票能开不", reply: "可以", want: []string{"{invoice, issue, positive, answer}"}},
		{name: "need", before: "b:开票要加钱吗", reply: "要的", want: []string{"{invoice, charge, positive, answer}"}},
		{name: "who pays", before: "b:邮费谁承担", reply: "您自己", want: []string{"{postage, charge, positive, by buyer, answer}"}},
		{name: "tag question", before: "b:我转账给你，行吗", reply: "可以", want: []string{"{transfer, pay, positive, answer}"}},
		{name: "what is proposed behind the question", before: "b:可以不走吗，直接转账", reply: "可以", want: []string{"{transfer, pay, positive, answer}"}},
		{name: "question of something else", before: "b:这款有异味吗", reply: "没有", not: []string{"{goods, provide, negative, answer}"}},
		{name: "own topic beats the question", before: "b:有发票吗", reply: "没有收据", want: []string{"{receipt, provide, negative}"}, not: []string{"{invoice, provide, negative, answer}"}},
		{name: "weak topic by context", before: "b:有发票吗", reply: "票没有", want: []string{"{invoice, provide, negative}"}},
		{name: "continued", before: "b:有发票吗/s:发票", reply: "我们没有", want: []string{"{invoice, provide, negative, by shop, continued}"}},
		{name: "nothing asked", before: "b:谢谢你们这么快就把东西都寄到了家里", reply: "可以的"},
		{name: "earlier question", before: "b:有发票吗/s:稍等/b:在吗", reply: "刚才那个没有", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "the second of two things", before: "b:发票和收据都有吗", reply: "第二个有", want: []string{"{receipt, provide, positive, answer}"}, not: []string{"{invoice, provide, positive, answer}"}},
		{name: "picking one leaves the other", before: "b:给发票还是收据", reply: "后者", want: []string{"{receipt, provide, positive, answer}", "{invoice, provide, negative, answer}"}},
		{name: "picking by the buyer's words", before: "b:给发票还是收据", reply: "只有收据", want: []string{"{receipt, positive}"}},
		{name: "two questions, one after the other", before: "b:能加微信吗？发票有吗", reply: "前者不行，后者可以", want: []string{"{wechat, contact, negative, answer}", "{invoice, provide, positive, answer}"}, not: []string{"{invoice, provide, negative, answer}"}},
		{name: "the one not yet named", before: "b:发票收据都有吗", reply: "发票有，另外那个没有", want: []string{"{receipt, provide, negative, answer}"}},
		{name: "a choice is a question", before: "b:发票给还是不给", reply: "不给", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "I is the buyer in the buyer's mouth", before: "b:邮费我承担吗", reply: "对的", want: []string{"{postage, charge, positive, answer}"}},
		{name: "you is the shop in the buyer's mouth", before: "b:邮费你们承担吗", reply: "对的", want: []string{"{postage, charge, negative, answer}"}},
		{name: "the buyer's own doing", before: "b:那我自己取消订单", reply: "可以", want: []string{"{order, close, positive, by buyer, answer}"}},
		{name: "either person", reply: "税点你承担", want: []string{"{tax, charge, positive, by buyer}"}},
		{name: "a general verb answers", before: "b:能转账吗", reply: "不支持的", want: []string{"{transfer, pay, negative, answer}"}},
		{name: "whether or not", before: "b:会不会不给开发票", reply: "不会的", want: []string{"{invoice, issue, positive, answer}"}, not: []string{"{invoice, issue, negative, answer}"}},
		{name: "a guess confirmed", before: "b:不会取消订单吧", reply: "不会的", want: []string{"{order, close, negative, answer}"}},
		{name: "through an adverb", reply: "不会偷偷取消订单", want: []string{"{order, close, negative}"}, not: []string{"{order, close, positive}"}},
		{name: "a granting phrase negated", reply: "我们不支持开票", want: []string{"{invoice, provide, negative, by shop}"}},
		{name: "such a thing", before: "b:开票要加钱吧", reply: "这种事我们不接受", want: []string{"{invoice, charge, negative, by shop, answer}"}},
		{name: "conceded", reply: "没有发票也可以退货", not: []string{"{invoice, provide, negative}"}},
		{name: "theme", reply: "支付宝的话不支持", want: []string{"{escrow, provide, negative}"}},
		{name: "help names no channel", reply: "qq不能加，有什么问题随时找我们", not: []string{"{qq, contact, positive, by shop, inherited}"}},
		{name: "settled", before: "b:有发票吗", reply: "没有哦，明天给", not: []string{"{invoice, provide, positive, answer}"}},
		{name: "a bare answer run on", before: "b:能加微信吗", reply: "好滴明天吧", want: []string{"{wechat, contact, positive, answer}"}},
		{name: "a pronoun takes up anything", before: "b:我想用信用卡付", reply: "那个收不了", not: []string{"{card, pay, positive, answer}"}},
		{name: "a statement beside a question is not answered", before: "b:我加了你微信/b:有发票吗", reply: "有的", want: []string{"{invoice, provide, positive, answer}"}, not: []string{"{wechat, contact, positive, answer}"}},
		{name: "a weak term gives back what it hid", reply: "票税点您承担", want: []string{"{tax, charge, positive, by buyer}"}},
		{name: "A-not-A of two characters", reply: "发票不发票您自己看", not: []string{"{invoice, provide, negative}"}},
		{name: "A-not-A inside a word", reply: "退不退货我们看", not: []string{"{return, return, negative, by shop}", "{return, return, negative}"}},
		{name: "a tag of scorn", before: "b:发票没有吧", reply: "笑话我们了不是", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "a word of a question repeated", before: "b:窗帘配挂钩吗/b:发票有吗", reply: "挂钩没有", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "a subject of its own", before: "b:有发票吗", reply: "挂钩有", not: []string{"{invoice, provide, positive, answer}"}},
		{name: "a complement of its own verb, once settled", before: "b:有发票吗", reply: "有的，一单落不了", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "what the buyer denies is not asked", before: "b:没有异味，邮费谁承担", reply: "您自己", want: []string{"{postage, charge, positive, by buyer, answer}"}},
		{name: "another word denied", before: "b:支持信用卡吗", reply: "支持的，不是自己", not: []string{"{card, provide, negative, answer}"}},
		{name: "there is none of another", reply: "发票我们开，没有快递", not: []string{"{invoice, provide, negative, inherited}"}},
		{name: "a concession with 也行", before: "b:发票给开吗", reply: "没证明也可以", not: []string{"{invoice, issue, negative, answer}"}},
		{name: "denied with what is behind it", reply: "不是信用卡不能用", want: []string{"{card, provide, positive}"}, not: []string{"{card, provide, negative}"}},
		{name: "not to be used as", reply: "不能当转账用", not: []string{"{transfer, provide, positive}"}},
		{name: "not because, to the end", reply: "不会因为这款就没有发票", want: []string{"{invoice, provide, positive}"}, not: []string{"{invoice, provide, negative}"}},
		{name: "how could, through a party", reply: "怎能叫您付邮费", not: []string{"{postage, pay, positive, by buyer}"}},
		{name: "a chain behind 不会", reply: "不会转账要承担邮费", not: []string{"{postage, charge, positive}"}},
		{name: "not along with", before: "b:有发票吗", reply: "不跟箱子走", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "such a thing, before a comma", reply: "转账这种事，我们不做", want: []string{"{transfer, pay, negative}"}, not: []string{"{transfer, pay, positive}"}},
		{name: "there is no saying", reply: "没有不能开发票的说法", not: []string{"{invoice, issue, negative}"}},
		{name: "quoted as written", reply: "上面写着“没有发票”", want: []string{"{invoice, provide, negative, report}"}},
		{name: "quoted as what another wrote", reply: "“没有发票”是您说的", want: []string{"{invoice, provide, negative, report}"}},
		{name: "quoted as one's own rule", reply: "“没有发票”是规矩", want: []string{"{invoice, provide, negative}"}},
		{name: "denied in quotation marks", reply: "没“没有发票”这种事", want: []string{"{invoice, provide, negative, report}"}},
		{name: "written as it is asked for", reply: "给您写“收据”", want: []string{"{receipt, positive}"}},
		{name: "does the buyer have it", reply: "您用了微信没", not: []string{"{wechat, provide, negative, by buyer}", "{wechat, provide, negative}"}},
		{name: "the buyer's own is not there", reply: "您的发票没", want: []string{"{invoice, provide, negative}"}},
		{name: "quoted for stress", reply: "只有“收据”哦", want: []string{"{receipt, positive}"}},
		{name: "doing of one's own beside another", reply: "加微信我们发货", want: []string{"{wechat, contact, positive, by shop}"}},
		{name: "agreed that he will not", before: "b:我不转账了", reply: "可以", not: []string{"{transfer, pay, positive, by buyer, answer}"}},
		{name: "none, to whether it is so", before: "b:是不是免了发票", reply: "没有呢", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "dearer by a little", before: "b:开票要加钱吗", reply: "加钱不了几块", want: []string{"{invoice, charge, positive, answer}"}},
		{name: "a condition with a refusal in it names no theme", reply: "发票免了的话", want: []string{"{invoice, provide, negative, condition}"}},
		{name: "a warning reaches what follows from it", reply: "请勿转账，有我们的人", not: []string{"{transfer, provide, positive, by shop, inherited}"}},
		{name: "only to refuse it", reply: "您转账给，我们不接受", not: []string{"{transfer, pay, positive, by buyer}"}},
		{name: "spelled out the other way", before: "b:邮费我承担吗", reply: "对的，邮费我们承担", not: []string{"{postage, charge, positive, answer}"}},
		{name: "on the shop", before: "b:邮费要加钱吗", reply: "算我的", want: []string{"{postage, charge, negative, by shop, answer}"}},
		{name: "on the buyer, in his own mouth", before: "b:邮费算我的吗", reply: "对的", want: []string{"{postage, charge, positive, by buyer, answer}"}},
		{name: "money to the buyer from another", before: "b:快递给我转账", reply: "可以", not: []string{"{transfer, pay, positive, by other, answer}", "{transfer, pay, positive, answer}"}},
		{name: "goes on with what was not answered", before: "b:发票能开吗/s:您稍等/b:怎么说", reply: "没有", want: []string{"{invoice, issue, negative, answer}"}},
		{name: "goes on with nothing that was answered", before: "b:发票能开吗/s:不行的/b:怎么说", reply: "没有", not: []string{"{invoice, issue, negative, answer}", "{invoice, provide, negative, answer}"}},
		{name: "goes on with nothing that was answered vaguely", before: "b:发票能开吗/s:尽量/b:怎么说", reply: "没有", not: []string{"{invoice, issue, negative, answer}", "{invoice, provide, negative, answer}"}},
		{name: "a denied act before who speaks is no attribute", reply: "发票不开的我们这边", want: []string{"{invoice, issue, negative}"}},
		{name: "proposed by the shop, and why", reply: "我们加微信吧，我做不了", want: []string{"{wechat, contact, positive, by shop}"}},
		{name: "in spite of something", reply: "就算没发票也不退货", want: []string{"{fault, return, negative}"}},
		{name: "asked in disbelief whether there is none", before: "b:难道没有发票吗", reply: "是的", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "given to him, then paid by him", before: "b:卡号给我，我转账给你", reply: "可以", want: []string{"{transfer, pay, positive, answer}"}},
		{name: "by a messenger, to the buyer", before: "b:我爸微信给我转账了再拍可以吗", reply: "可以", not: []string{"{wechat, provide, positive, answer}", "{transfer, provide, positive, answer}"}},
		{name: "where he is to pay", before: "b:您给我转账号码", reply: "可以", want: []string{"{transfer, pay, positive, answer}"}},
		{name: "one of two named", before: "b:给收据还是发票", reply: "收据", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "not of our doing", before: "b:支持信用卡吗", reply: "不是我们赚", not: []string{"{card, provide, negative, by shop, answer}"}},
		{name: "closed and paid back", reply: "关闭订单补给您", want: []string{"{order, close, positive}"}},
		{name: "two of them, the second with 呢", before: "b:发票能开吗/b:信用卡呢", reply: "两样没有", want: []string{"{invoice, issue, negative, answer}", "{card, provide, negative, answer}"}},
		{name: "there is what he would not do without", before: "b:没有发票我不付", reply: "有的", want: []string{"{invoice, provide, positive, answer}"}, not: []string{"{invoice, provide, negative, by buyer, answer}"}},
		{name: "a verb taken up", before: "b:您把订单给抹呗", reply: "抹啦", want: []string{"{order, provide, positive, answer}"}},
		{name: "a verb denied is no answer", before: "b:发票只限城里吗", reply: "不限", not: []string{"{invoice, provide, negative, answer}", "{invoice, provide, positive, answer}"}},
		{name: "what is supposed is not asked", before: "b:开票了是不是就不退货", reply: "不会的", want: []string{"{fault, return, positive, answer}"}, not: []string{"{invoice, issue, negative, answer}"}},
		{name: "what is done without is not asked", before: "b:不加微信也能走订单吧", reply: "可以", not: []string{"{wechat, contact, positive, answer}"}},
		{name: "no excuse for it", before: "b:发票开吗", reply: "没维修，照开", not: []string{"{invoice, issue, negative, answer}"}},
		{name: "nothing to do with it", reply: "跟微信加不加没关系", want: []string{"{wechat, contact, positive, report}"}},
		{name: "no harm in it", reply: "和快递加微信没关系", want: []string{"{wechat, contact, positive}"}},
		{name: "nothing to do with the buyer", reply: "跟您没关系，微信没有", want: []string{"{wechat, provide, negative}"}},
		{name: "never said", reply: "我们没说过不退货", want: []string{"{fault, return, positive, by shop}"}},
		{name: "none of what is quoted", before: "b:有发票吗", reply: "我们没“没有发票”这种事", not: []string{"{invoice, provide, negative, by shop, answer}"}},
		{name: "accepts or collects", reply: "不收转账", want: []string{"{transfer, pay, negative}"}, not: []string{"{transfer, pay, positive}"}},
		{name: "what another said", reply: "说“没有发票”的是您", want: []string{"{invoice, provide, negative, report}"}},
		{name: "money to the buyer", before: "b:您转账过来", reply: "可以", not: []string{"{transfer, pay, positive, by buyer, answer}"}},
		{name: "paying is a way of having a card", before: "b:支持信用卡吗", reply: "付不了", want: []string{"{card, pay, negative, answer}"}},
		{name: "granted before", before: "b:发票能开吗", reply: "能开，我们不走弯路", not: []string{"{invoice, provide, negative, by shop, answer}"}},
		{name: "granted, and set off against it", before: "b:发票能开吗", reply: "能开，不过我们不走", want: []string{"{invoice, provide, negative, by shop, answer}"}},
		{name: "Cantonese is read as the standard language", reply: "冇有发票", want: []string{"{invoice, provide, negative}"}},
		{name: "and what it has of its own first", before: "b:有发票吗", reply: "唔得", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "Wu", reply: "转账阿拉勿会接受", want: []string{"{transfer, provide, negative, by shop}"}},
		{name: "two things denied", reply: "没用微信没用qq", want: []string{"{wechat, provide, negative}"}, not: []string{"{wechat, provide, positive}"}},
		{name: "conceded and denied", before: "b:有微信吗", reply: "支持也没用", want: []string{"{wechat, provide, negative, answer}"}, not: []string{"{wechat, provide, positive, answer}"}},
		{name: "it does not run out", before: "b:这款缺吗", reply: "缺不了", not: []string{"{goods, provide, negative}", "{goods, provide, negative, answer}"}},
		{name: "with no use of it", reply: "不用信用卡付", want: []string{"{card, pay, negative}"}, not: []string{"{card, charge, negative}"}},
		{name: "unlikely, repeated", before: "b:不至于没有发票吧", reply: "不至于的", want: []string{"{invoice, provide, positive, answer}"}},
		{name: "feared and guessed", before: "b:不会没有发票吧", reply: "说中了", want: []string{"{invoice, provide, negative, answer}"}},
		{name: "not yet at its end", before: "b:这款卖完了吗", reply: "没有哦", want: []string{"{goods, provide, positive, answer}"}},
		{name: "need not be", before: "b:是不是一定要发票", reply: "不是", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "twice said and spelled out", before: "b:邮费我承担吗", reply: "没有没有，邮费我们承担", want: []string{"{postage, charge, negative, by shop}"}},
		{name: "in this window", before: "b:能加微信吗", reply: "有话在这儿找", not: []string{"{wechat, contact, positive, by shop, answer}"}},
		{name: "the choice that was denied", before: "b:发票是没有，还是得走订单", reply: "后者", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "what goes without it", before: "b:没有微信您们也提供吧", reply: "对的", not: []string{"{wechat, provide, positive, answer}"}},
		{name: "a sentence that is quoted", reply: "那句不退货是包装上印的", want: []string{"{fault, return, negative, report}"}},
		{name: "a mere word of grammar", before: "b:您叫我转账", reply: "没有，是不过您在这儿付", not: []string{"{transfer, pay, positive, answer}"}},
		{name: "their verb, which nobody knows", before: "b:发票会漏吗", reply: "漏不了", not: []string{"{invoice, provide, negative, answer}"}},
		{name: "a verb of A-not-A taken up", before: "b:发票算不算在里头", reply: "算啊", want: []string{"{invoice, provide, positive, answer}"}},
		{name: "a condition that ends in 就好", reply: "没退货就好", not: []string{"{fault, return, negative}"}},
		{name: "without a reason", reply: "不能无理由退货", want: []string{"{fault, return, negative}"}, not: []string{"{noreason, provide, negative}"}},
		{name: "what else there might be", reply: "只走支付宝，别的我们不收", not: []string{"{escrow, provide, negative, by shop, inherited}"}},
		{name: "what goes wrong is warned of", reply: "请勿，转账付不了", want: []string{"{transfer, pay, negative, forbid}"}},
		{name: "the letter of a model", reply: "q5有的", not: []string{"{qq, provide, positive}"}},
		{name: "an insult for oneself", reply: "我们傻子", not: []string{"{insult, positive}"}},
		{name: "a mistake denied", before: "b:发票开了吗", reply: "没开错", not: []string{"{invoice, issue, negative, answer}"}},
		{name: "somebody else's", before: "b:有发票吗", reply: "公章不是我们的", not: []string{"{invoice, provide, negative, by shop, answer}", "{invoice, provide, negative, answer}"}},
		{name: "whether or not, all the same", reply: "微信付不付都行", not: []string{"{wechat, pay, positive, question}"}},
		{name: "on a thing", before: "b:能加微信吗", reply: "盒子上印了", not: []string{"{wechat, contact, positive, answer}"}},
		{name: "punished for it", before: "b:能加微信吗", reply: "加了不允许", not: []string{"{wechat, contact, positive, answer}"}},
		{name: "a mere party answers nothing", before: "b:能加微信吗", reply: "我们看看", not: []string{"{wechat, contact, positive, by shop, answer}"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(rd, talk(tt.before), tt.reply, &Known{})
			for _, w := range tt.want {
				if !slices.Contains(got, w) {
					t.Errorf("%s → %s lacks %s; got %v", tt.before, tt.reply, w, got)
				}
			}
			for _, w := range tt.not {
				if slices.Contains(got, w) {
					t.Errorf("%s → %s has %s; got %v", tt.before, tt.reply, w, got)
				}
			}
		})
	}
}

func TestEntities(t *testing.T) {
	rd := testReader(t)
	known := &Known{ServicePhones: []string{"4008208820"}, OwnLinks: []string{"detail.tmall.com"}, OrderName: "韩梅梅", OrderPhone: "13900139000", OrderAddress: "杭州市西湖区文三路2号"}
	tests := []struct {
		reply string
		want  string // the slot found; "" none of them
	}{
		{"400-820-8820", "entity.own_phone"},
		{"138 0013 8000", "entity.phone"},
		{"１３８００１３８０００", "entity.phone"},
		{"138🌸0013🌸8000", "entity.phone"},
		{"0571-12345678", "entity.phone"},
		{"手机号08012345678", "entity.phone"},
		{"08012345678这款", ""},
		{"手机号0", ""},
		{"发货后3 - 5天到", "time.range"},
		{"13900139000", "entity.order_phone"},
		{"拨打95338", "entity.hotline"},
		{"卡号6222021234567890123", "entity.bankcard"},
		{"邮箱xiaomei@example.com", "entity.email"},
		{"https://shop.example.com/a", "entity.link"},
		{"https://detail.tmall.com/item.htm?id=1", "entity.own_link"},
		{"item.taobao.com", "entity.own_link"},
		{"搜xiaomei_test", "entity.id"},
		{"v：xiaomei_test", "entity.id"},
		{"收件人梅梅", "entity.order_name"},
		{"文三路那边", "entity.order_address"},
		{"订单号1380013800012345678", ""},
		{"尺码165/88A", ""},
		{"给您补十五", "money"},
		{"补两个", ""},
		{"8块钱", "money"},
		{"三个点", "percent"},
		{"普票3%", "percent"},
		{"千分之八", "percent"},
		{"48小时", "time.hours"},
		{"3到5天", "time.range"},
		{"两三天", "time.range"},
		{"下午4点", "time.clock"},
	}
	slots := []string{"entity.own_phone", "entity.phone", "entity.order_phone", "entity.hotline", "entity.bankcard", "entity.email", "entity.link",
		"entity.own_link", "entity.id", "entity.order_name", "entity.order_address", "money", "percent", "time.hours", "time.range", "time.clock"}
	for _, tt := range tests {
		r := rd.Read(tt.reply, nil, known)
		for _, s := range slots {
			has := r.Bag().Has(rd.lex.vocab.Sense(s))
			if has != (s == tt.want) && (s != "entity.phone" || tt.want != "entity.order_phone") {
				t.Errorf("Read(%q) has %s: %v", tt.reply, s, has)
			}
		}
		rd.Release(r)
	}
}

func TestVocabIsTheSameForTheSameNames(t *testing.T) {
	a, err := NewVocab(testSenses())
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewVocab(testSenses())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a.names, b.names); d != "" {
		t.Errorf("two vocabularies of one declaration differ:\n%s", d)
	}
	if _, err := a.SetOf("topic.invoice", "topic.nowhere"); err == nil {
		t.Error("SetOf of an undeclared sense: no error")
	}
}

// TestLongReplies reads texts as long as the contract allows, of the kinds
// that give most items, clauses and predications.
func TestLongReplies(t *testing.T) {
	rd := testReader(t)
	for _, unit := range []string{"没有发票", "不能加微信", "开", "出来", "8块", "如果", "a@b.cn ", "亲，"} {
		reply := strings.Repeat(unit, 4000/len([]rune(unit)))
		r := rd.Read(reply, talk("b:有发票吗"), &Known{OrderName: "韩梅梅", OrderAddress: strings.Repeat("文三路", 20)})
		if len(r.Claims()) == 0 {
			t.Errorf("%d times %q: no claims", 4000/len([]rune(unit)), unit)
		}
		for i := range r.Clauses() {
			if from, to := r.ClauseSpan(i); to-from > longestClause+20 {
				t.Errorf("%q: a clause of %d characters", unit, to-from)
			}
		}
		rd.Release(r)
	}
}

// FuzzRead states what holds for any text: nothing panics, spans lie inside
// the text and are not empty, clauses are in order, and the same input gives
// the same claims from pooled memory.
func FuzzRead(f *testing.F) {
	f.Add("有发票吗", "亲，没有哦")
	f.Add("加微信/吗", "8000，响两声")
	f.Add("电话多少", "0")
	f.Add("", "微.信.转.账给我就行🐧 1 2 3")
	f.Add("他说：不能不发货吗？？", "嗯不是的的的话如果如果")
	rd := testReader(f)
	f.Fuzz(func(t *testing.T, buyer, reply string) {
		before := []Message{{Text: buyer}, {Seller: true, Text: "138"}}
		r := rd.Read(reply, before, &Known{OrderName: "韩梅梅", OrderAddress: "杭州市西湖区文三路2号"})
		last := 0
		for _, c := range r.Claims() {
			if c.Start < 0 || c.End > r.Text().Len() || c.Start > c.End || c.Start == c.End && r.Text().Len() > 0 {
				t.Errorf("claim [%d,%d) of a text of %d characters", c.Start, c.End, r.Text().Len())
			}
			if c.Clause < last {
				t.Errorf("claim of clause %d behind one of clause %d", c.Clause, last)
			}
			last = c.Clause
			if c.Polarity != Positive && c.Polarity != Negative {
				t.Errorf("polarity %d", c.Polarity)
			}
		}
		first := slices.Clone(r.Claims())
		rd.Release(r)
		again := rd.Read(reply, before, &Known{OrderName: "韩梅梅", OrderAddress: "杭州市西湖区文三路2号"})
		if !slices.Equal(first, again.Claims()) {
			t.Error("the same input read twice gives other claims")
		}
		rd.Release(again)
	})
}

func BenchmarkRead(b *testing.B) {
	rd := testReader(b)
	for _, reply := range []string{"有的亲", "亲，这款的发票可以开，不过邮费要您承担哦，明天发货"} {
		b.Run(reply[:len("有的亲")], func(b *testing.B) {
			before := []Message{{Text: "有发票吗"}}
			b.ReportAllocs()
			for b.Loop() {
				rd.Release(rd.Read(reply, before, &Known{}))
			}
		})
	}
}

// TestNumerals holds the filter against every rune that numbers are written
// with, wherever it stands.
func TestNumerals(t *testing.T) {
	f, n := numerals(), 0
	for r := rune(128); r <= unicode.MaxRune; r++ {
		if _, _, ok := numeral(r); !ok {
			continue
		}
		n++
		if !f.may(r) {
			t.Errorf("%c is not in the filter", r)
		}
	}
	if n < 26 {
		t.Errorf("%d numerals", n)
	}
}
