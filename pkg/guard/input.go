package guard

import (
	"time"

	"github.com/replyguard/replyguard/pkg/verdict"
)

// Limits on what one check reads, from CONTRACT.md. Lengths are in code points.
const (
	MaxReply    = 4000 // longest reply that is checked
	MaxMessages = 50   // conversation messages read, the last ones
)

// Input is one reply with the context that it is judged in.
// Only Reply is required; what is absent is unknown, never false.
type Input struct {
	Reply        string
	Platform     verdict.Platform // empty: the policy's default
	Store        string           // profile name; empty: none
	Facts        Facts            // override the profile's facts field by field
	Conversation Conversation
	Order        Order
	Options      Options
}

// Facts are what is known of the shop. Nil and empty mean unknown.
type Facts struct {
	COD                 *bool    // cash on delivery is offered
	CreditCard          *bool    // credit cards are accepted
	FreeShipping        string   // "none", "mainland", "listed"; "" unknown
	FreeShippingRegions []string // provinces, where FreeShipping is "listed"
	Couriers            []string // couriers that free shipping uses
	ServicePhones       []string // the shop's listed numbers
	OwnLinks            []string // hosts or URLs of the shop's own pages
	LegalRepresentative string
	InvoiceReissueDays  int     // days within which an invoice is posted later; 0 unknown
	ShipWithinHours     int     // the shop's dispatch window in hours; 0 unknown
	DispatchCutoff      string  // "16:00": what is paid by then ships the same day; "" unknown
	Points              *Points // violation points so far; nil unknown
}

// Points are a shop's violation points so far.
type Points struct {
	General, Serious int
}

// Role tells who wrote a message.
type Role uint8

// The two sides of a conversation.
const (
	Buyer Role = iota
	Seller
)

// Message is one earlier message of the conversation.
type Message struct {
	From Role
	Text string
	At   time.Time // zero: unknown
}

// Conversation is the chat so far, oldest message first, without the reply.
type Conversation struct {
	ID, Buyer, Agent string
	Messages         []Message
}

// Order is the order the chat is about.
type Order struct {
	ID, Buyer string
	Amount    string // decimal CNY; "" unknown
	Status    string // unpaid, paid, shipped, received, refunding, closed; "" unknown
	Payment   string // alipay, cod, card; "" unknown
	Recipient *Recipient
	Items     []Item
}

// Recipient is who the parcel goes to.
type Recipient struct {
	Name, Phone, Address string
}

// Item is one line of an order.
type Item struct {
	Title  string
	Custom *bool // made to order; nil unknown
}

// Options choose what a Result carries.
type Options struct {
	NoRewrite bool            // leave Result.Rewrite nil
	Explain   bool            // fill Finding.Explain
	Offsets   verdict.Offsets // unit of every span
}
