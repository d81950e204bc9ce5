package guard

import (
	"slices"
	"strings"
)

// A phrasebook holds the words that mark clauses of which the lexicon has no
// sense because no rule asks for it. All are in the normal form.
type phrasebook struct {
	reason    []string // give a reason, where the clause says nothing else
	excuse    []string // give a reason, whatever the clause names beside it
	elsewhere []string // send the buyer to another shop, another way of paying or a refund
	lure      []string // name an advantage
	doing     []string // do the buyer a favour
	closing   []string // thank, wish or invite: they fit behind anything
	pointing  []string // refer back to what offends
	contrast  []string // join a clause to the one before it

	// whole clauses, without particles
	plea      []string // ask pardon or understanding
	assent    []string // say yes in a word that the lexicon may not have as an answer
	agreement []string // only confirm what the buyer supposed
	courtesy  []string // take note rather than agree
	greeting  []string
}

func newPhrasebook() phrasebook {
	return phrasebook{
		reason: []string{
			"因为", "由于", "毕竟", "主要是", "谁让", "所以", "这个价", "价位", "价格低", "价格便宜", "价格太", "便宜货", "规定", "政策", "没权限",
			"没有权限", "系统", "财务", "会计", "老板说", "厂家说", "仓库说", "一直都", "一直这样", "都是这样", "都这样", "向来", "行规", "行业", "麻烦",
			"不方便", "来不及", "人手", "太小", "不够", "没跟您说", "说过了", "早说", "话说前头", "丑话", "再等", "翻了翻", "翻了下", "查了下", "查了一下", "看了下记录", "等等", "等几天", "太远", "太偏",
			"地方偏", "偏远", "太少", "太慢", "回款", "量大", "说实话", "实话说", "不瞒您", "老实讲", "老实说", "算下来",
		},
		excuse: []string{
			"小本", "小店", "小卖家", "小商家", "小规模", "小作坊", "小厂", "个体", "夫妻店", "利润", "成本高", "亏本", "亏了", "亏钱", "赔本", "赔钱",
			"不赚", "没赚", "赚不", "赚得", "赚几", "薄利", "才几块", "几块钱", "没办法", "没法子", "做不了主", "忙不过来", "爆单", "旺季", "扣点",
			"抽成", "都懂", "不划算", "划不来", "图省事", "省得", "免得", "拖着", "占着", "别家", "老图", "旧图", "写错", "标错", "引流", "付多少",
			"拍走", "卖完", "卖光", "走得太猛", "卖得太好", "卖得太快", "最后一件", "来晚", "哪有这价", "哪有这个价", "先付后", "先款后", "款到发", "没人接",
			"打不通", "联系不上", "不回复", "没回复", "不到您", "送不了", "送不到", "到不了", "超区", "厂里", "跟我们订", "手慢", "随机", "没销量", "拍了也", "选了也", "下了也", "问这么", "问这个", "查账", "排版", "印错", "弄错",
			"搞错", "看着办", "压我们", "压款", "垫款", "实话实说", "自己弄", "自己造成", "使用不当", "人为",
		},
		elsewhere: []string{
			"退款吧", "退了吧", "退掉吧", "退吧", "申请退", "操作退", "办退款", "退款给您", "给您退", "帮您退", "再转转", "买一下", "自己买", "去买", "别家", "其他家", "去别", "换一家",
			"换家", "看看别的", "另寻", "另请", "慢走不送", "爱买不买", "不要就算", "那算了", "就算了", "再拍", "重拍", "重下", "再下单", "改成", "换成",
			"改用", "重新拍", "改拍", "换个", "换一种", "换种", "考虑下", "考虑一下", "退款您", "点退款", "退款自己", "自己退",
		},
		lure: []string{
			"到手", "便宜", "划算", "少收", "能省", "省下", "省得", "打折", "优惠价", "满减", "券大",
		},
		doing: []string{
			"给您", "给你", "发您", "发你", "帮您", "帮你", "送您", "送你", "返您", "返你", "退您", "退你", "免您", "教您", "教你", "过去", "过来",
			"还您", "还你", "不用退",
		},
		closing: []string{
			"感谢您的", "感谢亲", "感谢支持", "感谢惠顾", "谢谢您的", "谢谢支持", "谢谢惠顾", "祝您", "祝亲", "祝你", "随时", "其他问题", "其它问题", "任何问题",
			"有问题", "有事您", "不明白", "需要帮", "欢迎", "生活愉快", "愉快", "开心", "晚安", "新年", "稍等", "您放心", "亲放心", "请放心", "早上好",
			"下午好", "晚上好",
		},
		pointing: []string{
			"再寄", "再发", "再补", "那边", "那里", "那儿", "里头", "里面", "上面", "上头", "一样的", "也一样", "同名", "头像", "一个意思", "一回事",
			"反正", "这样", "那样", "要不", "要么", "不然", "否则", "除非", "或者", "顶多", "最多", "至少", "回去", "不过", "只能", "只有", "除了",
		},
		contrast: []string{
			"但是", "但", "不过", "可是", "只不过", "只是", "然而", "而是", "所以", "因此",
		},
		plea: []string{
			"抱歉", "不好意思", "对不起", "对不住", "对唔住", "唔好意思", "歹势", "拍谢", "见谅", "谅解", "理解", "多理解", "理解一下", "谢谢理解", "感谢理解",
			"感谢您的理解", "谅解一下", "多谅解", "多包涵", "多多包涵", "包涵", "多担待", "多多担待", "担待", "体谅", "体谅一下", "多体谅", "多多体谅", "多多理解",
			"多多谅解", "海涵", "遗憾", "可惜", "无奈", "敬请谅解", "敬请见谅", "敬请理解", "给您添麻烦", "麻烦理解", "麻烦谅解", "希望理解", "希望您理解",
			"希望您能理解",
		},
		assent: []string{
			"中", "行", "成", "得", "要得", "妥", "没问题", "木问题", "好说", "可以", "能", "会", "当然", "必须", "冇问题",
		},
		agreement: []string{
			"对", "对对", "是", "是是", "嗯", "嗯嗯", "恩", "恩恩", "系", "没错", "确实", "确实是", "是这样", "正是", "不错",
		},
		courtesy: []string{
			"好", "好好", "收到", "明白", "了解", "知道", "ok",
		},
		greeting: []string{
			"您好", "你好", "早上好", "下午好", "晚上好", "上午好", "中午好", "在的", "在呢", "hi", "hello", "妳好",
		},
	}
}

