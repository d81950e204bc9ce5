package wire

import (
	"strconv"

	"github.com/replyguard/replyguard/api/apiv1"
	"github.com/replyguard/replyguard/pkg/guard"
	"github.com/replyguard/replyguard/pkg/verdict"
)

// DecodeCheck reads the body of POST /v1/check. The error is an *Error.
// Whether the reply has an acceptable length is for guard.Check to say.
func DecodeCheck(body []byte) (in guard.Input, err error) {
	err = new(Decoder).Check(&in, body)
	return in, err
}

// A Decoder reads check requests one after the other in the same memory. The
// zero Decoder is ready. It is used by one goroutine at a time.
type Decoder struct{ request apiv1.CheckRequest }

// Check does what DecodeCheck does; after an error *in is as it was. Nothing
// of *in belongs to the Decoder, which keeps nothing of the body.
func (d *Decoder) Check(in *guard.Input, body []byte) error {
	err := decode(body, &d.request)
	if err == nil {
		err = input(in, &d.request)
	}
	d.request = apiv1.CheckRequest{}
	return err
}

// DecodeTraps reads the body of POST /v1/traps: a check request whose reply
// may be absent and is not read. The error is an *Error.
func DecodeTraps(body []byte) (guard.Input, error) {
	in, err := DecodeCheck(body)
	in.Reply = ""
	return in, err
}

// input converts r, which has been decoded without an error, into *in. After
// an error *in is as it was.
func input(in *guard.Input, r *apiv1.CheckRequest) error {
	var offsets verdict.Offsets
	if r.Options.Offsets != "" {
		var err error
		if offsets, err = verdict.ParseOffsets(string(r.Options.Offsets)); err != nil {
			return invalid("/options/offsets", "must be codepoint, utf16 or byte")
		}
	}
	if err := validate(r); err != nil {
		return err
	}
	*in = guard.Input{
		Reply:    r.Reply,
		Platform: verdict.Platform(r.Platform),
		Store:    r.Store,
		Facts:    facts(&r.Facts),
		Order:    order(&r.Order),
		Options: guard.Options{
			NoRewrite: r.Options.Rewrite != nil && !*r.Options.Rewrite,
			Explain:   r.Options.Explain,
			Offsets:   offsets,
		},
		Conversation: guard.Conversation{
			ID: r.Conversation.Id, Buyer: r.Conversation.Buyer, Agent: r.Conversation.Agent,
			Messages: messages(r.Conversation.Messages),
		},
	}
	return nil
}

// validate checks what the types of the models can't express.
func validate(r *apiv1.CheckRequest) error {
	switch {
	case r.Platform != "" && !r.Platform.Valid():
		return invalid("/platform", "must be tmall, taobao or 1688")
	case r.Facts.FreeShipping != "" && !r.Facts.FreeShipping.Valid():
		return invalid("/facts/free_shipping", "must be none, mainland or listed")
	case r.Facts.DispatchCutoff != "" && !isClock(r.Facts.DispatchCutoff):
		return invalid("/facts/dispatch_cutoff", "must be a time of day such as 16:00")
	case r.Facts.InvoiceReissueDays < 0:
		return invalid("/facts/invoice_reissue_days", "must not be negative")
	case r.Facts.ShipWithinHours < 0:
		return invalid("/facts/ship_within_hours", "must not be negative")
	case r.Facts.Points != nil && (r.Facts.Points.General < 0 || r.Facts.Points.Serious < 0):
		return invalid("/facts/points", "must not be negative")
	case r.Order.Status != "" && !r.Order.Status.Valid():
		return invalid("/order/status", "must be unpaid, paid, shipped, received, refunding or closed")
	case r.Order.Payment != "" && !r.Order.Payment.Valid():
		return invalid("/order/payment", "must be alipay, cod or card")
	case r.Order.Amount != "" && !isMoney(r.Order.Amount):
		return invalid("/order/amount", "must be a decimal amount such as 9.30")
	}
	for i := range r.Conversation.Messages {
		if !r.Conversation.Messages[i].From.Valid() {
			return invalid("/conversation/messages/"+strconv.Itoa(i)+"/from", "must be buyer or seller")
		}
	}
	return nil
}

func invalid(pointer, detail string) error {
	return &Error{Code: CodeInvalidField, Pointer: pointer, Detail: detail}
}

func facts(f *apiv1.Facts) guard.Facts {
	g := guard.Facts{
		COD:                 f.Cod,
		CreditCard:          f.CreditCard,
		FreeShipping:        string(f.FreeShipping),
		FreeShippingRegions: f.FreeShippingRegions,
		Couriers:            f.Couriers,
		ServicePhones:       f.ServicePhones,
		OwnLinks:            f.OwnLinks,
		LegalRepresentative: f.LegalRepresentative,
		InvoiceReissueDays:  f.InvoiceReissueDays,
		ShipWithinHours:     f.ShipWithinHours,
		DispatchCutoff:      f.DispatchCutoff,
	}
	if f.Points != nil {
		g.Points = &guard.Points{General: f.Points.General, Serious: f.Points.Serious}
	}
	return g
}

func order(o *apiv1.Order) guard.Order {
	g := guard.Order{
		ID: o.Id, Buyer: o.Buyer, Amount: o.Amount,
		Status: string(o.Status), Payment: string(o.Payment),
	}
	if r := o.Recipient; r != nil {
		g.Recipient = &guard.Recipient{Name: r.Name, Phone: r.Phone, Address: r.Address}
	}
	if len(o.Items) > 0 {
		g.Items = make([]guard.Item, len(o.Items))
	}
	for i, item := range o.Items {
		g.Items[i] = guard.Item{Title: item.Title, Custom: item.Custom}
	}
	return g
}

// messages converts the last guard.MaxMessages of ms.
func messages(ms []apiv1.Message) []guard.Message {
	if len(ms) == 0 {
		return nil
	}
	ms = ms[max(0, len(ms)-guard.MaxMessages):]
	out := make([]guard.Message, len(ms))
	for i, m := range ms {
		out[i] = guard.Message{Text: m.Text, At: m.At}
		if m.From == apiv1.MessageFromSeller {
			out[i].From = guard.Seller
		}
	}
	return out
}

// isClock reports whether s is a time of day, HH:MM.
func isClock(s string) bool {
	if len(s) != 5 || s[2] != ':' || !digits(s[:2]) || !digits(s[3:]) {
		return false
	}
	return s[:2] < "24" && s[3:] < "60"
}

// isMoney reports whether s is a decimal amount with at most two places.
func isMoney(s string) bool {
	whole, cents := s, ""
	for i := range len(s) {
		if s[i] == '.' {
			whole, cents = s[:i], s[i+1:]
			if cents == "" {
				return false
			}
			break
		}
	}
	return len(whole) > 0 && len(whole) <= 12 && len(cents) <= 2 && digits(whole) && digits(cents)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
