package guard

import "strings"

// scope tells whether the destination is one that free shipping covers.
type scope uint8

const (
	unknownScope scope = iota
	inScope
	outOfScope
)

// scope places the destination: what the buyer, the reply or the order's
// address names, against the fact free_shipping.
func (s *situation) scope() scope {
	texts := s.destinationTexts()
	if mentions(texts, overseas()) {
		return outOfScope
	}
	switch s.facts.FreeShipping {
	case "mainland":
		return inScope
	case "listed":
		province := provinceIn(texts)
		if province == "" {
			return unknownScope
		}
		for _, r := range s.facts.FreeShippingRegions {
			if strings.HasPrefix(r, province) || strings.HasPrefix(province, r) {
				return inScope
			}
		}
		return outOfScope
	}
	return unknownScope
}

// destinationTexts are the texts that may name the destination, the most
// specific first.
func (s *situation) destinationTexts() []string {
	texts := []string{s.in.Reply}
	msgs := s.in.Conversation.Messages
	for i := len(msgs) - 1; i >= 0 && i >= len(msgs)-6; i-- {
		if msgs[i].From == Buyer {
			texts = append(texts, msgs[i].Text)
		}
	}
	if r := s.in.Order.Recipient; r != nil {
		texts = append(texts, r.Address)
	}
	return texts
}

func mentions(texts, words []string) bool {
	for _, t := range texts {
		if containsAny(t, words...) {
			return true
		}
	}
	return false
}

// provinceIn returns the short name of the first province that the texts name
// by itself or by one of its cities.
func provinceIn(texts []string) string {
	for _, t := range texts {
		for _, p := range provinces() {
			if containsAny(t, p...) {
				return p[0]
			}
		}
	}
	return ""
}

func overseas() []string {
	return []string{"香港", "澳门", "澳門", "台湾", "台灣", "臺灣", "台北", "臺北", "高雄", "台中", "台南", "九龙", "九龍", "港澳台", "海外", "国外", "國外", "美国", "日本", "韩国", "新加坡", "马来西亚", "加拿大", "澳洲", "澳大利亚", "英国", "德国", "法国", "泰国"}
}