// particles close a clause without adding to it.
const particles = "哦哈呢呀啊嘛啦吧亲了的~捏喔噢嘞噻"

// pleads reports whether a clause only asks pardon or understanding.
func (b *phrasebook) pleads(word string) bool {
	word = strings.TrimRight(word, particles)
	return slices.Contains(b.plea, strings.TrimLeft(word, "真实在非常很万分太还请望您亲哦哎呀"))
}

// assents reports whether a clause is nothing but a yes.
func (b *phrasebook) assents(word string) bool {
	return slices.Contains(b.assent, strings.TrimRight(word, particles))
}

// dissents reports whether a clause is nothing but a short no, whatever its
// verb: 不包的.
func (b *phrasebook) dissents(word string) bool {
	rest := []rune(strings.TrimRight(word, particles))
	return len(rest) == 2 && strings.ContainsRune("不没冇唔莫", rest[0])
}

// agrees reports whether a clause only confirms what the buyer supposed.
func (b *phrasebook) agrees(word string) bool {
	return slices.Contains(b.agreement, strings.TrimRight(word, particles))
}

// courteous reports whether an answer takes note rather than agrees.
func (b *phrasebook) courteous(word string) bool {
	return slices.Contains(b.courtesy, strings.TrimRight(word, particles))
}

// greets reports whether a clause is a greeting.
func (b *phrasebook) greets(word string) bool {
	word = strings.TrimRight(word, "哦哈呢呀啊嘛啦的~捏喔噢亲")
	return slices.Contains(b.greeting, strings.TrimLeft(word, "亲爱的哈喽嗨"))
}

// avoids reports whether a clause tells the buyer not to order or pay where he
// is.
func avoids(word string) bool {
	return containsAny(word, "别", "甭", "不要", "不用", "唔使", "先不", "不着急", "不急") &&
		containsAny(word, "拍", "下单", "付", "在这", "在平台", "喺度")
}

// dangles reports whether a clause ends in a word that wants an object.
func dangles(word string) bool {
	for _, w := range [...]string{"到", "给", "在", "用", "找", "加", "打", "发", "从", "向", "去", "是", "扫", "按", "跟", "把", "抽的"} {
		if strings.HasSuffix(word, w) {
			return true
		}
	}
	return false
}