// provinces lists the provinces' short names, each followed by cities that
// stand for it.
func provinces() [][]string {
	return [][]string{
		{"北京"}, {"天津"}, {"上海", "魔都"}, {"重庆", "重慶", "万州", "涪陵"},
		{"江苏", "江蘇", "南京", "苏州", "蘇州", "无锡", "常州", "南通", "扬州", "徐州", "盐城", "镇江", "泰州", "淮安", "连云港", "宿迁", "昆山", "江阴", "张家港", "常熟"},
		{"浙江", "杭州", "宁波", "温州", "绍兴", "嘉兴", "湖州", "金华", "义乌", "台州", "丽水", "衢州", "舟山", "慈溪", "余姚", "海宁"},
		{"广东", "廣東", "广州", "深圳", "东莞", "佛山", "珠海", "中山", "惠州", "汕头", "湛江", "江门", "肇庆", "茂名", "揭阳", "潮州", "清远", "韶关", "梅州", "河源", "阳江", "云浮", "汕尾", "顺德"},
		{"山东", "济南", "青岛", "烟台", "潍坊", "临沂", "淄博", "济宁", "泰安", "威海", "日照", "德州", "聊城", "滨州", "菏泽", "枣庄", "东营", "莱芜"},
		{"河南", "郑州", "洛阳", "开封", "南阳", "新乡", "许昌", "周口", "商丘", "信阳", "驻马店", "安阳", "平顶山", "焦作", "濮阳", "漯河", "三门峡", "鹤壁"},
		{"河北", "石家庄", "唐山", "保定", "邯郸", "廊坊", "沧州", "邢台", "秦皇岛", "张家口", "承德", "衡水"},
		{"山西", "太原", "大同", "运城", "临汾", "晋中", "长治", "晋城", "吕梁", "忻州", "阳泉", "朔州"},
		{"内蒙古", "内蒙", "內蒙", "呼和浩特", "包头", "鄂尔多斯", "赤峰", "呼伦贝尔", "通辽", "乌兰察布", "巴彦淖尔", "乌海", "兴安盟", "锡林郭勒", "阿拉善", "满洲里"},
		{"辽宁", "沈阳", "大连", "鞍山", "锦州", "抚顺", "丹东", "营口", "盘锦", "葫芦岛", "铁岭", "朝阳市", "阜新", "本溪", "辽阳"},
		{"吉林", "长春", "延边", "四平", "通化", "松原", "白城", "白山市", "辽源"},
		{"黑龙江", "哈尔滨", "齐齐哈尔", "大庆", "牡丹江", "佳木斯", "绥化", "鸡西", "黑河", "伊春", "双鸭山", "鹤岗", "七台河", "大兴安岭", "漠河"},
		{"安徽", "合肥", "芜湖", "蚌埠", "阜阳", "安庆", "六安", "滁州", "宿州", "马鞍山", "淮南", "淮北", "亳州", "黄山", "宣城", "铜陵", "池州"},
		{"福建", "福州", "厦门", "泉州", "漳州", "莆田", "龙岩", "三明", "南平", "宁德", "晋江", "石狮"},
		{"江西", "南昌", "赣州", "九江", "上饶", "宜春", "吉安", "景德镇", "抚州", "萍乡", "新余", "鹰潭"},
		{"湖北", "武汉", "宜昌", "襄阳", "荆州", "黄冈", "孝感", "十堰", "荆门", "黄石", "咸宁", "恩施", "随州", "鄂州"},
		{"湖南", "长沙", "株洲", "湘潭", "衡阳", "岳阳", "常德", "邵阳", "郴州", "永州", "怀化", "娄底", "益阳", "湘西", "张家界"},
		{"广西", "南宁", "桂林", "柳州", "玉林", "北海", "梧州", "贵港", "钦州", "百色", "河池", "防城港", "贺州", "崇左", "来宾"},
		{"海南", "海口", "三亚", "儋州", "琼海", "三沙"},
		{"四川", "成都", "绵阳", "德阳", "南充", "宜宾", "泸州", "达州", "乐山", "内江", "自贡", "遂宁", "眉山", "广安", "资阳", "雅安", "巴中", "攀枝花", "广元", "甘孜", "阿坝", "凉山", "西昌"},
		{"贵州", "貴州", "贵阳", "遵义", "毕节", "六盘水", "安顺", "铜仁", "黔东南", "黔南", "黔西南", "凯里", "都匀"},
		{"云南", "雲南", "昆明", "大理", "丽江", "曲靖", "玉溪", "红河", "昭通", "保山", "普洱", "文山", "西双版纳", "楚雄", "临沧", "德宏", "迪庆", "香格里拉"},
		{"西藏", "拉萨", "日喀则", "林芝", "昌都", "山南", "那曲", "阿里地区"},
		{"陕西", "西安", "咸阳", "宝鸡", "渭南", "汉中", "榆林", "延安", "安康", "商洛", "铜川"},
		{"甘肃", "兰州", "天水", "酒泉", "张掖", "武威", "定西", "平凉", "庆阳", "白银", "陇南", "临夏", "嘉峪关", "金昌", "甘南", "敦煌"},
		{"青海", "西宁", "海东", "格尔木", "玉树", "海西", "果洛"},
		{"宁夏", "银川", "石嘴山", "吴忠", "固原", "中卫"},
		{"新疆", "乌鲁木齐", "喀什", "伊犁", "阿克苏", "和田", "库尔勒", "昌吉", "哈密", "吐鲁番", "塔城", "阿勒泰", "克拉玛依", "石河子", "巴州", "博乐"},
	}
}

type courier uint8

const (
	unknownCourier courier = iota
	listedCourier
	otherCourier
)

// courier tells whether the courier that the reply or the buyer names is one
// that the facts list.
func (s *situation) courier() courier {
	if len(s.facts.Couriers) == 0 {
		return unknownCourier
	}
	named := s.r.Words(s.v.Sense("cue.courier"))
	out := unknownCourier
	for _, n := range named {
		listed := false
		for _, c := range s.facts.Couriers {
			listed = listed || strings.EqualFold(n, c) || strings.Contains(strings.ToLower(c), n) || strings.Contains(n, strings.ToLower(c))
		}
		if !listed {
			return otherCourier
		}
		out = listedCourier
	}
	return out
}
